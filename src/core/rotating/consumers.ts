import { unmanaged } from '../ask.ts';
import { sayInstant } from '../calendar/instant.ts';
import type { TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { acting, combined, type HoldBody, holding, needing, nothing, type Outcome } from '../outcome.ts';
import { drainedAt } from '../phase.ts';
import type { Consumer } from '../spec.ts';
import { STREAM_KEEPS_MS, unreachableFunction } from '../streams.ts';
import { mappingState } from './mapping-state.ts';
import { isNear } from './urgency.ts';

/** Attaches the consumers to the stream of a new table, as soon as the table is ACTIVE. Creation does not wait for Lambda. */
export function consumersOfNewTable(observed: Observed, table: Table, now: number): Outcome {
  const { tableArn } = observed;
  return combined(
    ...table.spec.consumers.map((consumer) => {
      const why = tableArn === undefined ? undefined : unreachableFunction(consumer.function, tableArn);
      return why === undefined ? attaching(consumer) : missing(table, why, now);
    }),
  );
}

/**
 * Attaches each consumer that has no event source mapping of the table's stream. A mapping that exists stays as it is: a person
 * might have made, changed or disabled it. A table that is created again has another stream, which needs another mapping.
 */
export function consumersChange(observed: Observed, table: Table, state: TableState, now: number): Outcome {
  return combined(
    ...table.spec.consumers.map((consumer) => consumerChange(observed, table, state, consumer, now)),
  );
}

function consumerChange(
  observed: Observed,
  table: Table,
  state: TableState,
  consumer: Consumer,
  now: number,
): Outcome {
  const { function: name } = consumer;
  const unreachable = unreachableFunction(name, state.arn);
  if (unreachable !== undefined) return missing(table, unreachable, now);
  const stream = streamOf(state);
  if (stream === undefined)
    return missing(
      table,
      `The table has no stream, so the function ${name} gets no changes. Enable a stream as the spec says by hand, and rotate attaches the function.`,
      now,
    );
  const reading = observed.mappings(name);
  if (!reading) return needing({ fact: 'mappings', function: name });
  if ('error' in reading)
    return held(
      table,
      'unreadable',
      `Could not read the event source mappings of ${name}: ${reading.error}`,
      now,
    );
  if (!reading.value)
    return missing(
      table,
      `The function ${name} does not exist, so it gets no changes of the table. Create the function, or correct Consumers.`,
      now,
    );
  const mapping = reading.value.find(({ source }) => source === stream);
  if (mapping) return mappingState({ observed, table, consumer, mapping, now });
  return unmanaged(observed, table, 'attach-consumer', isNear(table, now)) ?? attaching(consumer);
}

/**
 * Attaches the consumers that have lost their mapping of a table whose period has ended, while its stream can still have changes
 * that they have not read: until 24 hours after the drain window. For a day after that, says that it is too late. What keeps all
 * tables from being attached is said of the current table alone.
 */
export function consumersOfEnded(observed: Observed, table: Table, state: TableState, now: number): Outcome {
  const ended = drainedAt(table.spec, table.period);
  const stream = streamOf(state);
  if (stream === undefined || now >= ended + 2 * STREAM_KEEPS_MS) return nothing;
  return combined(
    ...table.spec.consumers.map((consumer) => {
      const { function: name } = consumer;
      if (unreachableFunction(name, state.arn) !== undefined) return nothing;
      const reading = observed.mappings(name);
      if (!reading) return needing({ fact: 'mappings', function: name });
      const mappings = 'value' in reading ? reading.value : undefined;
      if (!mappings || mappings.some(({ source }) => source === stream)) return nothing;
      if (now < ended + STREAM_KEEPS_MS)
        return unmanaged(observed, table, 'attach-consumer') ?? attaching(consumer);
      return missing(
        table,
        `The function ${name} has no event source mapping of the table's stream. The drain window ended at ${sayInstant(ended)}, and a stream keeps changes for 24 hours, so rotate does not attach it. Changes that the function has not read are lost.`,
        now,
      );
    }),
  );
}

const streamOf = ({ schema, stream }: TableState): string | undefined =>
  schema.StreamSpecification?.StreamEnabled ? stream : undefined;

const held = (table: Table, reason: HoldBody['reason'], message: string, now: number): Outcome =>
  holding({ kind: 'attach-consumer', reason, message, ...(isNear(table, now) && { urgent: true }) });

const missing = (table: Table, message: string, now: number): Outcome =>
  held(table, 'consumer-missing', message, now);

const attaching = ({ function: name, settings }: Consumer): Outcome =>
  acting({
    kind: 'attach-consumer',
    reason: 'consumer-missing',
    message: `The function ${name} has no event source mapping of the table's stream.`,
    function: name,
    settings,
  });
