/**
 * Plays the midnight between two periods of many groups: `node bench/midnight.ts [OPTIONS]`. The packaged functions run in processes of
 * their own, with the memory and the share of a processor that Lambda gives them, against an AWS with latency and quotas. Time is
 * virtual: see bench/midnight/process.mjs. Prints each minute's calls, how many tables of the next period have their capacity, and
 * which runs did not end in time.
 *
 * --groups N       daily groups, each with as much demand. Default: 100
 * --checkout PATH  the checkout whose functions run. Default: this one
 * --retained N     tables that each group retains. Default: 3
 * --memory MB      of the functions. Default: 256
 * --mutating N     changes of tables per second that the account accepts, and ChangesPerSecond. Default: 10
 * --from HH:MM     the first minute that counts. Default: 23:40
 * --minutes N      how many count. Default: 30
 * --learn N        runs of scale before that. Default: until every group is learned
 * --copied N       groups that scale learns. The others get copies of what it has learned of them, because all have the same demand.
 *                  Default: it learns all groups
 * --learned FILE   where to save what the runs before the last 31 have left, and to read it from if the file exists. Default: nowhere
 * --json           print only the sums, as JSON
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsState } from '../src/aws/state.ts';
import { table } from '../src/cli/views/text.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import { copyMemories } from './copied-memories.ts';
import { startBenchAws } from './midnight/aws.ts';
import { type Ended, LambdaFunction } from './midnight/functions.ts';
import { commitOf, packaged } from './packaged.ts';
import { learnedOnce } from './saved-state.ts';

/** What `--json` prints. */
export interface MidnightSums {
  readonly groups: number;
  readonly tables: number;
  readonly memoryMb: number;
  /** The most that a function had, MB. */
  readonly mostMb: number;
  /** How long scale takes in a minute. A run that was killed counts as its whole time. */
  readonly meanSeconds: number;
  readonly dearestSeconds: number;
  /** Calls of scale in a minute. */
  readonly meanCalls: number;
  readonly mostCalls: number;
  /** Processor time of all functions in a minute. */
  readonly meanCpuSeconds: number;
  /** The same of each minute. */
  readonly cpuSeconds: readonly number[];
  /** How many minutes before midnight all tables of the next period were raised; null if they never were. */
  readonly minutesBefore: number | null;
  /** Runs that failed or were killed. */
  readonly troubles: readonly string[];
  /** Of the function scale, by its mean minute. */
  readonly usdPerMonth: number;
}

const { values } = parseArgs({
  options: {
    groups: { type: 'string', default: '100' },
    checkout: { type: 'string', default: join(import.meta.dirname, '..') },
    retained: { type: 'string', default: '3' },
    memory: { type: 'string', default: '256' },
    mutating: { type: 'string', default: '10' },
    from: { type: 'string', default: '23:40' },
    minutes: { type: 'string', default: '30' },
    learn: { type: 'string' },
    copied: { type: 'string' },
    learned: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const groups = Number(values.groups);
const memoryMb = Number(values.memory);
const checkout = resolve(values.checkout);

/** https://aws.amazon.com/lambda/pricing/, us-east-1, x86. */
const USD_PER_GB_SECOND = 0.0000166667;
const USD_PER_REQUEST = 0.2 / 1e6;
/** One a minute. */
const RUNS_A_MONTH = (730 * HOUR_MS) / MINUTE_MS;

const STAGE = 'bench';
const MIDNIGHT = Date.parse('2026-11-22T00:00:00Z');
const START = Date.parse(`2026-11-21T${values.from}:00Z`);
const END = START + Number(values.minutes) * MINUTE_MS;
const UNITS = 10;
/** Units per second that each current table consumes. */
const DEMAND = 5;
/** Histories of groups, each for reads and for writes, that one run of scale learns. */
const HISTORIES_PER_RUN = 40;
/** Lambda gives a function a whole processor at this memory: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MB_PER_PROCESSOR = 1_769;

/** The functions of serverless.yml: when they run, and for how long they may, in both checkouts. */
const functionsOf = {
  rotate: { isAt: (minute: number) => [5, 50, 54].includes(minute), limitMs: 300_000 },
  scale: { isAt: () => true, limitMs: 55_000 },
} as const;
type Job = keyof typeof functionsOf;
const jobs = Object.keys(functionsOf) as Job[];

const config = {
  'tables.json': Array.from({ length: groups }, (_, i) => ({
    TableName: `Group${i}`,
    RotationScheme: 'daily',
    PurgeRotation: Number(values.retained),
    Backfill: Number(values.retained) - 1,
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
      ProvisionedThroughput: { ReadCapacityUnits: UNITS, WriteCapacityUnits: UNITS },
      OutdatedTableProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    },
  })),
  'settings.json': {
    Defaults: {
      // A checkout without this key has no rate.
      ...(readFileSync(join(checkout, 'schemas/settings.schema.json'), 'utf8').includes(
        'ChangesPerSecond',
      ) && {
        ChangesPerSecond: Number(values.mutating),
      }),
      Scaling: { Read: { Min: UNITS }, Write: { Min: UNITS } },
    },
  },
};

const dayOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10).replaceAll('-', '');
const minuteOf = (instant: number): number => new Date(instant).getUTCMinutes();
const stateTable = `${STAGE}.turntable`;
/** A table exists from the day before its period until its retention ends. */
function sumAt(name: string, minute: number): number | undefined {
  const day = name.slice(-8);
  if (day === dayOf(minute)) return DEMAND * 60;
  return day >= dayOf(minute - Number(values.retained) * DAY_MS) && day <= dayOf(minute + DAY_MS)
    ? 0
    : undefined;
}
const aws = await startBenchAws(stateTable, sumAt);
const credentials = { accessKeyId: 'embedded', secretAccessKey: 'embedded' };
const client = new DynamoDBClient({ endpoint: aws.env.AWS_ENDPOINT_URL!, region: 'us-east-1', credentials });
await awsState(client, STAGE).initialize();

const packagedFunction = await packaged(checkout, config, STAGE);
const env = {
  ...aws.env,
  TURNTABLE_ENVIRONMENT: STAGE,
  AWS_DISABLE_REQUEST_COMPRESSION: 'true', // compression in other threads would not count
  NODE_OPTIONS: '--enable-source-maps',
};
const functions = new Map(
  jobs.map((job) => {
    const own = { ...env, AWS_SDK_UA_APP_ID: job };
    return [job, new LambdaFunction(packagedFunction(job), own, memoryMb)] as const;
  }),
);

/** The longest time that Lambda gives a function. */
const LONGEST_MS = 15 * MINUTE_MS;

/** Runs a job before the midnight that counts, in no time. */
async function prepare(job: Job, at: number): Promise<void> {
  const ended = await functions.get(job)!.invoke({ at, limitMs: LONGEST_MS, share: Infinity }, Infinity);
  if (ended?.outcome !== 'done') throw new Error(`${job} did not end well: ${JSON.stringify(ended)}`);
}

const learnedGroups = Number(values.copied ?? groups);
const copiedAfter = Math.ceil((learnedGroups * 2) / HISTORIES_PER_RUN);
const learning = Number(values.learn ?? copiedAfter + 3);
const began = START - learning * MINUTE_MS;
/** Within these runs, scale looks at every table once. So they are played also if the rest is read from a file. */
const LAST_RUNS = 31;
const playedFrom = Math.max(began, START - LAST_RUNS * MINUTE_MS);
const names = config['tables.json'].map(({ TableName }) => TableName);

async function playScale(from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += MINUTE_MS) {
    await prepare('scale', at);
    if (values.copied && at === began + (copiedAfter - 1) * MINUTE_MS)
      await copyMemories(client, stateTable, names);
    process.stderr.write(`\r${new Date(at).toISOString().slice(11, 16)} `);
  }
}

async function learn(): Promise<void> {
  await prepare('rotate', began - 3 * HOUR_MS);
  // Sees the tags of the tables.
  await prepare('rotate', began - HOUR_MS);
  await playScale(began, playedFrom);
}
const of = `${groups} groups with ${values.retained} retained tables, ${values.from}`;
await learnedOnce(values.learned, of, { aws, client, stateTable }, learn);
await playScale(playedFrom, START);
process.stderr.write('\n');

const next = dayOf(MIDNIGHT);
const raised = (): number =>
  [...aws.tables.values()].filter(({ name, units }) => name.endsWith(next) && units.write >= UNITS).length;

interface Minute {
  readonly at: number;
  readonly notes: string[];
  calls: number;
  scaleCalls: number;
  throttled: number;
  byOperation: Readonly<Record<string, number>>;
  raised: number;
  cpuMs: number;
  /** How long the run of scale took, milliseconds; undefined if it was killed. */
  scaleMs?: number;
}
const minutes: Minute[] = [];
/** The most memory that a function had, MB. */
let mostMb = 0;
aws.counted();
aws.limit(Number(values.mutating));
const share = memoryMb / MB_PER_PROCESSOR;

function note(job: Job, ended: Ended, startedAt: number): void {
  const minute = minutes.find(({ at }) => at === startedAt)!;
  minute.cpuMs += ended.cpuMs ?? 0;
  mostMb = Math.max(mostMb, ended.rssMb ?? 0);
  if (job === 'scale' && ended.type === 'done') minute.scaleMs = ended.at - startedAt;
  const took = `${((ended.at - startedAt) / 1000).toFixed(0)} s`;
  if (ended.type === 'killed') minute.notes.push(`${job} killed`);
  else if (ended.rssMb! > memoryMb) minute.notes.push(`${job} out of memory (${ended.rssMb!.toFixed(0)} MB)`);
  else if (ended.outcome !== 'done' || job === 'rotate')
    minute.notes.push(`${job} ${ended.outcome} after ${took}`);
}

/** Starts of the runs that have not ended. */
const open = new Map<Job, number>();

/** Lets functions that wait go on, the earliest first, until all wait beyond an instant. */
async function advance(until: number): Promise<void> {
  for (;;) {
    const waiting = [...open].map(([job, startedAt]) => ({ job, startedAt, of: functions.get(job)! }));
    const [first, second] = waiting.sort((a, b) => a.of.waitsUntil! - b.of.waitsUntil!);
    if (!first || first.of.waitsUntil! >= until) return;
    const ended = await first.of.resume(Math.min(second?.of.waitsUntil ?? Infinity, until));
    if (!ended) continue;
    open.delete(first.job);
    note(first.job, ended, first.startedAt);
  }
}

/** A process that compares checkouts lets each of them play a minute in turn, so that other work of the machine slows them alike. */
async function turn(): Promise<void> {
  if (!process.send) return;
  process.send('waiting');
  await once(process, 'message');
}

for (let at = START; at < END; at += MINUTE_MS) {
  await turn();
  await advance(at);
  minutes.push({
    at,
    notes: [],
    calls: 0,
    scaleCalls: 0,
    throttled: 0,
    byOperation: {},
    raised: 0,
    cpuMs: 0,
  });
  for (const job of jobs) {
    const { isAt, limitMs } = functionsOf[job];
    if (!isAt(minuteOf(at))) continue;
    const ended = await functions.get(job)!.invoke({ at, limitMs, share }, at);
    if (ended) note(job, ended, at);
    else open.set(job, at);
  }
  await advance(at + MINUTE_MS - 1);
  const { calls, byCaller, throttled } = aws.counted();
  const sum = Object.values(calls).reduce((total, count) => total + count, 0);
  const scaleCalls = byCaller.scale ?? 0;
  Object.assign(minutes.at(-1)!, { calls: sum, scaleCalls, throttled, byOperation: calls, raised: raised() });
  process.stderr.write(`\r${new Date(at).toISOString().slice(11, 16)} ${sum} calls, ${raised()} raised   `);
}
await advance(Infinity);
process.stderr.write('\n');
for (const one of functions.values()) one.close();
client.destroy();
await aws.close();

const meanOf = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0) / all.length;
const seconds = minutes.map(({ scaleMs = functionsOf.scale.limitMs }) => scaleMs / 1000);
const meanSeconds = meanOf(seconds);
const usdPerMonth = RUNS_A_MONTH * (meanSeconds * (memoryMb / 1024) * USD_PER_GB_SECOND + USD_PER_REQUEST);
const counts = minutes.map(({ scaleCalls }) => scaleCalls);
const cpuSeconds = minutes.map(({ cpuMs }) => cpuMs / 1000);
const last = minutes.find(({ raised: count }) => count >= groups);
const sums: MidnightSums = {
  groups,
  tables: aws.tables.size,
  memoryMb,
  mostMb,
  meanSeconds,
  dearestSeconds: Math.max(...seconds),
  meanCalls: meanOf(counts),
  mostCalls: Math.max(...counts),
  meanCpuSeconds: meanOf(cpuSeconds),
  cpuSeconds,
  minutesBefore: last ? (MIDNIGHT - last.at) / MINUTE_MS : null,
  troubles: minutes.flatMap(({ notes }) => notes).filter((one) => !/^rotate done/.test(one)),
  usdPerMonth,
};
if (values.json) {
  console.log(JSON.stringify(sums));
  process.exit(0);
}
const right = (title: string) => ({ title, align: 'right' as const });
console.log(
  `${await commitOf(checkout)}: ${groups} groups, ${aws.tables.size} tables, ${memoryMb} MB, ${values.mutating} changes per second`,
);
console.log(
  table(
    [
      { title: 'MINUTE' },
      right('CALLS'),
      right('THROTTLED'),
      right('TAGS READ'),
      right('CHANGES'),
      right('RAISED'),
      right('CPU S'),
      right('SCALE S'),
      { title: 'RUNS' },
    ],
    minutes.map(({ at, calls, throttled, byOperation, raised: so, cpuMs, scaleMs, notes }) => [
      new Date(at).toISOString().slice(11, 16),
      ...[calls, throttled, byOperation.ListTagsOfResource ?? 0, byOperation.UpdateTable ?? 0, so].map(
        String,
      ),
      (cpuMs / 1000).toFixed(1),
      scaleMs === undefined ? '' : (scaleMs / 1000).toFixed(1),
      notes.join(', '),
    ]),
  ),
);
console.log(
  `The dearest minute of scale has ${(sums.mostCalls / sums.meanCalls).toFixed(1)} times the calls of its mean minute.`,
);
console.log(
  `A run of scale takes ${meanSeconds.toFixed(1)} s in the mean, ${sums.dearestSeconds.toFixed(1)} s at most. A function has ${mostMb.toFixed(0)} MB at most. ` +
    `Scale costs USD ${usdPerMonth.toFixed(2)} per month of such minutes.`,
);
process.exit(0);
