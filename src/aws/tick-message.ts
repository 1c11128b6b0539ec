/** A tick as a message. Names are compressed: thousands of them differ in a few characters, and SQS charges each 64 KB. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { iso, parseRunInstant } from '../core/calendar/instant.ts';
import type { Tick } from '../ports.ts';

const VERSION = 1;
const LARGEST_NAMES_BYTES = 2 ** 26;

/** What cannot be read of a message. Another version of Turntable might have sent it. */
export class InvalidTick extends Error {
  constructor(why: string) {
    super(`The message is not a tick of a shard: ${why}. Only the coordinator may send to the queue.`);
    this.name = 'InvalidTick';
  }
}

export const bodyOf = ({ shard, shards, stamp, at, names, elsewhere }: Tick): string =>
  JSON.stringify({
    version: VERSION,
    ...{ shard, shards, stamp, at: iso(at), elsewhere },
    names: deflateRawSync(names.join('\n')).toString('base64'),
  });

/** @throws InvalidTick */
export function tickFrom(body: string): Tick {
  const { version, shard, shards, stamp, at, elsewhere, names } = parsed(body);
  if (version !== VERSION) throw new InvalidTick(`its version is ${JSON.stringify(version)}, not ${VERSION}`);
  const instant = typeof at === 'string' ? parseRunInstant(at) : undefined;
  const { read, write } = (elsewhere ?? {}) as Partial<Record<string, unknown>>;
  if (!isCount(shards) || shards < 1) throw new InvalidTick('"shards" is not a number of shards');
  if (!isCount(shard) || shard >= shards) throw new InvalidTick('"shard" is not one of its shards');
  if (typeof stamp !== 'string') throw new InvalidTick('"stamp" is not a text');
  if (instant === undefined) throw new InvalidTick('"at" is not an instant');
  if (!isCount(read) || !isCount(write)) throw new InvalidTick('"elsewhere" has no numbers of units');
  return { shard, shards, stamp, at: instant, names: namesFrom(names), elsewhere: { read, write } };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function parsed(body: string): Partial<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new InvalidTick('its body is not JSON');
  }
  if (typeof value !== 'object' || value === null) throw new InvalidTick('its body is not an object');
  return value as Partial<Record<string, unknown>>;
}

function namesFrom(value: unknown): string[] {
  try {
    const compressed = Buffer.from(value as string, 'base64');
    const text = inflateRawSync(compressed, { maxOutputLength: LARGEST_NAMES_BYTES }).toString();
    return text === '' ? [] : text.split('\n');
  } catch {
    throw new InvalidTick('"names" cannot be read');
  }
}
