import { ask, askUnmanaged } from '../ask.ts';
import { adoptCommand } from '../commands.ts';
import type { Closing, TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import { disowned, KEEP_TAG, restored } from '../guards/ownership.ts';
import { suspensionObjection } from '../guards/suspensions.ts';
import type { Observed } from '../observed.ts';
import type { Answer } from '../outcome.ts';
import type { Objection } from '../plan.ts';
import { protects } from '../spec.ts';
import { withoutFinalDot } from '../text.ts';
import { ownRegionObjection, unnamedObjection } from './replicas.ts';
import { sayDue } from './schedule.ts';

/**
 * Why no table of a group may be deleted; undefined if the current table exists, belongs to the group, is not the only
 * one, and takes writes.
 */
export function groupObjection(
  current: Table,
  present: readonly Table[],
  observed: Observed,
): Answer<Objection | undefined> {
  if (present.length === 1)
    return objecting(
      'only-table',
      'This is the only table in its group. Purge never deletes the last table.',
    );
  const missing = (why: string) =>
    objecting(
      'current-missing',
      `The current table ${current.name} ${why}. Deletions in this group wait until ${current.name} is available.`,
    );
  if (!observed.names.has(current.name)) return missing('does not exist');
  const described = ask(observed, current, 'description');
  if ('pending' in described) return described;
  const status = described.value?.status;
  if (status === undefined) return missing('does not exist');
  if (status !== 'ACTIVE' && status !== 'UPDATING') return missing(`is ${status}`);
  const foreign = ({ message }: Objection) =>
    missing(`does not belong to this group (${withoutFinalDot(message)})`);
  const unmanaged = askUnmanaged(observed, current, 'unmanaged');
  if ('pending' in unmanaged) return unmanaged;
  if (unmanaged.value) return foreign(unmanaged.value);
  const tags = ask(observed, current, 'tags');
  if ('pending' in tags) return tags;
  const disowning = disowned(current.spec, current.period, current.name, tags.value);
  return disowning ? foreign(disowning) : { value: undefined };
}

const objecting = (reason: Objection['reason'], message: string): Answer<Objection> => ({
  value: { reason, message },
});

/**
 * Why a due table may not be deleted: because of its tags, its spec, a suspension, or a protection set by hand.
 */
export function tableObjection(
  table: Table,
  state: TableState,
  tags: Readonly<Record<string, string>>,
  observed: Observed,
  now: number,
  closing?: Closing,
): Objection | undefined {
  const { spec, period, name } = table;
  const ended = sayDue(table, closing);
  const ofRegion = ownRegionObjection(table, state, ended);
  if (ofRegion) return ofRegion;
  const disowning = disowned(spec, period, name, tags);
  if (disowning) return disowning;
  if (!spec.settings.purge.enabled) {
    return {
      reason: 'purge-disabled',
      message: `${ended}, but purging is disabled (Purge.Enabled is false).`,
    };
  }
  const suspended = suspensionObjection(observed, 'purging', now);
  if (suspended) return { reason: suspended.reason, message: `${ended}. ${suspended.message}` };
  const copy = restored(period, state.createdAt, tags);
  if (copy) {
    const message = `${ended}, but the table looks like a restored copy: ${copy}. To let purge delete the table, run ${adoptCommand(spec)}.`;
    return { reason: 'restored', message };
  }
  if (tags[KEEP_TAG] !== undefined) {
    return { reason: 'keep-tag', message: `${ended}, but the tag ${KEEP_TAG} retains the table.` };
  }
  const unnamed = unnamedObjection(table, state, ended);
  if (unnamed) return unnamed;
  if (state.deletionProtected && !protects(spec)) {
    const message = `${ended}, but deletion protection is on although the spec turns it off. To let purge delete the table, turn its deletion protection off.`;
    return { reason: 'deletion-protected', message };
  }
  return undefined;
}
