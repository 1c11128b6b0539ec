/**
 * A run is done only if every current and upcoming table can serve what is asked of it. A shortage says how a table
 * cannot, and since when. It is part of the hold that names the cause, and makes the run fail if it lasts. A table whose
 * period has ended can have one too, but makes no run fail.
 */
import type { Hold, Shortage } from '../generated/plan.ts';
import { iso, sayInstant } from './calendar/instant.ts';
import { MINUTE_MS } from './calendar/period.ts';
import type { Dimension } from './capacity/demand.ts';
import type { Refused } from './capacity/refusals.ts';
import { keyOf } from './capacity/remembered.ts';
import { failing } from './failing-holds.ts';
import { isNeeded, type Table } from './fleet.ts';
import type { HoldBody } from './outcome.ts';
import type { Spec } from './spec.ts';
import { withoutFinalDot } from './text.ts';

/** Whether an operator accepts throttled requests of a dimension. */
export const accepts = ({ settings }: Spec, dimension: Dimension, index: string | undefined): boolean =>
  settings.acceptThrottling.includes(keyOf(dimension, index));

/** The hold with the throttled requests of a dimension. It is urgent if they last, unless they are accepted. */
export function withRefused(
  hold: HoldBody,
  refused: Refused,
  table: Table,
  dimension: Dimension,
  index: string | undefined,
): HoldBody {
  const { spec } = table;
  const { since, minutes, requests, share } = refused;
  const accepted = accepts(spec, dimension, index);
  const lasting = minutes * MINUTE_MS >= spec.settings.failAfter.throttledMs;
  const accepting = accepted ? ' AcceptThrottling is set.' : '';
  return escalated(
    { ...hold, message: `${withoutFinalDot(hold.message)}. ${sayRefused(refused, dimension)}${accepting}` },
    {
      cause: 'refused',
      since: iso(since),
      minutes,
      requests: Math.round(requests),
      percent: Math.round(share * 100),
      ...(accepted && { accepted }),
    },
    lasting && !accepted,
    table,
  );
}

/** `DynamoDB throttled 5340 read requests (89% of the demand) in 6 minutes since 2026-11-21 12:00 UTC.` */
export function sayRefused({ since, minutes, requests, share }: Refused, dimension: Dimension): string {
  const percent = share > 0 && share < 0.01 ? 'less than 1' : Math.round(share * 100);
  const count = Math.max(1, Math.round(requests));
  const what = `${count} ${dimension} ${count === 1 ? 'request' : 'requests'}`;
  const time = minutes === 1 ? '1 minute' : `${minutes} minutes`;
  return `DynamoDB throttled ${what} (${percent}% of the demand) in ${time} since ${sayInstant(since)}.`;
}

/** The hold of a table that cannot be used or changed, or whose changes reach no consumer, since an instant. It is urgent if that lasts. */
export function withoutService(
  hold: HoldBody,
  cause: Exclude<Shortage['cause'], 'refused'>,
  since: number,
  table: Table,
  now: number,
): HoldBody {
  const lasting = now - since >= table.spec.settings.failAfter.unusableMs;
  return escalated(hold, { cause, since: iso(Math.min(since, now)) }, lasting, table);
}

function escalated(hold: HoldBody, shortage: Shortage, lasting: boolean, table: Table): HoldBody {
  const fails = lasting && isNeeded(table) && failing[hold.reason] === 'if-lasting';
  const urgent = hold.urgent === true || fails;
  return { ...hold, ...(urgent && { urgent }), shortage };
}

/** `2 tables cannot serve what is asked of them.`, for the tables that some holds are about; empty if all can. */
export function sayShortages(holds: readonly Hold[]): string {
  const short = new Set(holds.flatMap((one) => (one.shortage && !one.shortage.accepted ? one.table : [])));
  const accepted = new Set(holds.flatMap((one) => (one.shortage?.accepted ? one.table : [])));
  const tables = (count: number): string => (count === 1 ? '1 table' : `${count} tables`);
  return [
    ...(short.size > 0
      ? [`${tables(short.size)} cannot serve what is asked of ${short.size === 1 ? 'it' : 'them'}.`]
      : []),
    ...(accepted.size > 0
      ? [`AcceptThrottling accepts the throttled requests of ${tables(accepted.size)}.`]
      : []),
  ].join(' ');
}
