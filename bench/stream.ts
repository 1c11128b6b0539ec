/**
 * Measures memory while the client reads a million items over 14 tables: `node bench/stream.ts`.
 * `node bench/stream.ts OTHER/dist dist` compares the processor time per item of builds, in processes that take turns. Put the other
 * build into a folder of this clone, so that both use the same SDK.
 * The unmodified SDK talks to another process, which generates full pages and stores nothing, so only the client's own
 * memory is measured.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { table } from '../src/cli/views/text.ts';
import type { RangeOptions } from '../src/client/index.ts';
import { buildIn, compare } from './builds.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
const TURNS = 7;
if (positionals.length > 1) {
  console.log(await compare(import.meta.filename, positionals, TURNS));
  process.exit();
}
const { createResolver, createRotatingClient } = await buildIn(positionals[0]);
const ITEMS = values.json ? 300_000 : 1_000_000;
const TABLES = 14;
const MEGABYTE = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const server = fork(new URL('pages.ts', import.meta.url), [String(Math.ceil(ITEMS / TABLES))]);
const [endpoint] = (await once(server, 'message')) as [string];

const now = Date.parse('2026-11-21T12:00:00Z');
const dynamodb = new DynamoDBClient({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
});
const documents = DynamoDBDocumentClient.from(dynamodb);
const resolver = createResolver({
  environment: 'bench',
  // Thirteen past tables and the current one. The range ends before the upcoming table.
  tables: [{ TableName: 'Events', RotationScheme: 'daily', PurgeRotation: TABLES }],
  now: () => now,
});
const client = createRotatingClient({
  documents,
  resolver,
  group: 'Events',
  key: ['Key', 'Timestamp'],
  timestamp: { attribute: 'Timestamp', unit: 'milliseconds' },
});

interface Measurement {
  readonly read: string;
  readonly items: number;
  readonly perSecond: number;
  /** CPU microseconds of this process per item. Unlike time, it does not depend on what else the machine does. */
  readonly cpu: number;
  /** MB of live heap above the starting value, after a tenth of the items and at the end. */
  readonly early: number;
  readonly late: number;
}

const heapMb = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed / MEGABYTE;
};

/** The loop that an application would write without the client. */
async function* bySdkAlone(): AsyncGenerator<unknown> {
  const { from } = resolver.retention('Events');
  for (const TableName of resolver.tablesBetween('Events', from, now))
    for await (const { Items = [] } of paginateScan({ client: documents }, { TableName })) yield* Items;
}

const byClient = (how: RangeOptions) => client.scan({ to: now, ...how });

const sum = ({ user, system }: NodeJS.CpuUsage): number => user + system;

async function measure(read: string, source: AsyncIterable<unknown>): Promise<Measurement> {
  const before = heapMb();
  const began = performance.now();
  const cpuBegan = process.cpuUsage();
  let pausedMs = 0;
  let pausedCpu = 0;
  let items = 0;
  const live: number[] = [];
  for await (const _ of source) {
    items += 1;
    if (items % Math.floor(ITEMS / 10) !== 0) continue;
    const paused = performance.now();
    const cpuPaused = process.cpuUsage();
    live.push(heapMb() - before);
    pausedMs += performance.now() - paused;
    pausedCpu += sum(process.cpuUsage(cpuPaused));
  }
  const seconds = (performance.now() - began - pausedMs) / 1000;
  const cpu = (sum(process.cpuUsage(cpuBegan)) - pausedCpu) / items;
  return { read, items, perSecond: items / seconds, cpu, early: live[0]!, late: live.at(-1)! };
}

const measurements = [
  await measure('warm-up', bySdkAlone()),
  await measure('the SDK alone, table by table', bySdkAlone()),
  await measure('in order', byClient({})),
  await measure('in order, 4 tables ahead', byClient({ concurrency: 4 })),
  await measure('side by side, 4 tables', byClient({ order: 'unordered' })),
].slice(1);

const right = (title: string) => ({ title, align: 'right' as const });
if (values.json)
  console.log(
    JSON.stringify(Object.fromEntries(measurements.map(({ read, cpu }) => [`${read}, µs per item`, cpu]))),
  );
else
  console.log(
    table(
      [
        { title: 'READ' },
        right('ITEMS'),
        right('ITEMS/S'),
        right('CPU µs PER ITEM'),
        right('× SDK'),
        right('LIVE MB AT 10%'),
        right('LIVE MB AT THE END'),
      ],
      measurements.map(({ read, items, perSecond, cpu, early, late }) => [
        read,
        String(items),
        perSecond.toFixed(0),
        cpu.toFixed(2),
        (cpu / measurements[0]!.cpu).toFixed(2),
        early.toFixed(1),
        late.toFixed(1),
      ]),
    ),
  );
dynamodb.destroy();
server.kill();
