/** Writers and readers over two midnights, while rotate and purge run. */
import { setTimeout as sleep, setImmediate as yieldToOthers } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRotatingClient, type RotatingClient } from '../../src/client/index.ts';
import { clientOptions, openWorld, type RotatingWorld } from '../support/rotating.ts';
import { at, DAY, HOUR, MINUTE } from '../support/specs.ts';

interface Event {
  Key: string;
  Timestamp: number;
  Sequence: number;
}

const START = at('2026-11-21T22:00');
const END = at('2026-11-24T02:00');
const WRITERS = ['a', 'b', 'c'];
/** A reader that has seen everything looks again after this long, so that it does not only compete with the writers. */
const POLL_MS = 20;

let world: RotatingWorld;
let client: RotatingClient<Event>;

beforeEach(async () => {
  world = await openWorld({ start: START - 5 * DAY, keep: 4 });
  client = createRotatingClient(clientOptions(world));
  await world.run('rotate');
  await world.live(START, 12 * HOUR);
});

afterEach(() => world.close());

/** Lets time pass until the end, ten minutes at a time, with the jobs every two hours. */
async function clock(): Promise<void> {
  while (world.now < END) {
    world.now += 10 * MINUTE;
    if (world.now % (2 * HOUR) === 0) await world.run('rotate', 'purge');
    await yieldToOthers();
  }
}

/** Writes items with the current time, or `late` milliseconds earlier, in the order of their timestamps. */
async function writer(Key: string, late: number, written: Event[], done: Set<string>): Promise<void> {
  let last = 0;
  while (world.now < END) {
    const Timestamp = Math.max(last + 1, world.now - late);
    last = Timestamp;
    const item = { Key, Timestamp, Sequence: written.length };
    await client.put(item);
    written.push(item);
  }
  done.add(Key);
}

const ofKey = (Key: string) => ({
  KeyConditionExpression: '#k = :k',
  ExpressionAttributeNames: { '#k': 'Key' },
  ExpressionAttributeValues: { ':k': Key },
});

/** Reads the items of one writer to the end by cursors, as separate processes could do for each page. */
async function reader(Key: string, done: ReadonlySet<string>): Promise<Event[]> {
  const seen: Event[] = [];
  for (let more = true; more; ) {
    more = !done.has(Key);
    const from = (seen.at(-1)?.Timestamp ?? START - DAY) + 1;
    let cursor: string | undefined;
    do {
      const page = await client.query({ ...ofKey(Key), from, ...(cursor && { cursor }) }).take(7);
      seen.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== undefined);
    await sleep(POLL_MS);
  }
  return seen;
}

it('returns every item once and in order while tables rotate', async () => {
  const before = await world.tables();
  const done = new Set<string>();
  const logs = WRITERS.map((): Event[] => []);
  const [, , ...followed] = await Promise.all([
    clock(),
    Promise.all(WRITERS.map((key, i) => writer(key, i * MINUTE, logs[i]!, done))),
    ...WRITERS.map((key) => reader(key, done)),
  ]);
  for (const [i, key] of WRITERS.entries()) {
    expect(logs[i]!.length).toBeGreaterThan(100);
    expect(followed[i], `items of ${key} that a reader saw while they were written`).toEqual(logs[i]);
  }
  const after = await world.tables();
  expect(
    before.filter((table) => !after.includes(table)).length,
    'tables that purge deleted',
  ).toBeGreaterThan(1);
  const tables = new Set(logs.flat().map(({ Timestamp }) => new Date(Timestamp).toISOString().slice(0, 10)));
  expect(tables.size).toBeGreaterThanOrEqual(4);
  for (const [i, key] of WRITERS.entries()) {
    const oldest: Event[] = [];
    for await (const item of client.query({ ...ofKey(key) })) oldest.push(item);
    expect(oldest).toEqual(logs[i]);
    const newest: Event[] = [];
    for await (const item of client.query({ ...ofKey(key), order: 'newest-first' })) newest.push(item);
    expect(newest).toEqual(logs[i]!.toReversed());
  }
  const everything = new Set<string>();
  for await (const { Key, Sequence } of client.scan({ order: 'unordered', pageSize: 20 })) {
    expect(everything.has(`${Key}${Sequence}`)).toBe(false);
    everything.add(`${Key}${Sequence}`);
  }
  expect(everything.size).toBe(logs.flat().length);
});

it('continues a read if the next table is deleted', async () => {
  for (let time = START - 2 * HOUR; time < START; time += 10 * MINUTE)
    await client.put({ Key: 'a', Timestamp: time, Sequence: 0 });
  const reading = client.query({ ...ofKey('a'), pageSize: 1 });
  let seen = 0;
  for await (const _ of reading) {
    seen += 1;
    // A week later, the table is purged.
    if (seen === 3) await world.live(START + 7 * DAY);
  }
  expect(await world.tables()).not.toContain('20261121');
  expect(seen).toBeGreaterThanOrEqual(3);
  expect(seen).toBeLessThan(12);
});
