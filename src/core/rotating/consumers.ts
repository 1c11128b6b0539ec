import { unmanaged } from '../ask.ts';
import { sayInstant } from '../calendar/instant.ts';
import { MINUTE_MS } from '../calendar/period.ts';
import type { EventSourceMapping, TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { acting, combined, type HoldBody, holding, needing, nothing, type Outcome } from '../outcome.ts';
import type { Consumer } from '../spec.ts';
import { isNear } from './urgency.ts';

/** A mapping is Enabled within seconds. If it takes longer than this, an operator has to know. */
const OVERDUE_MS = 15 * MINUTE_MS;

/** Attaches the consumers to the stream of a new table, as soon as the table is ACTIVE. Creation does not wait for Lambda. */
export const consumersOfNewTable = ({ spec }: Table): Outcome => combined(...spec.consumers.map(attaching));

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
  const near = isNear(table, now);
  const held = (reason: HoldBody['reason'], message: string, urgent = near): Outcome =>
    holding({ kind: 'attach-consumer', reason, message, ...(urgent && { urgent }) });
  const stream = state.schema.StreamSpecification?.StreamEnabled ? state.stream : undefined;
  if (stream === undefined)
    return held(
      'consumer-missing',
      `The table has no stream, so the function ${name} gets no changes. Enable a stream as the spec says by hand, and rotate attaches the function.`,
    );
  const reading = observed.mappings(name);
  if (!reading) return needing({ fact: 'mappings', function: name });
  if ('error' in reading)
    return held('unreadable', `Could not read the event source mappings of ${name}: ${reading.error}`);
  if (!reading.value)
    return held(
      'consumer-missing',
      `The function ${name} does not exist, so it gets no changes of the table. Create the function, or correct Consumers.`,
    );
  const mapping = reading.value.find(({ source }) => source === stream);
  if (!mapping) return unmanaged(observed, table, 'attach-consumer', near) ?? attaching(consumer);
  return existing(mapping, consumer, held, now);
}

const attaching = ({ function: name, settings }: Consumer): Outcome =>
  acting({
    kind: 'attach-consumer',
    reason: 'consumer-missing',
    message: `The function ${name} has no event source mapping of the table's stream.`,
    function: name,
    settings,
  });

type Held = (reason: HoldBody['reason'], message: string, urgent?: boolean) => Outcome;

/** What is to say of a mapping that exists. https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html */
function existing(mapping: EventSourceMapping, consumer: Consumer, held: Held, now: number): Outcome {
  const { id, state, stateReason, changedAt } = mapping;
  const what = `The event source mapping ${id} of the function ${consumer.function} is ${state}`;
  switch (state) {
    case 'Enabled':
    case 'Updating':
      return settingsDiffer(mapping, consumer, held);
    case 'Creating':
    case 'Enabling':
      if (changedAt === undefined || now - changedAt < OVERDUE_MS)
        return settingsDiffer(mapping, consumer, held);
      return held(
        'consumer-missing',
        `${what} since ${sayInstant(changedAt)}. If it stays so, ask AWS Support.`,
      );
    case 'Disabling':
    case 'Disabled': {
      const byLambda = /lambda/i.test(stateReason ?? '');
      const who = stateReason ? ` (${stateReason})` : '';
      const message = `${what}${who}, so the function gets no changes. A stream keeps changes for 24 hours. Enable the mapping by hand.`;
      return byLambda ? held('consumer-disabled', message) : held('consumer-disabled', message, false);
    }
    case 'Deleting':
      return held('consumer-missing', `${what}. Rotate creates another one as soon as it is gone.`);
    default:
      return held('consumer-missing', `${what}. This version of Turntable does not know the state.`);
  }
}

/** StartingPosition counts only when a mapping is created. What the spec does not say is left to Lambda. */
function settingsDiffer({ id, settings }: EventSourceMapping, consumer: Consumer, held: Held): Outcome {
  const { StartingPosition: _, ...wanted } = consumer.settings;
  const different = Object.keys(wanted)
    .filter((key) => !isHidden(key, settings) && !has(settings[key], wanted[key]))
    .map((key) => `${key} is ${text(settings[key]) ?? 'not set'}, but the spec says ${text(wanted[key])}.`);
  if (different.length === 0) return nothing;
  const message = `The event source mapping ${id} of ${consumer.function} differs: ${different.join(' ')} Change it by hand. Rotate creates the mappings of later tables as the spec says.`;
  return held('settings-differ', message, false);
}

/** Without a permission for its KMS key, Lambda does not show the filters. */
const isHidden = (key: string, settings: EventSourceMapping['settings']): boolean =>
  key === 'FilterCriteria' && settings.FilterCriteriaError !== undefined;

/** Whether a value that Lambda returns has what the spec says. It can have more, such as an empty OnSuccess. */
function has(found: unknown, wanted: unknown): boolean {
  if (!(wanted instanceof Object) || !(found instanceof Object)) return found === wanted;
  if (Array.isArray(wanted) && wanted.length !== (found as unknown[]).length) return false;
  return Object.entries(wanted).every(([key, value]) => has((found as Record<string, unknown>)[key], value));
}

const text = (value: unknown): string | undefined => JSON.stringify(value);
