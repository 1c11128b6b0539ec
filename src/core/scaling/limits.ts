import { sayInstant } from '../calendar/instant.ts';
import { MINUTE_MS } from '../calendar/period.ts';
import { LOOKBACK_MINUTES, type Minute } from '../capacity/demand.ts';
import type { Proposal } from '../capacity/method.ts';
import type { Phase } from '../phase.ts';
import type { HoldReason } from '../plan.ts';
import type { Range } from '../spec.ts';
import { coolsUntil } from './cool-down.ts';

/** A table is young for so many minutes of its period. */
const YOUNG_MINUTES = 15;

/** What limits one dimension of one table or index. */
export interface Limits {
  readonly now: number;
  /** `writes`, `index byUser reads`: whose capacity it is. */
  readonly name: string;
  readonly provisioned: number;
  readonly bounds: Range;
  readonly phase: Phase;
  /** End of the last minute with traffic, where it has been silent long enough for a decrease. */
  readonly silentSince: number | undefined;
  /** Whether other metrics come, asked only where silence matters; undefined as long as it has yet to be read. */
  readonly metricsFlow: () => boolean | undefined;
  /** When its capacity was last raised; undefined where its method spaces decreases itself. */
  readonly raisedAt?: number;
  /** When the table's period began; -Infinity where it has none. */
  readonly began: number;
  /** What the spec calls full; undefined where demand is known from before the period. */
  readonly full: number | undefined;
}

/** What a limit has kept from happening; the message is a sentence. */
export interface Held {
  readonly wanted: 'raise' | 'lower';
  readonly reason: HoldReason;
  readonly message: string;
}

/** What is left of a proposal, and the limits that spoke, each with its name. */
export interface Limited {
  readonly units: number;
  readonly reason: Proposal['reason'];
  readonly message: string;
  readonly held: readonly Held[];
}

type Limit = (limited: Limited, limits: Limits) => Limited;

const within = ({ min, max }: Range, units: number): number => Math.min(max, Math.max(min, units));

const time = (instant: number): string => `${new Date(instant).toISOString().slice(11, 16)} UTC`;

/** Demand cannot speak yet, and a raise that it asks for would pass for the warm-up that a table has missed. */
const warm: Limit = (limited, { now, phase, began, full, bounds, provisioned }) => {
  const young = phase === 'active' && now - began < YOUNG_MINUTES * MINUTE_MS;
  if (!young || full === undefined) return limited;
  const units = within(bounds, full);
  if (limited.units >= units) return limited;
  if (units <= provisioned) return { ...limited, units };
  const message = `full capacity, because its period began ${sayInstant(began)}`;
  return { ...limited, units, reason: 'late-warm-up', message };
};

/** Traffic fades; where it stops from one minute to the next, its metrics may only be late, or have stopped coming. */
const audible: Limit = (limited, limits) => {
  const { name, provisioned, bounds, phase, silentSince: stoppedAt } = limits;
  if (phase === 'draining' || within(bounds, limited.units) >= provisioned) return limited;
  if (stoppedAt === undefined) return limited;
  const doubt = doubtOn(limits, stoppedAt);
  if (doubt === undefined) return limited;
  const kept = { ...limited, units: provisioned };
  if (doubt === 'unknown') return kept;
  const message = `Its ${name} stopped at ${time(stoppedAt)}, and ${doubt}.`;
  return { ...kept, held: [...limited.held, { wanted: 'lower', reason: 'missing-data', message }] };
};

/** Why silence may not be for want of traffic; `unknown` as long as that has yet to be read. */
function doubtOn({ now, metricsFlow }: Limits, stoppedAt: number): string | undefined {
  const until = stoppedAt + LOOKBACK_MINUTES * MINUTE_MS;
  if (now < until) return `metrics may be late: capacity stays until ${time(until)}`;
  const flow = metricsFlow();
  if (flow === undefined) return 'unknown';
  return flow
    ? undefined
    : 'CloudWatch tells nothing of the state table either: capacity stays until it does';
}

/** Up at once, down only when the raise has shown what it was good for. */
const cooled: Limit = (limited, { now, name, provisioned, bounds, phase, raisedAt }) => {
  const until = coolsUntil(raisedAt);
  if (phase === 'draining' || within(bounds, limited.units) >= provisioned || now >= until) return limited;
  const message = `Its ${name} could go to ${limited.units} (${limited.message}), but they were raised lately: not before ${time(until)}.`;
  const held = { wanted: 'lower', reason: 'cool-down', message } as const;
  return { ...limited, units: provisioned, held: [...limited.held, held] };
};

/**
 * The end of the last minute with traffic, where as many minutes as make a decrease, `enough`, have had none since. A
 * period in which nothing has come yet is silent since it began: the table before it may have had traffic. A table
 * without periods is silent for as long as was looked back.
 */
export function silentSince(minutes: readonly Minute[], began: number, enough: number): number | undefined {
  const last = minutes.findLastIndex(({ consumed, throttled }) => consumed + throttled > 0);
  if (last < 0) return Number.isFinite(began) ? began : minutes[0]?.at;
  if (minutes.length - 1 - last < enough) return undefined;
  return minutes[last]!.at + MINUTE_MS;
}

/** min and max of the settings; what stands outside is brought in. */
const bounded: Limit = (limited, { bounds, provisioned, name }) => {
  const units = within(bounds, limited.units);
  if (units === limited.units) return limited;
  const bound =
    units === bounds.min ? `the lowest allowed is ${bounds.min}` : `the highest allowed is ${bounds.max}`;
  const turned = (units - provisioned) * (limited.units - provisioned) <= 0;
  if (units !== provisioned && turned) return { ...limited, units, reason: 'out-of-bounds', message: bound };
  if (units !== provisioned) return { ...limited, units, message: `${limited.message}; ${bound}` };
  if (limited.units < provisioned) return { ...limited, units };
  const message = `Its ${name}: ${limited.message}; would be ${limited.units}, but ${bound}.`;
  return { ...limited, units, held: [...limited.held, { wanted: 'raise', reason: 'bounds', message }] };
};

/** A table that just ended keeps what it has for late writers; one that has not begun is warmed by rotate. */
const unlowered: Limit = (limited, { phase, provisioned }) => {
  if (phase !== 'draining' || limited.units >= provisioned) return limited;
  return { ...limited, units: provisioned };
};

const chain: readonly Limit[] = [audible, cooled, warm, bounded, unlowered];

/** Sends a proposal through every limit in turn. */
export function limit(proposal: Proposal, limits: Limits): Limited {
  return chain.reduce<Limited>((limited, next) => next(limited, limits), { ...proposal, held: [] });
}
