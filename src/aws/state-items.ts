import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { MINUTE_MS } from '../core/calendar/period.ts';
import type { ScheduledDeletion, SeenOwnership, Suspension } from '../core/facts.ts';
import { suspendable } from '../core/guards/suspensions.ts';
import type { ValidConfig } from '../core/valid-config.ts';
import type { Item } from './state-records.ts';

/** Whether a number is a valid instant. DynamoDB's numbers are not limited to the range of dates. */
export const isInstant = (epochMs: number): boolean => !Number.isNaN(new Date(epochMs).getTime());

/** A scheduled deletion. An invalid one is ignored, so that its table starts a new waiting period. */
export function scheduledDeletionFrom({
  Id,
  CreatedAt,
  ScheduledAt,
  ClosedAt,
}: Item): ScheduledDeletion | undefined {
  const createdAt = Number(CreatedAt?.N);
  const scheduledAt = Number(ScheduledAt?.N);
  if (!isInstant(createdAt) || !isInstant(scheduledAt)) return undefined;
  if (!ClosedAt) return { table: Id?.S ?? '', createdAt, scheduledAt };
  const closedAt = Number(ClosedAt.N);
  return isInstant(closedAt) ? { table: Id?.S ?? '', createdAt, scheduledAt, closedAt } : undefined;
}

/** A suspension. One with an invalid end has no end. */
export function suspensionFrom({ Id, Since, Until, Reason, By }: Item): Suspension | undefined {
  const what = suspendable.find((name) => name === Id?.S);
  if (!what) return undefined;
  const since = Number(Since?.N);
  const until = Number(Until?.N);
  return {
    what,
    since: isInstant(since) ? since : 0,
    ...(isInstant(until) && { until }),
    ...(Reason?.S !== undefined && { reason: Reason.S }),
    ...(By?.S !== undefined && { by: By.S }),
  };
}

/** A memory has a few kilobytes for each table and index of a group. */
const LARGEST_MEMORY_BYTES = 2 ** 22;

/** The newest memory of each group that this process has decompressed. */
const decompressed = new Map<string, { readonly compressed: Uint8Array; readonly memory: string }>();

/** A memory is compressed, because DynamoDB charges writes by the kilobyte. */
export const memoryItem = (memory: string): Item => ({ Memory: { B: deflateRawSync(memory) } });

/** A memory, by its group. Empty if invalid. */
export function memoryFrom({ Id, Memory }: Item): [group: string, memory: string] {
  const group = Id?.S ?? '';
  const compressed = Memory?.B ?? new Uint8Array();
  const before = decompressed.get(group);
  if (before && Buffer.compare(before.compressed, compressed) === 0) return [group, before.memory];
  try {
    const memory = inflateRawSync(compressed, { maxOutputLength: LARGEST_MEMORY_BYTES }).toString();
    decompressed.set(group, { compressed, memory });
    return [group, memory];
  } catch {
    return [group, ''];
  }
}

/** Which tags of a group have been seen, by the group. What is invalid counts as unseen. */
export function ownershipFrom({ Id, Schemes, SeenAt }: Item): [group: string, seen: SeenOwnership] {
  const minutes = Object.entries(SeenAt?.M ?? {}).map(([id, { N }]) => [id, Number(N) * MINUTE_MS] as const);
  const seenAt = new Map(minutes.filter(([, at]) => isInstant(at)));
  return [Id?.S ?? '', { schemes: Schemes?.S ?? '', seenAt }];
}

/** In whole minutes: a few bytes for each table, and thousands of tables in a record. */
export const ownershipItem = ({ schemes, seenAt }: SeenOwnership): Item => ({
  Schemes: { S: schemes },
  SeenAt: {
    M: Object.fromEntries([...seenAt].map(([id, at]) => [id, { N: String(Math.floor(at / MINUTE_MS)) }])),
  },
});

/** The newest valid configuration. An invalid record counts as none. */
export function validConfigFrom({ Place, Versions, Since }: Item): ValidConfig | undefined {
  const since = Number(Since?.N);
  const versions = Object.entries(Versions?.M ?? {}).map(([file, { S }]) => [file, S] as const);
  if (Place?.S === undefined || !isInstant(since)) return undefined;
  if (versions.length === 0 || versions.some(([, version]) => !version)) return undefined;
  return { place: Place.S, since, versions: Object.fromEntries(versions) as ValidConfig['versions'] };
}

export const validConfigItem = ({ place, versions, since }: ValidConfig): Item => ({
  Place: { S: place },
  Since: { N: String(Math.floor(since)) },
  Versions: {
    M: Object.fromEntries(Object.entries(versions).map(([file, version]) => [file, { S: version }])),
  },
});
