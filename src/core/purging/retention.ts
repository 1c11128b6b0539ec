/**
 * Whether the retention of a spec is in force. A table that is due by the retention that purge last applied is never the
 * result of a mistake, however late it is. A shorter retention might be one, so it needs a confirmation by an operator, or a notice.
 */
import { sayInstant } from '../calendar/instant.ts';
import { HOUR_MS } from '../calendar/period.ts';
import { confirmCommand } from '../commands.ts';
import type { AppliedRetention } from '../facts.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import type { HoldBody } from '../outcome.ts';
import type { Config, Spec } from '../spec.ts';
import { plural } from '../text.ts';
import { beyondRetention, dueOnlyBy, isShorter, sameRetention } from './compare-retentions.ts';
import { sayChange, sayKeep } from './retention-words.ts';
import { excessShares, type Lapsed } from './share.ts';

/** Why tables of a group may not be deleted yet. */
export type RetentionObjection = Pick<HoldBody, 'reason' | 'message' | 'urgent'>;

/** What the retention of a group allows in this run. */
export interface RetentionVerdict {
  /** The tables whose retention has ended and that may not be deleted, also those that are still draining. */
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

/** The verdict for each of the given groups at `now`, epoch milliseconds, by their existing tables. */
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
export const recordOf = ({ scheme, keep, previously }: Spec, since: number): AppliedRetention => ({
  scheme,
  keep,
  ...(previously.length > 0 && { previously }),
  since,
});

function verdictOn(
  spec: Spec,
  present: readonly Table[],
  { retentions, canTell }: Observed,
  now: number,
): RetentionVerdict | Lapsed {
  if (spec.scheme === 'none') return inForce;
  const beyond = beyondRetention(present, now);
  if ('error' in retentions) {
    const message = `Could not read which retention purge last applied: ${retentions.error}`;
    return { held: beyond, objection: { reason: 'unreadable', message } };
  }
  const applied = retentions.get(spec.name);
  if (!applied) return firstSight(spec, beyond, now);
  if (!isShorter(spec, applied, now)) return { ...inForce, ...changed(spec, applied, now) };
  const due = dueOnlyBy(spec, applied, beyond, now);
  const effectiveAt = takesEffectAt(spec, applied);
  if (effectiveAt !== undefined && now >= effectiveAt) return { spec, members: present.length, due };
  return {
    held: due,
    objection: shortened(spec, applied, effectiveAt, canTell),
    ...(effectiveAt === undefined && { unannounced: applied }),
  };
}

/** Without a record, nothing shows which tables a mistake has made due. */
function firstSight(spec: Spec, beyond: ReadonlySet<Table>, now: number): RetentionVerdict {
  const message = `Deletion held: purge has not applied a retention to this group yet, and the table is older than PurgeRotation ${sayKeep(spec)} retains. If PurgeRotation is correct, run ${confirmCommand(spec)}.`;
  const objection = { reason: 'retention-unknown', message, urgent: true } as const;
  // A table that is still draining is held once it has expired, unless the retention is in force by then.
  const draining = [...beyond].some(({ phase }) => phase !== 'expired');
  return { held: beyond, objection, ...(!draining && { first: recordOf(spec, now) }) };
}

/** The record of a retention that is as long as the applied one, or longer; nothing if it is stored already. */
function changed(spec: Spec, applied: AppliedRetention, now: number): Pick<RetentionVerdict, 'record'> {
  if (!sameRetention(spec, applied)) return { record: recordOf(spec, now) };
  return applied.announced ? { record: recordOf(spec, applied.since) } : {};
}

/** When a shorter retention takes effect without a confirmation; undefined if people were not told about it. */
function takesEffectAt(spec: Spec, { announced }: AppliedRetention): number | undefined {
  if (!announced || !sameRetention(announced, spec)) return undefined;
  return announced.toldAt + spec.settings.purge.noticeMs;
}

function shortened(
  spec: Spec,
  applied: AppliedRetention,
  effectiveAt: number | undefined,
  canTell: boolean,
): RetentionObjection {
  const change = sayChange(applied, spec);
  const hold = (otherwise: string, urgent?: true): RetentionObjection => ({
    reason: 'retention-shortened',
    message: `Deletion held: ${change}. If that is correct, run ${confirmCommand(spec)}. ${otherwise}`,
    ...(urgent && { urgent }),
  });
  if (effectiveAt !== undefined)
    return hold(`Without this command, the change takes effect at ${sayInstant(effectiveAt)}.`);
  if (!canTell) return hold('No notice of the change was sent, so it waits for this command.', true);
  const hours = plural(spec.settings.purge.noticeMs / HOUR_MS, 'hour');
  return hold(`Without this command, the change takes effect ${hours} after the notice that this run sends.`);
}
