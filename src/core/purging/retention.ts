/**
 * Whether the retention of a spec is in force. A table that is due by the retention that purge last applied is never the
 * result of a mistake, however late it is. A shorter retention might be one, so it needs a confirmation by an operator, or a notice.
 */
import { sayInstant } from '../calendar/instant.ts';
import { shift } from '../calendar/period.ts';
import type { Table } from '../fleet.ts';
import type { AppliedRetention, Observed, Retention } from '../observed.ts';
import type { HoldBody } from '../outcome.ts';
import type { Hold } from '../plan.ts';
import type { Config, Spec } from '../spec.ts';
import { confirmCommand } from './confirm-command.ts';
import { excessShares, type Lapsed } from './share.ts';

/** Why tables of a group may not be deleted yet. */
export type RetentionObjection = Pick<HoldBody, 'reason' | 'message' | 'urgent'>;

/** What the retention of a group allows in this run. */
export interface RetentionVerdict {
  /** The expired tables that may not be deleted, and why. */
  readonly held: ReadonlySet<Table>;
  readonly objection?: RetentionObjection;
  /** The retention to store, if it differs from what is stored. */
  readonly record?: AppliedRetention;
  /** The retention to store if none of the held tables could be deleted otherwise. */
  readonly first?: AppliedRetention;
  /** The retention in force, if the spec has a shorter one that people were not told about yet. */
  readonly unannounced?: AppliedRetention;
}

const inForce: RetentionVerdict = { held: new Set() };

/** The verdict for each group at `now`, epoch milliseconds. `members` are all existing tables, by group. */
export function retentionVerdicts(
  config: Config,
  observed: Observed,
  members: ReadonlyMap<Spec, readonly Table[]>,
  now: number,
): Map<Spec, RetentionVerdict> {
  const verdicts = new Map<Spec, RetentionVerdict>();
  const lapsed: Lapsed[] = [];
  for (const [spec, present] of members) {
    const verdict = verdictOn(spec, present, observed, now);
    if ('due' in verdict) lapsed.push(verdict);
    else verdicts.set(spec, verdict);
  }
  const excess = excessShares(lapsed, config, [...members.values()].flat().length);
  for (const { spec, due } of lapsed) {
    const message = excess.get(spec);
    verdicts.set(
      spec,
      message === undefined
        ? { ...inForce, record: recordOf(spec, now) }
        : { held: due, objection: { reason: 'share', message, urgent: true } },
    );
  }
  return verdicts;
}

/** The retention of a spec, in force since `since`. */
export const recordOf = ({ scheme, keep }: Spec, since: number): AppliedRetention => ({
  scheme,
  keep,
  since,
});

function verdictOn(
  spec: Spec,
  present: readonly Table[],
  { retentions }: Observed,
  now: number,
): RetentionVerdict | Lapsed {
  if (spec.scheme === 'none') return inForce;
  const expired = new Set(present.filter(({ phase }) => phase === 'expired'));
  if ('error' in retentions) {
    const message = `Could not read which retention purge last applied: ${retentions.error}`;
    return { held: expired, objection: { reason: 'unreadable', message } };
  }
  const applied = retentions.get(spec.name);
  if (!applied) return firstSight(spec, expired, now);
  if (!isShorter(spec, applied, now)) return { ...inForce, ...changed(spec, applied, now) };
  const due = dueOnlyBy(spec, applied, expired, now);
  const effectiveAt = takesEffectAt(spec, applied);
  if (effectiveAt !== undefined && now >= effectiveAt) return { spec, members: present.length, due };
  return {
    held: due,
    objection: shortened(spec, applied, effectiveAt),
    ...(effectiveAt === undefined && { unannounced: applied }),
  };
}

/** Without a record, nothing shows which tables a mistake has made due. */
function firstSight(spec: Spec, expired: ReadonlySet<Table>, now: number): RetentionVerdict {
  const message = `Deletion held: purge has not applied a retention to this group yet, and the table is older than PurgeRotation ${sayKeep(spec)} retains. If PurgeRotation is correct, run ${confirmCommand(spec)}.`;
  const objection = { reason: 'retention-unknown', message, urgent: true } as const;
  return { held: expired, objection, first: recordOf(spec, now) };
}

/** The record of a retention that is as long as the applied one, or longer; nothing if it is stored already. */
function changed(spec: Spec, applied: AppliedRetention, now: number): Pick<RetentionVerdict, 'record'> {
  if (!sameRetention(spec, applied)) return { record: recordOf(spec, now) };
  return applied.announced ? { record: recordOf(spec, applied.since) } : {};
}

/** The start of the oldest retained period. */
const oldestRetained = ({ scheme, keep }: Retention, now: number): number =>
  keep === Infinity ? -Infinity : shift(scheme, now, 1 - keep).start;

/** Whether one retention retains less than another at `now`, epoch milliseconds. */
export const isShorter = (one: Retention, other: Retention, now: number): boolean =>
  oldestRetained(one, now) > oldestRetained(other, now);

export const sameRetention = (one: Retention, other: Retention): boolean =>
  one.scheme === other.scheme && one.keep === other.keep;

/** The expired tables that the applied retention still retains. */
export const dueOnlyBy = (
  { settings }: Spec,
  { scheme, keep }: Retention,
  expired: Iterable<Table>,
  now: number,
): ReadonlySet<Table> =>
  new Set(
    [...expired].filter(({ period }) => {
      const retainedUntil = keep === Infinity ? Infinity : shift(scheme, period.start, keep).start;
      return now < Math.max(retainedUntil, period.end + settings.drainMs);
    }),
  );

/** When a shorter retention takes effect without a confirmation; undefined if people were not told about it. */
function takesEffectAt(spec: Spec, { announced }: AppliedRetention): number | undefined {
  if (!announced || !sameRetention(announced, spec)) return undefined;
  return announced.toldAt + spec.settings.purge.noticeMs;
}

export const sayKeep = ({ keep }: Retention): string => (keep === Infinity ? '-1' : String(keep));

/** `PurgeRotation 14`, or `PurgeRotation 14 (daily)` if the schemes differ. */
const sayRetention = (one: Retention, other: Retention): string =>
  `${sayKeep(one)}${one.scheme === other.scheme ? '' : ` (${one.scheme})`}`;

function shortened(
  spec: Spec,
  applied: AppliedRetention,
  effectiveAt: number | undefined,
): RetentionObjection {
  const change = `PurgeRotation changed from ${sayRetention(applied, spec)} to ${sayRetention(spec, applied)}`;
  const otherwise =
    effectiveAt === undefined
      ? 'No notice of the change was sent, so it waits for this command.'
      : `Without this command, the change takes effect at ${sayInstant(effectiveAt)}.`;
  const message = `Deletion held: ${change}. If that is correct, run ${confirmCommand(spec)}. ${otherwise}`;
  return {
    reason: 'retention-shortened',
    message,
    ...(effectiveAt === undefined && { urgent: true }),
  };
}

/** Why purge deletes a table neither now nor after a confirmation. */
const foreign: ReadonlySet<Hold['reason']> = new Set([
  'not-owned',
  'scheme-changed',
  'restored',
  'keep-tag',
  'deletion-protected',
]);

/** The retentions to store, by group, after the tables were decided on. */
export const recordsOf = (
  verdicts: ReadonlyMap<Spec, RetentionVerdict>,
  holds: readonly Hold[],
): Map<string, AppliedRetention> =>
  new Map(
    [...verdicts].flatMap(([{ name }, { record, first }]) => {
      const stays = holds.some(({ group, reason }) => group === name && !foreign.has(reason));
      const stored = record ?? (stays ? undefined : first);
      return stored ? [[name, stored] as const] : [];
    }),
  );
