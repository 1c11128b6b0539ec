import type { MetricQuery, MetricSeries, Window } from './capacity/demand.ts';
import type { Table } from './fleet.ts';
import { disowned } from './guards/ownership.ts';
import { isDueToBeSeen, isSeen } from './guards/seen-ownership.ts';
import type { Facts, Observed, TableFact } from './observed.ts';
import { type Answer, type HoldBody, holding, needing, nothing, type Outcome } from './outcome.ts';

/** The name of each fact in messages. */
const names: Readonly<Record<TableFact, string>> = {
  description: 'description',
  tags: 'tags',
  timeToLive: 'time to live',
  recovery: 'point-in-time recovery',
  backups: 'backups',
};

/** A fact of a table. */
export function ask<F extends TableFact>(
  observed: Observed,
  table: Pick<Table, 'name'>,
  fact: F,
): Answer<Facts[F]> {
  const reading = observed.get(fact, table.name);
  if (!reading) return { pending: needing({ fact, table: table.name }) };
  if (!('error' in reading)) return reading;
  const message = `Could not read the table's ${names[fact]}: ${reading.error}`;
  return { pending: holding({ kind: 'read', reason: 'unreadable', message }) };
}

/** A metric in a window, or why it could not be read. */
export function askMetric(observed: Observed, query: MetricQuery, window: Window): Answer<MetricSeries> {
  const series = observed.metric(query, window);
  return series ? { value: series } : { pending: needing({ fact: 'metric', query, window }) };
}

/**
 * What to return instead of a change: a hold if the tags do not show that Turntable manages the table, or a need if
 * they are not read yet. undefined if the table may be changed. `wanted` is the kind of the change. Tags that were seen
 * within a day are enough, so this is not for changes that cannot be undone.
 */
export function unmanaged(
  observed: Observed,
  table: Table,
  wanted: HoldBody['kind'],
  urgent = false,
): Outcome | undefined {
  const state = observed.known('description', table.name);
  if (state && !observed.get('tags', table.name)) {
    const seen = isSeen(observed, table, state);
    if (seen === undefined) return needing({ fact: 'ownership' });
    if (seen) return undefined;
  }
  const tags = ask(observed, table, 'tags');
  if ('pending' in tags) return tags.pending;
  const objection = disowned(table.spec, table.period, table.name, tags.value);
  return objection && holding({ kind: wanted, ...objection, ...(urgent && { urgent }) });
}

/**
 * The need for the tags of a table that are due to be read, although nothing is to be changed yet. If they cannot be
 * read, nothing is held.
 */
export function tagsInAdvance(observed: Observed, table: Table, now: number): Outcome {
  const state = observed.known('description', table.name);
  if (!state || observed.get('tags', table.name) || state.status === 'DELETING') return nothing;
  const seen = isSeen(observed, table, state);
  if (seen === undefined) return needing({ fact: 'ownership' });
  return seen || !isDueToBeSeen(table, state, now) ? nothing : needing({ fact: 'tags', table: table.name });
}
