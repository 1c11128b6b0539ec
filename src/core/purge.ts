import { membersOf, type Table } from './fleet.ts';
import { iso, sayInstant } from './instant.ts';
import { tableName } from './naming.ts';
import type { Observed, TableState } from './observed.ts';
import { periodAt } from './period.ts';
import { expiresAt } from './phase.ts';
import { type Draft, Drafting } from './plan.ts';
import type { Config, Spec } from './spec.ts';
import { busy } from './throughput.ts';

/**
 * What retention wants at `now`, in two looks: an expired table is condemned, and deleted by a later run
 * if it is still due. Whatever speaks against it holds it; nothing here ever reaches a table whose spec,
 * name and tags do not agree.
 */
export function planPurge(config: Config, observed: Observed, now: number): Draft {
  const draft = new Drafting('purge');
  const members = membersOf(config, observed.names, now);
  for (const [spec, present] of members) {
    const expired = present.filter(({ phase }) => phase === 'expired');
    const guard = groupGuard(spec, present, observed, now);
    for (const table of expired) {
      if (guard) draft.hold(table, 'delete', guard.reason, guard.message);
      else look(draft, observed, table, now);
    }
  }
  pardon(draft, observed, [...members.values()].flat());
  return capped(draft, config.settings.purge.maxPerRun);
}

interface Objection {
  readonly reason: 'current-missing' | 'only-table';
  readonly message: string;
}

/** A group must be whole before anything leaves it. */
function groupGuard(
  spec: Spec,
  present: readonly Table[],
  observed: Observed,
  now: number,
): Objection | undefined {
  const current = tableName(spec, periodAt(spec.scheme, now));
  if (observed.names.has(current)) return undefined;
  if (present.length === 1) return { reason: 'only-table', message: 'It is the only table of its group.' };
  return {
    reason: 'current-missing',
    message: `The current table ${current} does not exist; nothing goes before it does.`,
  };
}

function look(draft: Drafting, observed: Observed, table: Table, now: number): void {
  const described = draft.ask(observed, table, 'description');
  if (!described?.value || described.value.status === 'DELETING') return;
  const state = described.value;
  if (!draft.owns(observed, table, 'delete')) return;
  const since = sayInstant(expiresAt(table.spec, table.period));
  if (!table.spec.settings.purge.enabled) {
    return draft.hold(table, 'delete', 'purge-off', `Expired since ${since}, but purging is switched off.`);
  }
  if (state.deletionProtected) {
    return draft.hold(
      table,
      'delete',
      'deletion-protected',
      `Expired since ${since}, but deletion protection is on.`,
    );
  }
  const sentence = observed.sentences.get(table.name);
  // A run older than the sentence must not date it back, or the second look would come too early.
  if (sentence?.createdAt !== state.createdAt) return condemn(draft, table, state, now);
  second(draft, table, state, sentence.condemnedAt, now);
}

function condemn(draft: Drafting, table: Table, state: TableState, now: number): void {
  const { spec, period } = table;
  draft.do(table, {
    kind: 'condemn',
    reason: 'expired',
    message: `Expired ${sayInstant(expiresAt(spec, period))}; may be deleted from ${sayInstant(now + spec.settings.purge.secondLookMs)} on.`,
    createdAt: iso(state.createdAt),
    condemnedAt: iso(now),
  });
}

function second(draft: Drafting, table: Table, state: TableState, condemnedAt: number, now: number): void {
  const { spec, period } = table;
  const from = condemnedAt + spec.settings.purge.secondLookMs;
  if (now < from) {
    const message = `Condemned ${sayInstant(condemnedAt)}; may be deleted from ${sayInstant(from)} on.`;
    return draft.hold(table, 'delete', 'second-look', message);
  }
  const obstacle = busy(state);
  if (obstacle) return draft.hold(table, 'delete', 'table-busy', obstacle);
  draft.do(table, {
    kind: 'delete',
    reason: 'still-expired',
    message: `Expired ${sayInstant(expiresAt(spec, period))}, condemned ${sayInstant(condemnedAt)}, and still due.`,
    createdAt: iso(state.createdAt),
    condemnedAt: iso(condemnedAt),
  });
}

/** Lifts the sentence of every table that is not due any more. */
function pardon(draft: Drafting, observed: Observed, members: readonly Table[]): void {
  for (const table of members) {
    if (table.phase === 'expired' || !observed.sentences.has(table.name)) continue;
    draft.do(table, {
      kind: 'pardon',
      reason: 'not-expired',
      message: 'It was condemned, and the spec keeps it now.',
    });
  }
}

/** The oldest go first; what is over the cap waits for the next run. */
function capped(draft: Draft, cap: number): Draft {
  const deletions = draft.actions.filter(({ kind }) => kind === 'delete');
  if (deletions.length <= cap) return draft;
  const age = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
  const late = new Set(deletions.toSorted((a, b) => age(a.table).localeCompare(age(b.table))).slice(cap));
  const holds = [...late].map(({ job, group, table }) => ({
    job,
    group,
    table,
    kind: 'delete' as const,
    reason: 'cap' as const,
    message: `Due, but one run deletes ${cap} tables at most; the next run goes on.`,
  }));
  return {
    actions: draft.actions.filter((action) => !late.has(action)),
    holds: [...draft.holds, ...holds],
    needs: draft.needs,
  };
}
