/** What rotate says of an event source mapping that exists. It changes none. */
import { sayInstant } from '../calendar/instant.ts';
import type { EventSourceMapping } from '../facts.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { combined, type HoldBody, holding, nothing, type Outcome } from '../outcome.ts';
import type { Consumer } from '../spec.ts';
import { hasProblem, isOverdue, PROBLEM, undelivered, undeliveredSince } from './delivery.ts';
import { isNear } from './urgency.ts';

/** A table, one of its consumers, and the mapping between them. */
export interface Attached {
  readonly observed: Observed;
  readonly table: Table;
  readonly consumer: Consumer;
  readonly mapping: EventSourceMapping;
  /** Epoch milliseconds. */
  readonly now: number;
}

const held = (reason: HoldBody['reason'], message: string): HoldBody => ({
  kind: 'attach-consumer',
  reason,
  message,
});

/** https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html */
export function mappingState(attached: Attached): Outcome {
  const { table, consumer, mapping, now } = attached;
  const { id, state, stateReason, changedAt: since = now } = mapping;
  const what = `The event source mapping ${id} of the function ${consumer.function} is ${state}`;
  const lacking = (hold: HoldBody, atOnce: boolean): Outcome =>
    holding(
      undelivered({ ...hold, ...(atOnce && isNear(table, now) && { urgent: true }) }, since, table, now),
    );
  switch (state) {
    case 'Enabled':
      return combined(failing(attached), settingsDiffer(attached));
    case 'Creating':
    case 'Enabling':
    case 'Updating': {
      // Each of these usually takes seconds.
      if (!isOverdue(since, table, now)) return settingsDiffer(attached);
      const message = `${what} since ${sayInstant(since)}. If it stays so, ask AWS Support.`;
      return lacking(held('consumer-missing', message), false);
    }
    case 'Disabling':
    case 'Disabled': {
      const who = stateReason ? ` (${stateReason})` : '';
      const message = `${what}${who} since ${sayInstant(since)}, so the function gets no changes. A stream keeps changes for 24 hours. Enable the mapping by hand, or remove the function from Consumers.`;
      return lacking(held('consumer-disabled', message), /lambda/i.test(stateReason ?? ''));
    }
    case 'Deleting':
      return lacking(
        held('consumer-missing', `${what}. Rotate creates another one as soon as it is gone.`),
        true,
      );
    default:
      return lacking(
        held('consumer-missing', `${what}. This version of Turntable does not know the state.`),
        true,
      );
  }
}

/** The hold for a function that fails with the changes. One failure is nothing unusual, because Lambda tries again. */
function failing({ observed, table, consumer, mapping, now }: Attached): Outcome {
  if (!hasProblem(mapping)) return nothing;
  const reader = { kind: 'Lambda', name: consumer.function, status: PROBLEM } as const;
  const since = undeliveredSince(observed, table.name, reader, now);
  const lasting = since < now ? ` Runs have seen this since ${sayInstant(since)}.` : '';
  const message = `The last result of the event source mapping ${mapping.id} of the function ${consumer.function} is "${mapping.lastResult}".${lasting} A stream keeps changes for 24 hours. See the logs and the metrics of the function.`;
  return holding(undelivered(held('consumer-failing', message), since, table, now));
}

/** StartingPosition counts only when a mapping is created. What the spec does not say is left to Lambda. */
function settingsDiffer({ consumer, mapping: { id, settings } }: Attached): Outcome {
  const { StartingPosition: _, ...wanted } = consumer.settings;
  const different = Object.keys(wanted)
    .filter((key) => !isHidden(key, settings) && !has(settings[key], wanted[key]))
    .map((key) => `${key} is ${text(settings[key]) ?? 'not set'}, but the spec says ${text(wanted[key])}.`);
  if (different.length === 0) return nothing;
  const message = `The event source mapping ${id} of ${consumer.function} differs: ${different.join(' ')} Change it by hand. Rotate creates the mappings of later tables as the spec says.`;
  return holding(held('settings-differ', message));
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
