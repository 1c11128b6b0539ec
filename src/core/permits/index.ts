import { sayInstant } from '../calendar/instant.ts';
import type { Table } from '../fleet.ts';
import type { Observed, TableState } from '../observed.ts';
import type { Drafting, Hold, Provision, ThroughputChange } from '../plan.ts';
import { describeChanges, onlyDecreases, onlyRaises, withinQuota } from '../scaling/throughput.ts';
import { uncapitalised } from '../sentence.ts';
import { ofIndex, type Units } from '../spec.ts';
import { type WithinAccount, withinAccount } from './account.ts';
import { maintenance } from './maintenance.ts';

/** Changes of one table that are about to be made, and what is known around them. */
export interface Wanted {
  readonly draft: Drafting;
  readonly observed: Observed;
  readonly table: Table;
  readonly state: TableState;
  readonly now: number;
  /** Whether an application suffers until it is raised. */
  readonly urgent: boolean;
}

type Changes = readonly ThroughputChange[];
type Permit = (wanted: Wanted, changes: Changes) => Changes;

/** What is lowered is held, with the reason for all of it. */
function keep({ draft, table }: Wanted, changes: Changes, reason: Hold['reason'], message: string): Changes {
  draft.hold(table, 'lower', reason, `${describeChanges(onlyDecreases(changes))}: ${message}`);
  return onlyRaises(changes);
}

/** Why something is held, the message the end of a sentence. */
export interface Objection {
  readonly reason: Hold['reason'];
  readonly message: string;
}

/** Whether capacity may fall at all; `unknown` after noting that it has yet to be asked. */
export const mayLower = (wanted: Wanted): Objection | 'unknown' | undefined =>
  inMaintenance(wanted) ?? unhealthy(wanted);

const maintained: Permit = (wanted, changes) => {
  const objection = inMaintenance(wanted);
  return objection && onlyDecreases(changes).length > 0
    ? keep(wanted, changes, objection.reason, objection.message)
    : changes;
};

function inMaintenance({ table, now }: Wanted): Objection | undefined {
  const message = maintenance(table.spec.settings.maintenance, now);
  return message === undefined ? undefined : { reason: 'maintenance', message: uncapitalised(message) };
}

const quota: Permit = ({ draft, table, state, now }, changes) => {
  const { allowed, refused } = withinQuota(changes, state, now);
  for (const { change, until } of refused) {
    const text = describeChanges(onlyDecreases([change]));
    const message = `${text}: today's decreases are spent; the next is allowed ${sayInstant(until)}.`;
    draft.hold(table, 'lower', 'decrease-quota', message);
  }
  return allowed;
};

/** Asked last of what may keep a decrease: the URL is fetched only where something would be lowered. */
const healthy: Permit = (wanted, changes) => {
  if (onlyDecreases(changes).length === 0) return changes;
  const objection = unhealthy(wanted);
  if (objection === 'unknown') return onlyRaises(changes);
  return objection ? keep(wanted, changes, objection.reason, objection.message) : changes;
};

function unhealthy({ draft, observed, table }: Wanted): Objection | 'unknown' | undefined {
  const { healthUrl } = table.spec.settings;
  if (healthUrl === undefined) return undefined;
  const reading = observed.get('health', healthUrl);
  if (!reading) {
    draft.needs.push({ fact: 'health', table: healthUrl });
    return 'unknown';
  }
  const health = 'error' in reading ? { healthy: false, answer: reading.error } : reading.value;
  if (health.healthy) return undefined;
  return { reason: 'unhealthy', message: `not while the health URL fails: ${health.answer}.` };
}

/** Where the account's limits cannot be read, AWS itself has the last word: a raise is not for want of a number. */
const afforded: Permit = (wanted, changes) => {
  if (onlyRaises(changes).length === 0) return changes;
  const within = affordable(wanted, changes);
  if (!within) return changes;
  for (const message of within.refusals)
    wanted.draft.hold(wanted.table, 'raise', 'account-limit', message, wanted.urgent);
  return within.allowed;
};

/** Whether all of a table's throughput may be provisioned where none is: less of it would not do. */
export function mayProvision(wanted: Wanted, throughput: readonly Provision[]): Objection | undefined {
  const from = { read: 0, write: 0 };
  const changes = throughput.map(({ index, ...to }) => ({
    ...ofIndex(index),
    from,
    to,
  }));
  const [message] = affordable(wanted, changes)?.refusals ?? [];
  return message === undefined ? undefined : { reason: 'account-limit', message: uncapitalised(message) };
}

/** undefined where the limits are not known, or have yet to be read. */
function affordable({ draft, observed, table, state }: Wanted, changes: Changes): WithinAccount | undefined {
  const reading = observed.get('limits', ACCOUNT);
  if (!reading) draft.needs.push({ fact: 'limits', table: ACCOUNT });
  if (!reading || 'error' in reading) return undefined;
  return withinAccount(changes, state, elsewhere(draft, observed, table), reading.value);
}

/** What the account's limits are asked for as. */
const ACCOUNT = 'account';

/** What the tables that are known have besides this one, raises of this plan included. */
function elsewhere(draft: Drafting, observed: Observed, { name }: Table): Units {
  const others = [...observed.names].filter((other) => other !== name);
  const standing = others.flatMap((other) => observed.known('description', other)?.capacities ?? []);
  const raised = draft.actions
    .filter(({ table }) => table !== name)
    .flatMap((action) => ('changes' in action ? onlyRaises(action.changes) : []))
    .map(({ from, to }) => ({ read: to.read - from.read, write: to.write - from.write }));
  const provisioned = draft.actions
    .filter(({ table }) => table !== name)
    .flatMap((action) => (action.kind === 'billing' ? (action.throughput ?? []) : []));
  return [...standing, ...raised, ...provisioned].reduce<Units>(
    (sum, { read, write }) => ({ read: sum.read + read, write: sum.write + write }),
    { read: 0, write: 0 },
  );
}

const chain: readonly Permit[] = [maintained, quota, healthy, afforded];

/** What is left of a table's changes after every limit that holds for the table as a whole; each holds what it takes. */
export function permitted(wanted: Wanted, changes: Changes): Changes {
  return chain.reduce((left, permit) => permit(wanted, left), changes);
}
