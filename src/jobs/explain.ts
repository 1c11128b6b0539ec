import { askObjection } from '../core/ask.ts';
import { iso } from '../core/calendar/instant.ts';
import { DAY_MS } from '../core/calendar/period.ts';
import { rotationAt } from '../core/calendar/rotation.ts';
import { billingOf } from '../core/explaining/billing.ts';
import { budgetsOf, demandNeeds, type Wanted, wantedOf } from '../core/explaining/demand.ts';
import { nextEvents } from '../core/explaining/next.ts';
import type { Need } from '../core/facts.ts';
import type { Table } from '../core/fleet.ts';
import type { Entry } from '../core/history/entry.ts';
import { entryFrom } from '../core/history/stored.ts';
import type { Observed } from '../core/observed.ts';
import type { Action, Draft, Hold, Plan, Recommendation } from '../core/plan.ts';
import type { Config, Spec } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { attempt } from './attempt.ts';
import { fleetNow, type TableStatus } from './status.ts';

/** How far back the entries of the history go, and how many there are at most. */
export const HISTORY_DAYS = 7;
const MOST_ENTRIES = 10;

/** Why a table of a spec is as it is. Times are ISO 8601 in UTC. */
export interface Explanation {
  readonly environment: string;
  readonly at: string;
  readonly table: TableStatus;
  /** How its spec makes it. Instants are null for a group that does not rotate. */
  readonly spec: {
    readonly group: string;
    readonly scheme: Spec['scheme'];
    /** −1: all periods. */
    readonly purgeRotation: number;
    readonly from: string | null;
    readonly to: string | null;
    readonly billing: 'on-demand' | Spec['billing'];
  };
  /** Why its tags do not show that Turntable manages it. Absent if they do, or if it does not exist. */
  readonly unmanaged?: string;
  /** What the methods want. Empty without provisioned throughput. */
  readonly demand: readonly Wanted[];
  /** Why the table has its billing mode, one sentence each. Empty unless scale chooses it. */
  readonly billing: readonly string[];
  readonly decreases: readonly { readonly index?: string; readonly today: number; readonly nextAt: string }[];
  readonly suspensions: NonNullable<Plan['suspensions']> | null;
  readonly actions: readonly Action[];
  readonly holds: readonly Hold[];
  readonly recommendations: readonly Recommendation[];
  /** What comes, in the order of time. Without an instant: at the next run. */
  readonly next: readonly { readonly at?: string; readonly what: string }[];
  /** The newest entries about the table, and commands about its group, oldest first. Or why they are unknown. */
  readonly history: readonly Entry[] | { readonly error: string };
}

/** Explains a table by what a plan and a status read, and by the history. Changes nothing. @throws ServiceError */
export async function explainTable(
  table: Table,
  config: Config,
  ports: Ports,
  now: number,
): Promise<Explanation> {
  const needs = (observed: Observed, draft: Draft): readonly Need[] => {
    if (!observed.known('description', table.name)) return [];
    const tags = askObjection(observed, table);
    return [...('pending' in tags ? tags.pending.needs : []), ...demandNeeds(observed, table, draft, now)];
  };
  const [fleet, history] = await Promise.all([
    fleetNow(config, ports, now, [table.spec.name], needs),
    historyOf(table, ports, now),
  ]);
  const { status, draft, observed } = fleet;
  const state = observed.known('description', table.name);
  const tags = state && askObjection(observed, table);
  const objection = tags && 'value' in tags ? tags.value : undefined;
  const isAbout = (one: Action | Hold): boolean =>
    one.group === table.spec.name && (one.table === table.name || one.table === table.spec.name);
  const holds = withoutRepeats(draft.holds.filter(isAbout));
  return {
    environment: config.environment,
    at: status.at,
    table: status.tables.find(({ name }) => name === table.name) ?? absent(table),
    spec: specOf(table),
    ...(objection && { unmanaged: objection.message }),
    billing: billingOf(observed, table, draft, config.prices, now),
    demand: wantedOf(observed, table, draft, now),
    decreases: budgetsOf(observed, table, draft, now).map((one) => ({ ...one, nextAt: iso(one.nextAt) })),
    suspensions: status.suspensions,
    actions: draft.actions.filter(isAbout),
    holds,
    recommendations: status.recommendations,
    next: nextOf(table, observed, holds, now),
    history,
  };
}

/** What comes, unless it is held. */
function nextOf(table: Table, observed: Observed, holds: readonly Hold[], now: number): Explanation['next'] {
  const state = observed.known('description', table.name);
  if (!state && holds.some(({ kind }) => kind === 'create')) return [];
  const tags = state && askObjection(observed, table);
  const objection = tags && ('pending' in tags ? tags.pending.holds[0] : tags.value);
  const events = nextEvents(table, state, observed, now, objection ?? holds.find(holdsDeletion));
  return events.map(({ at, what }) => ({ ...(at !== undefined && { at: iso(at) }), what }));
}

/** A deletion in its waiting period goes on. */
const holdsDeletion = ({ kind, reason }: Hold): boolean =>
  (kind === 'delete' || kind === 'schedule-deletion') && reason !== 'waiting-period';

/** Several jobs can hold the same. */
const withoutRepeats = (holds: readonly Hold[]): Hold[] => [
  ...new Map(holds.map((hold) => [[hold.kind, hold.reason, hold.message].join('\n'), hold])).values(),
];

function specOf({ spec, period }: Table): Explanation['spec'] {
  const { scheme, keep } = rotationAt(spec, period.start);
  const instant = (at: number): string | null => (Number.isFinite(at) ? iso(at) : null);
  return {
    group: spec.name,
    scheme,
    purgeRotation: keep === Infinity ? -1 : keep,
    from: instant(period.start),
    to: instant(period.end),
    billing: spec.resources.length === 0 ? 'on-demand' : spec.billing,
  };
}

/** A table that does not exist, and that the configuration does not need now. */
const absent = ({ name, spec, phase }: Table): TableStatus => ({
  name,
  group: spec.name,
  phase,
  status: 'MISSING',
  createdAt: null,
  read: null,
  write: null,
  indexes: [],
  replicas: [],
  itemCount: 0,
  sizeBytes: 0,
  billingMode: null,
  tableClass: null,
  cost: null,
  next: '',
});

async function historyOf(
  { name, spec }: Table,
  { state }: Ports,
  now: number,
): Promise<Explanation['history']> {
  const read = await attempt(() => state.history(now - HISTORY_DAYS * DAY_MS, now));
  if ('error' in read) return read;
  return read.value
    .flatMap((text) => entryFrom(text) ?? [])
    .filter((entry) =>
      entry.kind === 'command' ? (entry.group ?? spec.name) === spec.name : entry.table === name,
    )
    .slice(-MOST_ENTRIES);
}
