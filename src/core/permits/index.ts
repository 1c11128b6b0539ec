import { sayInstant } from '../calendar/instant.ts';
import type { Dimension } from '../capacity/demand.ts';
import { type Answer, combined, type HoldBody, holding, needing, nothing, type Outcome } from '../outcome.ts';
import type { Objection, ThroughputChange } from '../plan.ts';
import type { TableContext } from '../table-context.ts';
import { uncapitalized } from '../text.ts';
import { describeChanges, onlyDecreases, onlyRaises, withinQuota } from '../throughput.ts';
import type { Refused } from './account.ts';
import { affordable } from './affordable.ts';
import { maintenance } from './maintenance.ts';

/** A table whose throughput is about to change. */
export interface Wanted extends TableContext {
  /** Holds the raise of a dimension, and adds what the hold means for applications. */
  readonly holdingRaise: (hold: HoldBody, dimension: Dimension, index: string | undefined) => Outcome;
  /** Default: no request is refused. */
  readonly refused?: Refused;
}

type Changes = readonly ThroughputChange[];

/** The changes that are permitted, and the holds for those that are not. */
export interface Permitted {
  readonly allowed: Changes;
  readonly outcome: Outcome;
  /** What to do if DynamoDB rejects the changes because of the quota of a table. */
  readonly orElse?: Changes;
}

type Permit = (wanted: Wanted, changes: Changes) => Permitted;

/** All of the changes. */
const all = (allowed: Changes): Permitted => ({ allowed, outcome: nothing });

/** The changes without the decreases, which are held for one reason. */
const raisesOnly = (changes: Changes, { reason, message }: Objection): Permitted => ({
  allowed: onlyRaises(changes),
  outcome: holding({
    kind: 'lower',
    reason,
    message: `${describeChanges(onlyDecreases(changes))}: ${message}`,
  }),
});

/** Why capacity cannot be lowered now; the message is the end of a sentence. */
export const objectionToLowering = (context: TableContext): Answer<Objection | undefined> => {
  const value = inMaintenance(context);
  return value ? { value } : unhealthy(context);
};

const maintained: Permit = (wanted, changes) => {
  const objection = inMaintenance(wanted);
  return objection && onlyDecreases(changes).length > 0 ? raisesOnly(changes, objection) : all(changes);
};

function inMaintenance({ table, now }: TableContext): Objection | undefined {
  const message = maintenance(table.spec.settings.maintenance, now);
  return message === undefined ? undefined : { reason: 'maintenance', message: uncapitalized(message) };
}

const quota: Permit = ({ state, now }, changes) => {
  const { allowed, refused } = withinQuota(changes, state, now);
  const holds = refused.map(({ change, until }): HoldBody => {
    const text = describeChanges(onlyDecreases([change]));
    const message = `${text}: the daily decrease quota is reached. Next decrease: ${sayInstant(until)}.`;
    return { kind: 'lower', reason: 'decrease-quota', message };
  });
  return { allowed, outcome: holding(...holds) };
};

/** The last permit for decreases, so that the health URL is fetched only if something would be lowered. */
const healthy: Permit = (wanted, changes) => {
  if (onlyDecreases(changes).length === 0) return all(changes);
  const objection = unhealthy(wanted);
  if ('pending' in objection) return { allowed: onlyRaises(changes), outcome: objection.pending };
  return objection.value ? raisesOnly(changes, objection.value) : all(changes);
};

function unhealthy({ observed, table }: TableContext): Answer<Objection | undefined> {
  const { healthUrl: url, allowPrivateHealthUrl: allowPrivate = false } = table.spec.settings;
  if (url === undefined) return { value: undefined };
  const health = observed.health(url);
  if (!health) return { pending: needing({ fact: 'health', url, allowPrivate }) };
  if (health.healthy) return { value: undefined };
  const message = `the health URL fails (${health.answer}).`;
  return { value: { reason: 'unhealthy', message } };
}

const withinAccount: Permit = (wanted, changes) => {
  if (onlyRaises(changes).length === 0) return all(changes);
  const { allowed, refusals, outcome, orElse } = affordable(wanted, changes, wanted.refused);
  const holds = refusals.map(({ message, dimension, index }) =>
    wanted.holdingRaise({ kind: 'raise', reason: 'account-limit', message }, dimension, index),
  );
  return { allowed, outcome: combined(outcome, ...holds), ...(orElse && { orElse }) };
};

const permits: readonly Permit[] = [maintained, quota, healthy, withinAccount];

/** The changes of a table that every limit of the whole table permits. */
export function permitted(wanted: Wanted, changes: Changes): Permitted {
  return permits.reduce((left, permit) => {
    const next = permit(wanted, left.allowed);
    return { ...next, outcome: combined(left.outcome, next.outcome) };
  }, all(changes));
}
