import { membersOf, type Table } from './fleet.ts';
import { iso, sayInstant } from './instant.ts';
import { groupObjection, type Objection, objectionTo } from './objection.ts';
import type { Observed, TableState } from './observed.ts';
import { DAY_MS } from './period.ts';
import { maintenance } from './permits/maintenance.ts';
import { expiresAt } from './phase.ts';
import { type Action, type Draft, Drafting } from './plan.ts';
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
    if (expired.length === 0) continue;
    const objection = groupObjection(draft, spec, present, observed, now);
    if (objection === 'unknown') continue;
    for (const table of expired) {
      if (objection) refuse(draft, observed, table, objection);
      else look(draft, observed, table, now);
    }
  }
  pardonKept(draft, observed, [...members.values()].flat());
  pardonStrangers(draft, observed, members);
  return capped(draft, config, observed, now);
}

/** What speaks against a deletion ends the sentence too: the next one begins with a first look again. */
function refuse(draft: Drafting, observed: Observed, table: Table, { reason, message }: Objection): void {
  draft.hold(table, 'delete', reason, message);
  if (observed.sentences.has(table.name)) {
    draft.do(table, { kind: 'pardon', reason: 'held', message: `Its sentence lapses: ${message}` });
  }
}

function look(draft: Drafting, observed: Observed, table: Table, now: number): void {
  const state = draft.ask(observed, table, 'description')?.value;
  if (!state || state.status === 'DELETING') return;
  const tags = draft.ask(observed, table, 'tags');
  if (!tags) return;
  const objection = objectionTo(table, state, tags.value, observed, now);
  if (objection) return refuse(draft, observed, table, objection);
  const sentence = observed.sentences.get(table.name);
  // A run older than the sentence must not date it back, or the second look would come too early.
  const lapsesMs = table.spec.settings.purge.secondLookMs + SENTENCE_LASTS_MS;
  const stands = sentence?.createdAt === state.createdAt && now - sentence.condemnedAt <= lapsesMs;
  if (!sentence || !stands) return condemn(draft, table, state, now);
  second(draft, table, state, sentence.condemnedAt, now);
}

/** A sentence that nobody followed up so long after it could have been says nothing of the world as it is now. */
const SENTENCE_LASTS_MS = 7 * DAY_MS;

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
  const closed = maintenance(spec.settings.maintenance, now);
  if (closed) return draft.hold(table, 'delete', 'maintenance', closed);
  draft.do(table, {
    kind: 'delete',
    reason: 'still-expired',
    message: `Expired ${sayInstant(expiresAt(spec, period))}, condemned ${sayInstant(condemnedAt)}, and still due.`,
    createdAt: iso(state.createdAt),
    condemnedAt: iso(condemnedAt),
    ...(state.deletionProtected && { unprotect: true }),
  });
}

/** Lifts the sentence of every table that is not due any more. */
function pardonKept(draft: Drafting, observed: Observed, members: readonly Table[]): void {
  for (const table of members) {
    if (table.phase === 'expired' || !observed.sentences.has(table.name)) continue;
    const message = 'It was condemned, and the spec keeps it now.';
    draft.do(table, { kind: 'pardon', reason: 'not-expired', message });
  }
}

/** Forgets the sentences of tables that are no spec's any more, or gone. */
function pardonStrangers(
  draft: Drafting,
  observed: Observed,
  members: ReadonlyMap<Spec, readonly Table[]>,
): void {
  const known = new Set([...members.values()].flat().map(({ name }) => name));
  for (const name of observed.sentences.keys()) {
    if (known.has(name)) continue;
    const message = observed.names.has(name) ? 'It is no spec’s any more.' : 'It is gone.';
    draft.actions.push({
      job: 'purge',
      kind: 'pardon',
      group: '(no spec)',
      table: name,
      reason: 'not-expired',
      message,
    });
  }
}

/**
 * The oldest go first. No more tables are condemned than the cap within the time between two looks, however
 * often the job runs: so no more can fall due together, and no table that cannot be deleted stops the others.
 */
function capped(draft: Draft, config: Config, observed: Observed, now: number): Draft {
  const { maxPerRun, secondLookMs } = config.settings.purge;
  const fresh = [...observed.sentences.values()].filter(
    ({ condemnedAt }) => now - condemnedAt < secondLookMs,
  );
  const late = new Set([
    ...oldest(draft, 'condemn').slice(Math.max(0, maxPerRun - fresh.length)),
    ...oldest(draft, 'delete').slice(maxPerRun),
  ]);
  const holds = [...late].map(({ job, group, table, kind }) => ({
    job,
    group,
    table,
    kind,
    reason: 'cap' as const,
    message: `Due, but only ${maxPerRun} tables at a time are condemned or deleted; a later run goes on.`,
  }));
  return {
    actions: draft.actions.filter((action) => !late.has(action)),
    holds: [...draft.holds, ...holds],
    needs: draft.needs,
  };
}

function oldest({ actions }: Draft, kind: 'condemn' | 'delete'): Action[] {
  const date = ({ table }: Action): string => table.slice(table.lastIndexOf('.') + 1);
  return actions.filter((action) => action.kind === kind).sort((a, b) => date(a).localeCompare(date(b)));
}
