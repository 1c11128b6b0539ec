/** Settings of a table besides its capacity: Time to Live, point-in-time recovery and deletion protection. */
import type { PointInTimeRecoverySpecification } from '../../generated/tables.ts';
import { ask, askClosing, askListed, askObjection, unmanaged } from '../ask.ts';
import { sayInstant } from '../calendar/instant.ts';
import { HOUR_MS } from '../calendar/period.ts';
import type { Table } from '../fleet.ts';
import { disowned } from '../guards/ownership.ts';
import type { Observed } from '../observed.ts';
import { type Answer, acting, combined, holding, nothing, type Outcome } from '../outcome.ts';
import type { HoldReason } from '../plan.ts';
import { protects } from '../spec.ts';

/** The settings that a table needs after CreateTable. Rotate sets them as soon as the table is ACTIVE. */
export function settingsOfNewTable({ spec }: Table): Outcome {
  const { TimeToLive: ttl, PointInTimeRecoverySpecification: pitr } = spec.properties;
  return combined(
    ttl && ttl.Enabled !== false ? timeToLiveOn(ttl.AttributeName) : nothing,
    pitr?.PointInTimeRecoveryEnabled ? recoveryOn(daysOf(pitr)) : nothing,
  );
}

/** Sets Time to Live and point-in-time recovery of an existing table as its spec says. */
export function settingsChange(observed: Observed, table: Table, now: number): Outcome {
  const { TimeToLive: ttl, PointInTimeRecoverySpecification: pitr } = table.spec.properties;
  if (!ttl && !pitr) return nothing;
  const described = ask(observed, table, 'description');
  if ('pending' in described) return described.pending;
  const status = described.value?.status;
  if (status !== 'ACTIVE' && status !== 'UPDATING') return nothing;
  return combined(
    ttl ? timeToLive(observed, table, ttl.AttributeName, ttl.Enabled !== false, now) : nothing,
    pitr ? recoveryChange(observed, table, pitr) : nothing,
  );
}

/**
 * Turns deletion protection on for every retained table, unless the closing of the environment lists it: purge may have turned it
 * off to delete the table. Rotate never turns a protection off.
 */
export function deletionProtection(observed: Observed, table: Table, now: number): Outcome {
  if (table.phase === 'expired' || !protects(table.spec)) return nothing;
  const described = ask(observed, table, 'description');
  if ('pending' in described) return described.pending;
  const state = described.value;
  if (!state || state.deletionProtected) return nothing;
  if (state.status !== 'ACTIVE' && state.status !== 'UPDATING') return nothing;
  const objection = askObjection(observed, table);
  if ('pending' in objection) return objection.pending;
  if (objection.value) return nothing;
  const tags = ask(observed, table, 'tags');
  if ('pending' in tags) return tags.pending;
  if (disowned(table.spec, table.period, table.name, tags.value)) return nothing;
  const listed = isListed(observed, table, now);
  if ('pending' in listed) return listed.pending;
  if (listed.value) return nothing;
  const message = 'The spec enables deletion protection. Purge disables it when it deletes the table.';
  return acting({ kind: 'protection', reason: 'settings-differ', message });
}

/** Whether the closing of the environment lists a table, so that purge deletes it. What is not known of it counts as listed. */
export function isListed(observed: Observed, table: Table, now: number): Answer<boolean> {
  const closing = askClosing(observed, table.spec, now);
  if ('pending' in closing) return closing;
  const listed = closing.value && askListed(observed, table, closing.value, now);
  return { value: listed !== undefined && ('pending' in listed || listed.value !== undefined) };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html */
const BETWEEN_CHANGES_MS = HOUR_MS;

/** undefined lets DynamoDB choose, and leaves an existing table as it is. */
function daysOf({ RecoveryPeriodInDays: days }: PointInTimeRecoverySpecification): number | undefined {
  return days === undefined ? undefined : Number(days);
}

function timeToLive(
  observed: Observed,
  table: Table,
  attribute: string,
  enabled: boolean,
  now: number,
): Outcome {
  const found = ask(observed, table, 'timeToLive');
  if ('pending' in found) return found.pending;
  const { attribute: current, changing } = found.value;
  const wanted = enabled ? attribute : undefined;
  if (current === wanted) return nothing;
  const foreign = unmanaged(observed, table, 'time-to-live');
  if (foreign) return foreign;
  const held = (reason: HoldReason, message: string): Outcome =>
    holding({ kind: 'time-to-live', reason, message });
  const other = `Time to Live uses the attribute ${current} and the spec says ${attribute}.`;
  const change = `disable Time to Live on the table. At least one hour later, rotate enables it for ${attribute}.`;
  if (changing) {
    const until = `DynamoDB is ${changing} Time to Live and accepts one change per hour, so the next one from ${sayInstant(now + BETWEEN_CHANGES_MS)} at the latest.`;
    if (current === undefined)
      return held('time-to-live-changing', `${until} Rotate then enables it for ${attribute}.`);
    if (!enabled) return held('time-to-live-changing', `${until} Rotate then disables it.`);
    return held('time-to-live-changing', `${other} ${until} Then ${change}`);
  }
  if (current === undefined) return timeToLiveOn(attribute);
  if (!enabled) return timeToLiveOff(current);
  return held('settings-differ', `${other} To change the attribute, ${change}`);
}

/** Turns point-in-time recovery on as the spec says, for a table or for its replica in a region. */
export function recoveryChange(
  observed: Observed,
  table: Table,
  pitr: PointInTimeRecoverySpecification,
  region?: string,
): Outcome {
  const enabled = pitr.PointInTimeRecoveryEnabled;
  const days = daysOf(pitr);
  const found = ask(observed, table, 'recovery', region);
  if ('pending' in found) return found.pending;
  const { value } = found;
  const sameDays = days === undefined || value.days === undefined || value.days === days;
  if (value.enabled === enabled && (!enabled || sameDays)) return nothing;
  const foreign = unmanaged(observed, table, 'recovery');
  if (foreign) return foreign;
  if (enabled) return recoveryOn(days, region);
  const where = region === undefined ? '' : ` of the replica in ${region}`;
  return holding({
    kind: 'recovery',
    reason: 'settings-differ',
    message: `Point-in-time recovery${where} is enabled and the spec disables it. Turntable leaves it enabled, because disabling it deletes the continuous backups.`,
  });
}

const timeToLiveOn = (attribute: string): Outcome =>
  acting({
    kind: 'time-to-live',
    reason: 'settings-differ',
    message: `The spec enables Time to Live on the attribute ${attribute}.`,
    attribute,
    enabled: true,
  });

const timeToLiveOff = (attribute: string): Outcome =>
  acting({
    kind: 'time-to-live',
    reason: 'settings-differ',
    message: `The spec disables Time to Live on the attribute ${attribute}.`,
    attribute,
    enabled: false,
  });

function recoveryOn(days: number | undefined, region?: string): Outcome {
  const period = days === undefined ? '' : ` for ${days} ${days === 1 ? 'day' : 'days'}`;
  const where = region === undefined ? '' : `, also in the replica in ${region}`;
  return acting({
    kind: 'recovery',
    reason: 'settings-differ',
    message: `The spec enables point-in-time recovery${period}${where}.`,
    enabled: true,
    ...(days === undefined ? {} : { days }),
    ...(region !== undefined && { region }),
  });
}
