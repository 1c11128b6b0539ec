import { sayInstant } from '../calendar/instant.ts';
import { periodAt } from '../calendar/period.ts';
import { type Table, tableOf } from '../fleet.ts';
import { disowned, KEEP_TAG, restored } from '../guards/ownership.ts';
import { stopped } from '../guards/suspensions.ts';
import type { Observed, TableState } from '../observed.ts';
import { expiresAt } from '../phase.ts';
import type { Objection } from '../plan.ts';
import type { PlanBuilder } from '../plan-builder.ts';
import { protects, type Spec } from '../spec.ts';

/** A group must be whole before anything leaves it: its current table stands, is its own, and takes writes. */
export function groupObjection(
  draft: PlanBuilder,
  spec: Spec,
  present: readonly Table[],
  observed: Observed,
  now: number,
): Objection | 'unknown' | undefined {
  const period = periodAt(spec.scheme, now);
  const current = tableOf(spec, period, now);
  if (present.length === 1) return { reason: 'only-table', message: 'It is the only table of its group.' };
  const missing = (why: string): Objection => ({
    reason: 'current-missing',
    message: `The current table ${current.name} ${why}; nothing goes before it stands.`,
  });
  if (!observed.names.has(current.name)) return missing('does not exist');
  const described = draft.ask(observed, current, 'description');
  if (!described) return 'unknown';
  const status = described.value?.status;
  if (status === undefined) return missing('does not exist');
  if (status !== 'ACTIVE' && status !== 'UPDATING') return missing(`is ${status}`);
  const tags = draft.ask(observed, current, 'tags');
  if (!tags) return 'unknown';
  const disowning = disowned(spec, period, current.name, tags.value);
  return disowning && missing(`is not this group's (${disowning.message.replace(/\.$/, '')})`);
}

/** What a table's own tags, its spec's switch and a protection that is not ours say. */
export function objectionTo(
  { spec, period, name }: Table,
  state: TableState,
  tags: Readonly<Record<string, string>>,
  observed: Observed,
  now: number,
): Objection | undefined {
  const disowning = disowned(spec, period, name, tags);
  if (disowning) return disowning;
  const since = `Expired since ${sayInstant(expiresAt(spec, period))}`;
  if (!spec.settings.purge.enabled) {
    return { reason: 'purge-disabled', message: `${since}, but purging is switched off.` };
  }
  const stop = stopped(observed, 'purging', now);
  if (stop) return { reason: stop.reason, message: `${since}, but held: ${stop.message}` };
  const copy = restored(period, state.createdAt, tags);
  if (copy) {
    const message = `${since}, but ${copy}: it seems to be a restored copy. turntable adopt takes it over.`;
    return { reason: 'restored', message };
  }
  if (tags[KEEP_TAG] !== undefined) {
    return { reason: 'keep-tag', message: `${since}, but its tag ${KEEP_TAG} keeps it.` };
  }
  if (state.deletionProtected && !protects(spec)) {
    const message = `${since}, but somebody has turned deletion protection on, which its spec does not ask for.`;
    return { reason: 'deletion-protected', message };
  }
  return undefined;
}
