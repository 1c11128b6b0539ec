import { sayInstant } from './calendar/instant.ts';
import type { MetricQuery, MetricSeries, Window } from './capacity/demand.ts';
import { adoptCommand } from './commands.ts';
import type { Closing, Facts, SeenKind, TableFact } from './facts.ts';
import type { Table } from './fleet.ts';
import { counting, inForce, listedAt } from './guards/closing.ts';
import { disowned } from './guards/ownership.ts';
import { isSeen, seenUnmanaged } from './guards/seen-ownership.ts';
import type { Observed } from './observed.ts';
import { type Answer, type HoldBody, holding, needing, type Outcome } from './outcome.ts';
import type { Objection } from './plan.ts';
import type { Spec } from './spec.ts';

/** The name of each fact in messages. */
const names: Readonly<Record<TableFact, string>> = {
  description: 'description',
  tags: 'tags',
  timeToLive: 'time to live',
  recovery: 'point-in-time recovery',
  destinations: 'Kinesis data streams',
  backups: 'backups',
  exports: 'exports to S3',
};

/** A fact of a table, or of its replica in a region. */
export function ask<F extends TableFact>(
  observed: Observed,
  table: Pick<Table, 'name'>,
  fact: F,
  region?: string,
): Answer<Facts[F]> {
  const reading = observed.get(fact, table.name, region);
  if (!reading) return { pending: needing({ fact, table: table.name, ...(region && { region }) }) };
  if (!('error' in reading)) return reading;
  const whose = region === undefined ? "the table's" : `the ${region} replica's`;
  const message = `Could not read ${whose} ${names[fact]}: ${reading.error}`;
  return { pending: holding({ kind: 'read', reason: 'unreadable', message }) };
}

/**
 * The mark that closes the environment at `now`, epoch milliseconds; undefined if it is not closed. A mark that cannot be read does
 * not count: rotate creates, and purge deletes nothing because of it.
 */
export function askClosing(
  observed: Observed,
  spec: Pick<Spec, 'environment' | 'settings'>,
  now: number,
): Answer<Closing | undefined> {
  const mark = askMark(observed, spec);
  return 'value' in mark ? { value: inForce(mark.value, spec, now) } : mark;
}

/** The same, also if the run is for an instant before the environment was closed. */
export function askMark(
  { closing }: Observed,
  spec: Pick<Spec, 'environment' | 'settings'>,
): Answer<Closing | undefined> {
  if (!closing) return { pending: needing({ fact: 'closing' }) };
  return { value: 'value' in closing ? counting(closing.value, spec) : undefined };
}

/** When a person confirmed that this table is deleted with its closed environment; undefined if none did. */
export function askListed(
  observed: Observed,
  table: Table,
  closing: Closing,
  now: number,
): Answer<number | undefined> {
  const described = ask(observed, table, 'description');
  if ('pending' in described) return described;
  return { value: described.value && listedAt(closing, described.value, now) };
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
  const objection = askObjection(observed, table);
  if ('pending' in objection) return objection.pending;
  return objection.value && holding({ kind: wanted, ...objection.value, ...(urgent && { urgent }) });
}

/**
 * Why the tags of a table do not show that Turntable manages it, by what was seen of them within a day; undefined if they do. A
 * person gets the tags of now, and not those that were seen.
 */
export function askObjection(observed: Observed, table: Table): Answer<Objection | undefined> {
  const remembered = askUnmanaged(observed, table, 'ownership');
  if ('pending' in remembered || remembered.value) return remembered;
  const tags = askUnseenTags(observed, table);
  if ('pending' in tags) return tags;
  return { value: tags.value && disowned(table.spec, table.period, table.name, tags.value) };
}

/**
 * Why Turntable does not manage a table, by what a record says of its tags; undefined if the tags have to be read. It only holds. A
 * person gets the tags of now, and so does a run that has read them.
 */
export function askUnmanaged(
  observed: Observed,
  table: Table,
  kind: SeenKind,
): Answer<Objection | undefined> {
  const state = observed.known('description', table.name);
  if (!state || observed.thorough || observed.get('tags', table.name)) return { value: undefined };
  if (!observed.seen(kind)) return { pending: needing({ fact: kind }) };
  const seen = seenUnmanaged(observed, kind, table.spec, state);
  if (!seen) return { value: undefined };
  const message = `At ${sayInstant(seen.seenAt)}, the tags did not show that Turntable manages the table. To manage it, run ${adoptCommand(table.spec)}. Tags that are set in another way are read after ${sayInstant(seen.until)}.`;
  return { value: { reason: 'not-owned', message } };
}

/** The tags of a table; undefined if they were seen within a day, and showed that Turntable manages the table. */
export function askUnseenTags(observed: Observed, table: Table): Answer<Facts['tags'] | undefined> {
  const state = observed.known('description', table.name);
  if (state && !observed.get('tags', table.name)) {
    const seen = isSeen(observed, table.spec, state);
    if (seen === undefined) return { pending: needing({ fact: 'ownership' }) };
    if (seen) return { value: undefined };
  }
  return ask(observed, table, 'tags');
}
