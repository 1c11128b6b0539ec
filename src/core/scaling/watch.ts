/**
 * What runs look at now and then, because metrics cost money: throttled requests of current tables that no method raises, and
 * of tables whose period has ended. And whether upcoming tables can be used.
 */
import { attemptOn, triesOf } from '../attempts.ts';
import { sayInstant } from '../calendar/instant.ts';
import { isTurn } from '../calendar/spread.ts';
import { type Dimension, demandWindow, type MetricSeries, queryFor } from '../capacity/demand.ts';
import { isAlert } from '../capacity/series.ts';
import type { Sighting } from '../facts.ts';
import { isNeeded, type Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { type Answer, combined, type HoldBody, nothing, type Outcome } from '../outcome.ts';
import { affordable } from '../permits/affordable.ts';
import { withoutService } from '../shortage.ts';
import { ofIndex, type Scaling, type Spec } from '../spec.ts';
import type { TableContext } from '../table-context.ts';
import { capitalized, plural, withoutFinalDot } from '../text.ts';
import {
  changedAt,
  isBuilding,
  raises,
  raisesBuilding,
  USUAL_CHANGE_MS,
  unchangeable,
} from '../throughput.ts';
import type { DimensionDecision } from './decisions/decision.ts';
import { learns } from './methods/index.ts';
import { type DimensionContext, dimensionsOf, sayMaximum } from './sampling/dimension-context.ts';
import { holdingWhileRefused, reportingRefused } from './sampling/refused.ts';
import { isSeenThrottled, throttledKey, throttledSince } from './sampling/seen-throttled.ts';
import { unscaledDimensions } from './sampling/unscaled.ts';

/** How often a run looks at what it does not scale, until it has seen throttles. Each table has minutes of its own, so that no minute has all. */
const EVERY_MINUTES = 10;

/** Whether a run looks at a current or upcoming table in the minute of `now`, although it is not due to be scaled. */
export const isWatched = (table: Table, observed: Observed, now: number): boolean =>
  isNeeded(table) &&
  (observed.thorough || isSeenThrottled(table.name, observed) || isTurn(table.name, EVERY_MINUTES, now));

/**
 * What to remember of the tables whose throttles the next runs read each minute, because a run has seen some. Unread throttles
 * change nothing.
 */
export function throttledAfter(
  observed: Observed,
  tables: readonly Table[],
  now: number,
): ReadonlyMap<string, Sighting> {
  const window = demandWindow(now);
  return new Map(
    tables
      .filter((table) => !isNeeded(table) || (table.phase === 'active' && isWatched(table, observed, now)))
      .flatMap((table): [string, Sighting][] => {
        const { name } = table;
        const state = observed.known('description', name);
        const key = throttledKey(name);
        const known = observed.sightings.get(key);
        const own = state ? readNowAndThen({ table, state }) : [];
        const series = own.map(({ resource: { index }, dimension }) => {
          const read = (of: 'consumed' | 'throttled') =>
            observed.metric(queryFor(name, index, dimension, of), window);
          return read('throttled') ?? unlessConsumed(read('consumed'));
        });
        const isUnread = !state || series.some((one) => !one || 'error' in one);
        const throttledAt = Math.max(...series.map((one) => newestThrottle(one)));
        if (isAlert(throttledAt, window.to)) return [[key, known ?? throttledSince(now)]];
        return isUnread && known ? [[key, known]] : [];
      }),
  );
}

/** What of a table runs read now and then: what no method scales, and if its period has ended, what a method scales. */
function readNowAndThen(described: Described): DimensionContext[] {
  const { table, state } = described;
  if (isNeeded(table)) return unscaledOf(described).map(({ own }) => own);
  return state.billingMode === 'PAY_PER_REQUEST' ? [] : scaledOf(described);
}

/** The dimensions of a table that a method scales. */
const scaledOf = (described: Described): DimensionContext[] =>
  described.table.spec.resources
    .filter(({ scaling }) => scaling.method !== 'none')
    .flatMap((resource) => dimensionsOf(described, resource));

/** If nothing of a table whose period has ended was consumed, its throttles are not read, because nothing was throttled. */
const unlessConsumed = (consumed: MetricSeries | undefined): MetricSeries | undefined =>
  consumed && 'sums' in consumed && consumed.sums.size === 0 ? consumed : undefined;

const newestThrottle = (series: MetricSeries | undefined): number =>
  series && 'sums' in series
    ? Math.max(-Infinity, ...[...series.sums].filter(([, sum]) => sum > 0).map(([at]) => at))
    : -Infinity;

/** Holds for the throttled requests of everything in a current table that no method scales. */
export function watched(context: TableContext): Outcome {
  const { table, observed, now } = context;
  if (!isWatched(table, observed, now)) return nothing;
  return combined(...unscaledOf(context).map(({ own, why }) => reported(context, own, why)));
}

/** The dimensions of a table that no method scales, and why. */
function unscaledOf({ table, state }: Described): Unscaled[] {
  return state.capacities
    .flatMap((capacity) => unscaledDimensions(capacity))
    .flatMap((own) => {
      const why = unscaled({ table, state }, own);
      return why === undefined ? [] : [{ own, why }];
    });
}

type Described = Pick<TableContext, 'table' | 'state'>;

interface Unscaled {
  readonly own: DimensionContext;
  readonly why: string;
}

/** Holds for the throttled requests of a current table that cannot be changed now, although it is scaled. */
export function busyWhileThrottled(context: TableContext): Outcome {
  const { table, state, observed, now } = context;
  const why = unchangeable(state);
  if (why === undefined || table.phase !== 'active' || state.billingMode === 'PAY_PER_REQUEST')
    return nothing;
  if (!observed.thorough && now - changedAt(state) < USUAL_CHANGE_MS) return nothing;
  return combined(
    ...scaledOf(context).map((own) => reported(context, own, `${why} So they are not raised.`, 'table-busy')),
  );
}

/**
 * Holds for the throttled requests of dimensions that this run does not raise although it scales them. A person asks for
 * all of them, and a job for those whose sample has throttles.
 */
export function unraised(
  context: TableContext,
  decisions: readonly DimensionDecision[],
  planned: Pick<Outcome, 'actions' | 'holds'>,
): Outcome {
  // The hold of a raise has the figures already. Quotas of the account hold each dimension by itself.
  const held = ({ name }: DimensionContext): boolean =>
    planned.holds.some(
      ({ kind, reason, message }) =>
        reason === 'unreadable' ||
        (kind === 'raise' && (reason !== 'account-limit' || message.startsWith(`${capitalized(name)} `))),
    );
  return combined(
    ...decisions
      .filter(({ throttled }) => throttled || (context.observed.thorough && context.table.phase === 'active'))
      .filter(({ outcome }) => !outcome.holds.some(({ kind }) => kind === 'raise'))
      .filter(({ dimension }) => !held(dimension))
      .filter(
        ({ dimension }) =>
          !planned.actions.some((action) => raises(action, dimension.resource.index, dimension.dimension)),
      )
      .map((decision) => reportingRefused(context, decision.dimension, () => whyUnraised(context, decision))),
  );
}

/** The hold with the reason why a run does not raise a dimension, whose requests are throttled. */
function whyUnraised(context: TableContext, { dimension: own, target }: DimensionDecision): Answer<HoldBody> {
  const vain = noEffect(context, own);
  if (vain) return { value: vain };
  const what = `${capitalized(own.name)} are throttled`;
  const hold = (reason: HoldBody['reason'], message: string): Answer<HoldBody> => ({
    value: { kind: 'raise', reason, message: `${what}${message}` },
  });
  const units = own.capacity[own.dimension];
  if (units >= own.bounds.max) return hold('bounds', `, and ${sayMaximum(own)}`);
  if (target)
    return hold(
      'throttled',
      `. The method ${methodFor(context.table, own)} does not raise them: ${target.message}.`,
    );
  const from = { read: own.capacity.read, write: own.capacity.write };
  const change = { ...ofIndex(own.capacity.index), from, to: { ...from, [own.dimension]: units + 1 } };
  const { refusals, outcome } = affordable(context, [change]);
  if (outcome.needs.length > 0) return { pending: outcome };
  if (refusals[0]) return hold('account-limit', `. ${refusals[0].message}`);
  return hold('throttled', '. Scale decides about a raise at its next sample.');
}

/** Of a learning group, `reactive` scales the tables whose period has ended. */
const methodFor = ({ phase }: Table, { resource: { scaling } }: DimensionContext): Scaling['method'] =>
  phase !== 'active' && learns(scaling) ? 'reactive' : scaling.method;

/** Holds for raises that this run sends once more, because they have had no effect. */
export function withoutEffect(
  context: TableContext,
  decisions: readonly DimensionDecision[],
  { actions }: Pick<Outcome, 'actions'>,
): Outcome {
  return combined(
    ...decisions
      .map(({ dimension }) => dimension)
      .filter((own) => actions.some((action) => raises(action, own.resource.index, own.dimension)))
      .map((own) => {
        const hold = noEffect(context, own);
        return hold ? holdingWhileRefused(context, [own], hold) : nothing;
      }),
  );
}

/** The hold for raises that have had no effect, which is urgent if that lasts; undefined if the last raise was not in vain. */
function noEffect(
  { observed, table, now }: TableContext,
  { capacity, dimension }: DimensionContext,
): HoldBody | undefined {
  const tries = triesOf(attemptOn(observed, table.name, capacity, dimension), now);
  if (!tries || now - tries.since < USUAL_CHANGE_MS) return undefined;
  const { since, count, wanted, answer } = tries;
  const message = `${wanted} has had no effect in ${plural(count, 'try', 'tries')} since ${sayInstant(since)}. ${withoutFinalDot(answer)}. If this lasts, raise the table by hand, or ask AWS Support.`;
  return withoutService({ kind: 'raise', reason: 'no-effect', message }, 'busy', since, table, now);
}

/** Why no method scales a dimension; undefined if one does. */
function unscaled(
  { table: { spec }, state }: Pick<TableContext, 'table' | 'state'>,
  { capacity, dimension }: DimensionContext,
): string | undefined {
  const { index } = capacity;
  if (state.billingMode === 'PAY_PER_REQUEST')
    return `The table is on-demand, so only ${sayOnDemandMaximum(spec, index, dimension)}, a quota or a hot partition limits them.`;
  const resource = spec.resources.find((one) => one.index === index);
  // The writes of a new index are raised while they are throttled.
  if (isBuilding(capacity) && raisesBuilding(spec)) return undefined;
  if (!resource) return `The spec does not have the index ${index}, so Turntable does not raise them.`;
  return resource.scaling.method === 'none'
    ? 'Turntable does not raise them, because Scaling.Method is "none".'
    : undefined;
}

/** `OnDemandThroughput.MaxWriteRequestUnits (100 in the spec)`, if the spec has one. */
function sayOnDemandMaximum({ properties }: Spec, index: string | undefined, dimension: Dimension): string {
  const own =
    index === undefined
      ? properties
      : properties.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index);
  const key = dimension === 'read' ? 'MaxReadRequestUnits' : 'MaxWriteRequestUnits';
  const units = Number(own?.OnDemandThroughput?.[key] ?? UNLIMITED);
  return units === UNLIMITED ? 'its OnDemandThroughput' : `OnDemandThroughput.${key} (${units} in the spec)`;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_OnDemandThroughput.html */
const UNLIMITED = -1;

function reported(
  context: TableContext,
  dimension: DimensionContext,
  why: string,
  reason: 'throttled' | 'table-busy' = 'throttled',
): Outcome {
  const hold: HoldBody = {
    kind: 'raise',
    reason,
    message: `${capitalized(dimension.name)} are throttled. ${why}`,
  };
  return reportingRefused(context, dimension, () => ({ value: hold }));
}
