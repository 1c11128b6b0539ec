/**
 * Compares builds of the library by wall time, where an application waits for DynamoDB:
 * `npm run -s build && node bench/applications.ts OTHER/dist dist`. Every call takes 20 ms and is answered in memory.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { table } from '../src/cli/views/text.ts';
import type * as Client from '../src/client/index.ts';
import { type Build, buildIn } from './builds.ts';

const LATENCY_MS = 20;
const ROUNDS = 3;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.parse('2026-11-21T12:00:00Z');

interface Input {
  readonly TableName?: string;
  readonly RequestItems?: Record<string, unknown>;
}

/** Answers calls: with an item of every table of `filled`, and with a throttling error for writes to `throttled`. */
const answering = (filled: ReadonlySet<string>, throttled?: string, oldest?: string) => ({
  send: async ({ input }: { readonly input: Input }) => {
    await sleep(LATENCY_MS);
    const { TableName, RequestItems } = input;
    if (TableName && filled.has(TableName)) return { Items: [{ Key: 'a', At: NOW }] };
    if (TableName && oldest && TableName < oldest)
      throw Object.assign(new Error('no table'), { name: 'ResourceNotFoundException' });
    if (throttled && RequestItems && throttled in RequestItems)
      throw Object.assign(new Error('slow down'), { name: 'ProvisionedThroughputExceededException' });
    return { Items: [], TableNames: [oldest] };
  },
});

function openOn(
  { createResolver, createRotatingClient }: Build,
  RotationScheme: 'hourly' | 'daily',
  PurgeRotation: number,
  how: { every: number; throttled?: string; oldest?: string },
) {
  const resolver = createResolver({
    environment: 'bench',
    tables: [{ TableName: 'Events', RotationScheme, PurgeRotation }],
    now: () => NOW,
  });
  const names = resolver.tablesBetween('Events', NOW - 89 * DAY_MS, NOW + 1);
  const filled = new Set(names.filter((_, i) => i % how.every === 0));
  const documents = answering(filled, how.throttled, how.oldest);
  return createRotatingClient({
    documents: documents as unknown as Client.RotatingOptions['documents'],
    resolver,
    group: 'Events',
    key: ['Key', 'At'],
    timestamp: { attribute: 'At', unit: 'milliseconds' },
  });
}

const ofA = {
  KeyConditionExpression: '#k = :k',
  ExpressionAttributeNames: { '#k': 'Key' },
  ExpressionAttributeValues: { ':k': 'a' },
};

/** What each case waits for, and what it returns. */
const cases: readonly [what: string, rounds: number, run: (build: Build) => Promise<string>][] = [
  ...[undefined, 1, 4, 8].map((concurrency): (typeof cases)[number] => [
    `take(20), 90 tables, 18 items, concurrency ${concurrency ?? 'default'}`,
    ROUNDS,
    async (build) => {
      const client = openOn(build, 'daily', 90, { every: 5 });
      const { items } = await client.query({ ...ofA, to: NOW, concurrency }).take(20);
      return `${items.length} items`;
    },
  ]),
  [
    'take(20), 10 tables, 10 items, concurrency 4',
    ROUNDS,
    async (build) => {
      const client = openOn(build, 'daily', 10, { every: 1 });
      const { items } = await client.query({ ...ofA, to: NOW, concurrency: 4 }).take(20);
      return `${items.length} items`;
    },
  ],
  [
    'take(1) from the epoch, hourly tables, all retained',
    1,
    async (build) => {
      const client = openOn(build, 'hourly', -1, { every: 1, oldest: 'bench.Events.2026112100' });
      const { items } = await client.query({ ...ofA, from: 0, order: 'newest-first' }).take(1);
      return `${items.length} items`;
    },
  ],
  [
    'batchWrite of 1,000 items, 10 tables, 1 throttled, 5 retries',
    1,
    async (build) => {
      const client = openOn(build, 'daily', 10, { every: 1, throttled: 'bench.Events.20261121' });
      const puts = Array.from({ length: 1_000 }, (_, i) => ({
        put: { Key: `${i}`, At: NOW - (i % 10) * DAY_MS },
      }));
      const error = await client.batchWrite(puts, { retries: 5 }).catch((failure: unknown) => failure);
      return `${(error as Client.RotatingError).written} written`;
    },
  ],
];

const builds = await Promise.all(
  (process.argv.length > 2 ? process.argv.slice(2) : ['dist']).map(async (folder) => ({
    folder,
    build: await buildIn(folder),
  })),
);

const rows: string[][] = [];
for (const [what, rounds, run] of cases) {
  const best = builds.map(() => ({ ms: Infinity, result: '' }));
  for (let round = 0; round < rounds; round += 1)
    for (const [i, { build }] of builds.entries()) {
      const began = performance.now();
      const result = await run(build);
      best[i] = { ms: Math.min(best[i]!.ms, performance.now() - began), result };
    }
  for (const [i, { ms, result }] of best.entries())
    rows.push([what, builds[i]!.folder, ms.toFixed(0), (ms / best[0]!.ms).toFixed(2), result]);
}
console.log(
  table(
    [
      { title: 'CASE' },
      { title: 'BUILD' },
      { title: 'MS', align: 'right' },
      { title: '× FIRST', align: 'right' },
      { title: 'RESULT' },
    ],
    rows,
  ),
);
