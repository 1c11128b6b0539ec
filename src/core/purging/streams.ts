/** What purge does about consumers of streams: it keeps a table while its stream has changes, and removes mappings afterwards. */
import { ask, askMetric } from '../ask.ts';
import { sayInstant } from '../calendar/instant.ts';
import { parseTableName, stateTableName } from '../calendar/naming.ts';
import { MINUTE_MS } from '../calendar/period.ts';
import { periodOf } from '../calendar/rotation.ts';
import { queryFor, type Window } from '../capacity/demand.ts';
import type { Closing, EventSourceMapping } from '../facts.ts';
import { tableOf } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { type Answer, acting, type HoldBody, holding, needing, nothing, type Outcome } from '../outcome.ts';
import type { Action, Draft, Subject } from '../plan.ts';
import type { Consumer, Spec } from '../spec.ts';
import { enabledAt, STREAM_KEEPS_MS, tableOfStream, unreachableFunction } from '../streams.ts';
import { missingSince } from './missing-data.ts';
import { minuteOf } from './traffic.ts';

interface Decided {
  readonly table: Subject;
  readonly outcome: Outcome;
}

/**
 * Removes the event source mappings of a group whose streams have ended: the table is gone, or it was created again and has another
 * stream. A mapping outlives its table, and the stream of a deleted table can be read for 24 hours. Mappings of tables that have
 * their streams stay, and so do those of functions that the spec does not name.
 */
export function endedMappings(
  observed: Observed,
  spec: Spec,
  now: number,
  closing: Closing | undefined,
): Decided[] {
  const current = tableOf(spec, periodOf(spec, now), now);
  if (spec.consumers.length === 0) return [];
  const exists = observed.names.has(current.name);
  // A closed environment loses its current tables too. Its state table stays.
  if (!exists && !closing) return [];
  const place = exists ? current.name : stateTableName(spec.environment);
  const described = ask(observed, { name: place }, 'description');
  if ('pending' in described) return [{ table: current, outcome: described.pending }];
  if (!described.value) return [];
  const { arn } = described.value;
  // Another account or Region can have tables of the same names.
  const prefix = arn.slice(0, -place.length);
  return spec.consumers.flatMap((consumer) => {
    // Rotate attaches no such function, so it has no mappings to remove.
    if (unreachableFunction(consumer.function, arn) !== undefined) return [];
    const reading = observed.mappings(consumer.function);
    if (!reading)
      return [{ table: current, outcome: needing({ fact: 'mappings', function: consumer.function }) }];
    if ('error' in reading) {
      const message = `Could not read the event source mappings of ${consumer.function}: ${reading.error}`;
      return [
        { table: current, outcome: holding({ kind: 'detach-consumer', reason: 'unreadable', message }) },
      ];
    }
    if (!reading.value) return [];
    const own = reading.value.flatMap((mapping) => {
      const source = tableOfStream(mapping.source);
      const isOwn = source?.prefix === prefix && parseTableName(spec, source.name) !== undefined;
      return isOwn ? [{ mapping, name: source.name }] : [];
    });
    return own.map(({ mapping, name }) => {
      const others = own.some((one) => one.name === name && one.mapping !== mapping);
      return {
        table: { name, spec },
        outcome: ended({ observed, spec, consumer, mapping, name, others, now }),
      };
    });
  });
}

/**
 * Adds the removal of the event source mappings of every table that a draft deletes. The draft deletes a table only if its stream
 * has no more changes, and the mappings go after the table.
 */
export function withMappingsOfDeleted(draft: Draft, observed: Observed, specs: Iterable<Spec>): Draft {
  const consumersOf = new Map([...specs].map(({ name, consumers }) => [name, consumers]));
  const removals = draft.actions
    .filter(({ kind }) => kind === 'delete')
    .flatMap(({ job, group, table }): Action[] => {
      const stream = observed.known('description', table)?.stream;
      const removalsFor = (consumer: Consumer) =>
        knownMappings(observed, consumer)
          ?.filter(({ source, state }) => source === stream && state !== 'Deleting')
          .map((mapping) => removal(consumer, mapping, 'This run deletes the table.')) ?? [];
      const bodies = consumersOf.get(group)?.flatMap(removalsFor);
      return bodies?.map((body) => ({ job, group, table, ...body })) ?? [];
    });
  return { ...draft, actions: [...draft.actions, ...removals] };
}

/** undefined if they were not read, or could not be, or if the function does not exist. */
function knownMappings(observed: Observed, consumer: Consumer): readonly EventSourceMapping[] | undefined {
  const reading = observed.mappings(consumer.function);
  return reading && 'value' in reading ? reading.value : undefined;
}

interface OfTable {
  readonly observed: Observed;
  readonly spec: Spec;
  readonly consumer: Consumer;
  readonly mapping: EventSourceMapping;
  readonly name: string;
  /** Whether the function has mappings of other streams of the table. */
  readonly others: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

function ended(one: OfTable): Outcome {
  const { observed, mapping, name, others } = one;
  if (mapping.state === 'Deleting') return nothing;
  if (!observed.names.has(name)) return unlessWritten(one);
  // The only mapping of a table is almost always that of its stream, so the table is not read.
  if (!others) return nothing;
  const described = ask(observed, { name }, 'description');
  if ('pending' in described) return described.pending;
  // Without another stream of the table, nothing shows since when this one has ended.
  const stream = described.value?.stream ?? mapping.source;
  const since = stream === mapping.source ? undefined : enabledAt(stream);
  if (since === undefined) return nothing;
  const until = since + STREAM_KEEPS_MS;
  const why = `The table has had another stream since ${sayInstant(since)}.`;
  return one.now < until ? waiting(one, why, until) : detaching(one, why);
}

/** Removes the mapping of a table that is gone, unless the table was written in the last 24 hours. */
function unlessWritten(one: OfTable): Outcome {
  const { observed, spec, name, now } = one;
  const window = { from: minuteOf(now - STREAM_KEEPS_MS), to: minuteOf(now) - MINUTE_MS };
  const written = lastWrite(observed, name, window);
  if ('pending' in written) return written.pending;
  const why = 'The table no longer exists.';
  if (written.value !== undefined)
    return waiting(
      one,
      `${why} It was last written at ${sayInstant(written.value)}.`,
      written.value + STREAM_KEEPS_MS,
    );
  const silent = missingSince(observed, spec.environment, window);
  if ('pending' in silent) return silent.pending;
  if (silent.value === undefined) return detaching(one, why);
  const message = `${why} CloudWatch has no data for the state table since ${sayInstant(silent.value)}, so it might have been written later. The event source mapping of ${one.consumer.function} is deleted after data arrives.`;
  return holding({ kind: 'detach-consumer', reason: 'missing-data', message });
}

/** The last minute since the start of a window in which a table was written, or undefined. An error holds what depends on it. */
function lastWrite(observed: Observed, table: string, window: Window): Answer<number | undefined> {
  const series = askMetric(observed, queryFor(table, undefined, 'write', 'consumed'), window);
  if ('pending' in series) return series;
  if ('error' in series.value) {
    const message = `Could not read when the table was last written, so its event source mapping stays: ${series.value.error}`;
    return { pending: holding({ kind: 'detach-consumer', reason: 'metrics-unknown', message }) };
  }
  // The series can be longer than the window, because another planner has read it too. A later write counts all the same.
  const minutes = [...series.value.sums].filter(([at, sum]) => at >= window.from && sum > 0);
  return { value: minutes.length > 0 ? Math.max(...minutes.map(([at]) => at)) : undefined };
}

function waiting({ consumer }: OfTable, why: string, until: number): Outcome {
  const message = `${why} The stream can be read until ${sayInstant(until)}, so the event source mapping of ${consumer.function} stays until then.`;
  const hold: HoldBody = { kind: 'detach-consumer', reason: 'stream-records', message };
  return holding(hold);
}

const detaching = ({ consumer, mapping }: OfTable, why: string): Outcome =>
  acting(removal(consumer, mapping, why));

const removal = (consumer: Consumer, mapping: EventSourceMapping, why: string) => ({
  kind: 'detach-consumer' as const,
  reason: 'stream-ended' as const,
  message: `${why} Its stream has no more changes, so the event source mapping of ${consumer.function} is deleted.`,
  function: consumer.function,
  mapping: mapping.id,
  stream: mapping.source,
});
