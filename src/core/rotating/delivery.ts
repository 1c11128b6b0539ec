/** Whether the changes of a table reach its consumers, and since when they do not. */
import { sayInstant } from '../calendar/instant.ts';
import type { EventSourceMapping, Sighting, StreamDestination } from '../facts.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import type { HoldBody } from '../outcome.ts';
import { withoutService } from '../shortage.ts';
import { kinesisArn } from '../streams.ts';
import { aspectKey } from '../usability.ts';
import { isNear } from './urgency.ts';

/** The hold for a consumer that gets no changes since an instant, epoch milliseconds. If it lasts and the period is near, it is urgent. */
export const undelivered = (hold: HoldBody, since: number, table: Table, now: number): HoldBody =>
  isNear(table, now) ? withoutService(hold, 'undelivered', since, table, now) : hold;

/** Whether a state that ends by itself has lasted too long: `FailAfter.UnusableMinutes`. */
export const isOverdue = (since: number, { spec }: Table, now: number): boolean =>
  now - since >= spec.settings.failAfter.unusableMs;

/** A function or a data stream, by its name or ARN as in the spec. They can have the same name. */
interface Reader {
  readonly kind: 'Lambda' | 'Kinesis';
  readonly name: string;
}

const keyOf = (table: string, { kind, name }: Reader): string => aspectKey(table, `${kind} ${name}`);

/** The status of a function that fails with the changes. */
export const PROBLEM = 'PROBLEM';

/** Only a data stream that was ACTIVE has these statuses. */
const AFTER_ACTIVE: ReadonlySet<string> = new Set(['UPDATING', 'DISABLING', 'DISABLED']);

/** What runs have seen of a consumer, unless its changes were delivered in between. */
function sightingOf({ undelivered }: Observed, key: string, status: string): Sighting | undefined {
  const known = undelivered.get(key);
  const delivered = AFTER_ACTIVE.has(status) && !AFTER_ACTIVE.has(known?.status ?? status);
  return delivered ? undefined : known;
}

/** Since when runs have seen that a consumer gets no changes of a table. AWS does not say so of every state. */
export const undeliveredSince = (
  observed: Observed,
  table: string,
  reader: Reader & { readonly status: string },
  now: number,
): number => Math.min(now, sightingOf(observed, keyOf(table, reader), reader.status)?.since ?? now);

/** `, and has not been ACTIVE since 2026-11-21 12:00 UTC`, or nothing if a run sees it for the first time. */
export const sayUndelivered = (since: number, now: number): string =>
  since < now ? `, and has not been ACTIVE since ${sayInstant(since)}` : '';

/**
 * Whether the function has failed with the last changes. AWS documents LastProcessingResult as text without its values. Its
 * examples are `No records processed`, `OK` and `PROBLEM: Function call failed`.
 * https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html
 */
export const hasProblem = ({ lastResult }: EventSourceMapping): boolean => /^problem/i.test(lastResult ?? '');

/** Whether DynamoDB sends changes of a table to a data stream. */
const isDelivering = ({ status }: StreamDestination): boolean => status === 'ACTIVE';

/**
 * What to remember of the consumers that get no changes: since when runs have seen it. `enabled`: the tables whose data stream this
 * run has enabled. What could not be read stays as it was.
 */
export function undeliveredAfter(
  observed: Observed,
  tables: readonly Table[],
  enabled: ReadonlySet<string>,
  now: number,
): ReadonlyMap<string, Sighting> {
  const seen = tables
    .filter((table) => isNear(table, now))
    .flatMap((table) => [...functionsOf(observed, table), ...streamOf(observed, table, enabled)])
    .flatMap(({ key, status }): [string, Sighting][] => {
      const known = status === undefined ? observed.undelivered.get(key) : sightingOf(observed, key, status);
      if (known) return [[key, known]];
      return status === undefined ? [] : [[key, { status, since: now }]];
    });
  return new Map(seen);
}

interface Seen {
  readonly key: string;
  /** undefined: it could not be read. */
  readonly status: string | undefined;
}

function functionsOf(observed: Observed, { name, spec }: Table): Seen[] {
  const source = observed.known('description', name)?.stream;
  return spec.consumers.flatMap(({ function: consumer }): Seen[] => {
    const key = keyOf(name, { kind: 'Lambda', name: consumer });
    const reading = observed.mappings(consumer);
    if (source === undefined || !reading || 'error' in reading) return [{ key, status: undefined }];
    const mapping = reading.value?.find((one) => one.source === source);
    return mapping && hasProblem(mapping) ? [{ key, status: PROBLEM }] : [];
  });
}

function streamOf(observed: Observed, { name, spec }: Table, enabled: ReadonlySet<string>): Seen[] {
  const { destination } = spec;
  if (!destination) return [];
  const key = keyOf(name, { kind: 'Kinesis', name: destination.stream });
  if (enabled.has(name)) return [{ key, status: 'ENABLING' }];
  const arn = observed.known('description', name)?.arn;
  const all = observed.known('destinations', name);
  if (!all || arn === undefined) return [{ key, status: undefined }];
  const wanted = kinesisArn(destination.stream, arn);
  const own = all.find(({ stream }) => stream === wanted);
  return own && !isDelivering(own) ? [{ key, status: own.status }] : [];
}
