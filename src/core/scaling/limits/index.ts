import { sayInstant } from '../../calendar/instant.ts';
import { MINUTE_MS } from '../../calendar/period.ts';
import type { Dimension } from '../../capacity/demand.ts';
import type { Proposal } from '../../capacity/method.ts';
import { PAUSE_MINUTES, type Refused } from '../../capacity/refusals.ts';
import { type Answer, combined, type HoldBody, holding, nothing, type Outcome } from '../../outcome.ts';
import type { Phase } from '../../phase.ts';
import { sayRefused } from '../../shortage.ts';
import type { Range } from '../../spec.ts';
import { capitalized } from '../../text.ts';
import { sayMaximum } from '../sampling/dimension-context.ts';
import { cooldownEnd } from './cooldown.ts';
import { doubtAbout, type Silence, time } from './silence.ts';

/** In the first minutes of a period, demand is not known well enough to lower capacity. */
export const PERIOD_START_MINUTES = 15;

/** The limits of one dimension of one table or index. */
export interface Limits {
  readonly now: number;
  /** `writes`, `index byUser reads`: its name in messages. */
  readonly name: string;
  readonly dimension: Dimension;
  readonly provisioned: number;
  readonly bounds: Range;
  /** The setting that is the maximum of the bounds. */
  readonly maxSetting: string;
  readonly phase: Phase;
  /** undefined if there are too few minutes without demand for a decrease. */
  readonly silence: Silence | undefined;
  /** When its capacity was last raised; undefined if the method itself spaces its decreases. */
  readonly raisedAt?: number;
  /** What was throttled in the newest minutes. Asked only if the answer matters, because metrics cost money. */
  readonly refused: () => Answer<Refused | undefined>;
  /** Whether an operator accepts throttled requests. */
  readonly accepted: boolean;
  /** When the table's period started; -Infinity if it has none. */
  readonly periodStart: number;
  /** Full throughput in the spec; undefined if demand is known from before the period. */
  readonly full: number | undefined;
  /** Holds a raise, with the requests that are throttled meanwhile. Asked only for such a hold, because metrics cost money. */
  readonly holdingRaise: (hold: HoldBody) => Outcome;
}

/** The part of a proposal that the limits allow, and the holds for the rest. */
export interface Limited extends Proposal {
  readonly outcome: Outcome;
}

type Limit = (limited: Limited, limits: Limits) => Limited;

const within = ({ min, max }: Range, units: number): number => Math.min(max, Math.max(min, units));

const held = (limited: Limited, units: number, hold: HoldBody): Limited => ({
  ...limited,
  units,
  outcome: combined(limited.outcome, holding(hold)),
});

const lowers = ({ units }: Limited, { bounds, provisioned }: Limits): boolean =>
  within(bounds, units) < provisioned;

/**
 * A table whose period has just started gets full throughput, because its demand is not known yet. Otherwise, after a
 * small raise for demand, the table would seem to be warmed up.
 */
const warm: Limit = (limited, { now, phase, periodStart, full, bounds, provisioned }) => {
  const started = phase === 'active' && now - periodStart < PERIOD_START_MINUTES * MINUTE_MS;
  if (!started || full === undefined) return limited;
  const units = within(bounds, full);
  if (limited.units >= units) return limited;
  if (units <= provisioned) return { ...limited, units };
  const message = `full capacity, because its period started at ${sayInstant(periodStart)}`;
  return { ...limited, units, reason: 'late-warm-up', message };
};

/** Demand usually fades. If it stops from one minute to the next, datapoints might be late or missing. */
const believed: Limit = (limited, limits) => {
  const { name, provisioned, phase, silence, now } = limits;
  if (!silence || phase === 'draining' || !lowers(limited, limits)) return limited;
  const doubt = doubtAbout(silence, now);
  if ('pending' in doubt)
    return { ...limited, units: provisioned, outcome: combined(limited.outcome, doubt.pending) };
  if (doubt.value === undefined) return limited;
  const message = `${capitalized(name)} show no demand since ${time(silence.since)}, but ${doubt.value}.`;
  return held(limited, provisioned, { kind: 'lower', reason: 'missing-data', message });
};

/** Capacity is raised at once, and lowered only when the effect of the last raise has been measured. */
const cooled: Limit = (limited, limits) => {
  const { now, name, provisioned, phase, raisedAt } = limits;
  const until = cooldownEnd(raisedAt);
  if (phase === 'draining' || !lowers(limited, limits) || now >= until) return limited;
  const message = `${capitalized(name)} can be lowered to ${limited.units} (${limited.message}) after the cooldown ends at ${time(until)}.`;
  return held(limited, provisioned, { kind: 'lower', reason: 'cool-down', message });
};

/** The run in which a period begins has not seen any of its demand, so it lowers nothing. */
const begun: Limit = (limited, limits) => {
  const { now, phase, periodStart, provisioned } = limits;
  const begins = phase === 'active' && now - periodStart < MINUTE_MS;
  return begins && lowers(limited, limits) ? { ...limited, units: provisioned } : limited;
};

/** Minimum and maximum of the settings. Capacity outside of them is brought inside, whatever demand is. */
const bounded: Limit = (limited, limits) => {
  const { bounds, provisioned, name, holdingRaise } = limits;
  const units = within(bounds, limited.units);
  if (units === limited.units) return limited;
  const bound = units === bounds.min ? `minimum is ${bounds.min}` : `maximum is ${bounds.max}`;
  const reversed = (units - provisioned) * (limited.units - provisioned) <= 0;
  if (units !== provisioned && reversed)
    return { ...limited, units, reason: 'out-of-bounds', message: `the ${bound}` };
  if (units !== provisioned) return { ...limited, units, message: `${limited.message}, and the ${bound}` };
  if (limited.units < provisioned) return { ...limited, units };
  const message = `${capitalized(name)} need ${limited.units} (${limited.message}), but ${sayMaximum(limits)}`;
  const hold = holdingRaise({ kind: 'raise', reason: 'bounds', message });
  return { ...limited, units, outcome: combined(limited.outcome, hold) };
};

/**
 * While requests are throttled, nothing is lowered: their demand is not known, and capacity might be all that they lack. A
 * maximum below the capacity waits too, unless an operator accepts the throttled requests.
 */
const unthrottled: Limit = (limited, limits) => {
  const { name, dimension, provisioned, phase, refused, accepted } = limits;
  if (phase === 'draining' || limited.units >= provisioned) return limited;
  if (accepted && limited.reason === 'out-of-bounds') return limited;
  const answer = refused();
  if ('pending' in answer)
    return { ...limited, units: provisioned, outcome: combined(limited.outcome, answer.pending) };
  if (!answer.value) return limited;
  const message = `${capitalized(name)} can be lowered to ${limited.units} (${limited.message}) after ${PAUSE_MINUTES} minutes without throttled requests. ${sayRefused(answer.value, dimension)}`;
  return held(limited, provisioned, { kind: 'lower', reason: 'throttled', message });
};

/** A draining table keeps its capacity for late writers. */
const unlowered: Limit = (limited, { phase, provisioned }) =>
  phase === 'draining' && limited.units < provisioned ? { ...limited, units: provisioned } : limited;

const chain: readonly Limit[] = [believed, cooled, begun, warm, bounded, unthrottled, unlowered];

/** The part of a proposal that all limits allow, applied in turn. */
export function limit(proposal: Proposal, limits: Limits): Limited {
  return chain.reduce<Limited>((limited, next) => next(limited, limits), { ...proposal, outcome: nothing });
}
