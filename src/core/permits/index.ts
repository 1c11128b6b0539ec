import { sayInstant } from '../calendar/instant.ts';
import type { Hold, Objection, ThroughputChange } from '../plan.ts';
import type { TableContext } from '../table-context.ts';
import { uncapitalised } from '../text.ts';
import { describeChanges, onlyDecreases, onlyRaises, withinQuota } from '../throughput.ts';
import { affordable } from './affordable.ts';
import { maintenance } from './maintenance.ts';

/** A table whose throughput is about to be changed. */
export interface Wanted extends TableContext {
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

/** Why capacity may not fall, the message the end of a sentence; `unknown` after noting that it has yet to be asked. */
export const mayNotLower = (subject: TableContext): Objection | 'unknown' | undefined =>
  inMaintenance(subject) ?? unhealthy(subject);

const maintained: Permit = (wanted, changes) => {
  const objection = inMaintenance(wanted);
  return objection && onlyDecreases(changes).length > 0
    ? keep(wanted, changes, objection.reason, objection.message)
    : changes;
};

function inMaintenance({ table, now }: TableContext): Objection | undefined {
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

function unhealthy({ draft, observed, table }: TableContext): Objection | 'unknown' | undefined {
  const { healthUrl } = table.spec.settings;
  if (healthUrl === undefined) return undefined;
  const health = observed.health(healthUrl);
  if (!health) {
    draft.needs.push({ fact: 'health', url: healthUrl });
    return 'unknown';
  }
  if (health.healthy) return undefined;
  return { reason: 'unhealthy', message: `not while the health URL fails: ${health.answer}.` };
}

const afforded: Permit = (wanted, changes) => {
  if (onlyRaises(changes).length === 0) return changes;
  const within = affordable(wanted, changes);
  if (!within) return changes;
  for (const message of within.refusals)
    wanted.draft.hold(wanted.table, 'raise', 'account-limit', message, wanted.urgent);
  return within.allowed;
};

const chain: readonly Permit[] = [maintained, quota, healthy, afforded];

/** What is left of a table's changes after every limit that holds for the table as a whole; each holds what it takes. */
export function permitted(wanted: Wanted, changes: Changes): Changes {
  return chain.reduce((left, permit) => permit(wanted, left), changes);
}
