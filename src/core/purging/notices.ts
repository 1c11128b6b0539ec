/** What people are told, because it is more than the usual one table per period. */
import { iso, sayInstant } from '../calendar/instant.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../calendar/period.ts';
import { confirmCommand, undoTeardownCommand } from '../commands.ts';
import type { AppliedRetention, Closing } from '../facts.ts';
import { membersOf, type Table } from '../fleet.ts';
import { KEEP_TAG } from '../guards/ownership.ts';
import { type Notice, subjectOf } from '../notice.ts';
import type { Observed } from '../observed.ts';
import { dueAt, expiresAt } from '../phase.ts';
import type { Action, Draft } from '../plan.ts';
import type { Config, Spec } from '../spec.ts';
import { plural, sayBytes } from '../text.ts';
import { sayChange, sayKeep } from './retention-words.ts';
import { rescheduled } from './schedule.ts';

export type ScheduleDeletion = Extract<Action, { kind: 'schedule-deletion' }>;

/** Whether people are told before the deletion is scheduled. */
export const isUnusual = (action: Action): action is ScheduleDeletion =>
  action.kind === 'schedule-deletion' && action.notify === true;

const lengthOf = ({ period: { start, end } }: Table): number => end - start;

/** How many tables with periods of a length fall due between two daily runs. */
const countOf = (lengthMs: number): number => Math.max(1, Math.ceil(DAY_MS / lengthMs));

/** How late such tables are at most if they were in use. */
const latestOf = (lengthMs: number): number => 2 * Math.max(DAY_MS, lengthMs);

/**
 * The draft of purge, with every scheduled deletion marked that is more than the usual one table per period: tables that
 * were due before the retention came into force, tables that are late, and all but the newest of the others. `sinceOf` says
 * since when the retention of a group is in force.
 */
export function withNotices(
  draft: Draft,
  members: ReadonlyMap<Spec, readonly Table[]>,
  sinceOf: (group: string) => number,
  now: number,
): Draft {
  const scheduled = new Set(
    draft.actions.filter(({ kind }) => kind === 'schedule-deletion').map(({ table }) => table),
  );
  const unusual = new Set(
    [...members].flatMap(([spec, present]) => {
      const own = present.filter(({ name }) => scheduled.has(name));
      const since = sinceOf(spec.name);
      const inTime = own.filter(
        (table) => dueAt(spec, table.period) >= Math.max(since, now - latestOf(lengthOf(table))),
      );
      // After a change of scheme, the tables of each scheme fall due at their own pace.
      const expected = [...new Set(inTime.map(lengthOf))].flatMap((lengthMs) =>
        inTime.filter((table) => lengthOf(table) === lengthMs).slice(-countOf(lengthMs)),
      );
      return own.filter((table) => !expected.includes(table)).map(({ name }) => name);
    }),
  );
  if (unusual.size === 0) return draft;
  const marked = (action: Action): Action =>
    action.kind === 'schedule-deletion' && unusual.has(action.table) ? { ...action, notify: true } : action;
  return { ...draft, actions: draft.actions.map(marked) };
}

/** Commands with more names do not fit on a line. */
const NAMED_IN_COMMAND = 10;

/** The notice of some unusual deletions, before they are scheduled. */
export function deletionNotice(
  actions: readonly ScheduleDeletion[],
  { environment, specs }: Config,
  observed: Observed,
): Notice {
  const count = plural(actions.length, 'table');
  const groups = specs.flatMap((spec) => {
    const own = actions.filter(({ group }) => group === spec.name);
    if (own.length === 0) return [];
    const tables = own.map(({ table, message }) => `  ${table}  ${sizeOf(observed, table)}\n    ${message}`);
    return [`${spec.name} (${reasonOf(spec, observed)})\n${tables.join('\n')}`];
  });
  const names = actions.map(({ table }) => table);
  const which = names.length > NAMED_IN_COMMAND ? '--all' : names.join(' ');
  const closed = actions.some(({ reason }) => reason === 'closed');
  const message = [
    `Turntable schedules the deletion of ${count} in ${environment}. ${closed ? 'The environment is closed.' : 'That is more than the usual one table per period.'}`,
    ...groups,
    'A later run of purge deletes each table after its waiting period, if it is still due.',
    ...(closed ? [`To open the environment again: ${undoTeardownCommand(environment)}`] : []),
    `To cancel: turntable cancel-deletion ${which} --env ${environment}`,
    `A table that is still due is scheduled again, with a new notice. To keep a table, add the tag ${KEEP_TAG}. If PurgeRotation is wrong, restore it, and rotate cancels the deletions.`,
  ].join('\n\n');
  return {
    subject: subjectOf(environment, `deletion of ${count} scheduled`),
    message,
    types: ['schedule-deletion'],
  };
}

function reasonOf(spec: Spec, { retentions }: Observed): string {
  const applied = 'error' in retentions ? undefined : retentions.get(spec.name);
  const since = applied?.keep === spec.keep && applied.since > 0 ? ` since ${sayInstant(applied.since)}` : '';
  return `${spec.scheme}, PurgeRotation ${sayKeep(spec)}${since}`;
}

function sizeOf(observed: Observed, table: string): string {
  const state = observed.known('description', table);
  return state ? `${sayBytes(state.sizeBytes)}, ${plural(state.itemCount, 'item')}` : 'unknown size';
}

/** More names than this make a message too long to read. */
const NAMED_IN_NOTICE = 100;

/** The notice that a retention became shorter. `due` are the tables that only the shorter one makes due. */
export function shorterNotice(
  spec: Spec,
  applied: AppliedRetention,
  due: readonly Table[],
  observed: Observed,
  maxShare: number,
): Notice {
  const { environment, name, settings } = spec;
  const lines = due.slice(0, NAMED_IN_NOTICE).map((table) => {
    const ended = `retention ended at ${sayInstant(expiresAt(spec, table.period))}`;
    return `  ${table.name}  ${sizeOf(observed, table.name)}, ${ended}`;
  });
  const rest = due.length - lines.length;
  const tables = [...lines, ...(rest > 0 ? [`  and ${rest} more`] : [])].join('\n');
  const hours = settings.purge.noticeMs / HOUR_MS;
  const message = [
    `${name} in ${environment}: ${sayChange(applied, spec)}. Nothing is deleted because of that yet.`,
    ...(due.length > 0 ? [`The shorter retention makes ${plural(due.length, 'table')} due:\n${tables}`] : []),
    `If the change is correct, confirm it: ${confirmCommand(spec)}`,
    'If it is wrong, restore it in the configuration.',
    `Otherwise, it takes effect in the first run of purge that is at least ${plural(hours, 'hour')} after this notice. If it makes more than Purge.MaxShare (${maxShare}%) of the tables due, it takes effect only by the command.`,
  ].join('\n\n');
  return { subject: subjectOf(environment, `shorter retention of ${name}`), message, types: ['hold-begun'] };
}

/**
 * When people were told, by the instant at which SNS accepted the notice, in epoch milliseconds. To the minute, like the
 * times of events, so that a run at the same time of a later day is not some seconds too early.
 */
export const toldAt = (acceptedAt: number): number => Math.floor(acceptedAt / MINUTE_MS) * MINUTE_MS;

/** An action whose waiting period starts at `acceptedAt`, in epoch milliseconds, when SNS accepted its notice. */
export function startingAt(
  action: ScheduleDeletion,
  config: Config,
  acceptedAt: number,
  closing: Closing | undefined,
): ScheduleDeletion {
  const scheduledAt = Math.max(Date.parse(action.scheduledAt), toldAt(acceptedAt));
  const [table] = [...membersOf(config, new Set([action.table]), scheduledAt).values()].flat();
  if (!table) return action;
  const at = (instant: number) =>
    rescheduled(table, instant, action.reason === 'closed' ? closing : undefined);
  // What follows does not depend on the time, such as the price of an export.
  const rest = action.message.slice(at(Date.parse(action.scheduledAt)).message.length);
  const { message } = at(scheduledAt);
  return { ...action, message: `${message}${rest}`, scheduledAt: iso(scheduledAt) };
}
