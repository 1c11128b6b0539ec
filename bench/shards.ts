/**
 * Measures a steady minute of scale in shards: `node bench/shards.ts [OPTIONS]`. The packaged coordinator and worker run in virtual
 * time, each by itself, with the memory and the share of a processor of a function and its part of AWS's quotas: see bench/midnight.
 * So two processors can measure sixteen workers. The critical path is the coordinator until it has sent the ticks, and then the slowest
 * worker of the minute, or the shard that is the slowest by its mean minute. One function without shards has no limit of time.
 *
 * --tables N       tables of the fleet, in daily groups. Default: 10000
 * --per-group N    tables of each group, of which one is current and one upcoming. Default: 10
 * --shards N,…     numbers of shards. 1: one function without shards. Default: 1,4,16
 * --memory MB      of the functions. Default: 512
 * --method NAME    the scaling method. predictive first learns each group, 40 histories in a run. Default: predictive
 * --minutes N      minutes to measure for each number of shards. The table has their means: predictive reads the metrics of a
 *                  group in every fifth minute, so this should be a multiple of 5. Default: 10
 * --learned FILE   where to save what the runs before have learned, and to read it from if the file exists. What predictive has learned also
 *                  serves the other methods. Default: nowhere
 * --copied N       groups that predictive learns. The others get copies of what it has learned of them, because all have the same demand.
 *                  Default: it learns all groups
 * --environments   fixed: Lambda lets the same environment work for a shard in each minute. changing: another one each minute, so that none
 *                  knows what the last run of the shard has seen. Lambda promises neither. Default: fixed
 * --alone N,…      tables for which the coordinator and the planner are measured alone, in 64 shards. Default: 10000,100000
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsState } from '../src/aws/state.ts';
import { tickFrom } from '../src/aws/tick-message.ts';
import { table } from '../src/cli/views/text.ts';
import { stateTableName } from '../src/core/calendar/naming.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import { measureAlone } from './alone.ts';
import { copyMemories } from './copied-memories.ts';
import { LATENCY_MS, startBenchAws } from './midnight/aws.ts';
import { type Ended, LambdaFunction } from './midnight/functions.ts';
import { packaged } from './packaged.ts';
import { learnedOnce } from './saved-state.ts';

const { values } = parseArgs({
  options: {
    tables: { type: 'string', default: '10000' },
    'per-group': { type: 'string', default: '10' },
    shards: { type: 'string', default: '1,4,16' },
    memory: { type: 'string', default: '512' },
    method: { type: 'string', default: 'predictive' },
    minutes: { type: 'string', default: '10' },
    learned: { type: 'string' },
    copied: { type: 'string' },
    environments: { type: 'string', default: 'fixed' },
    alone: { type: 'string', default: '10000,100000' },
  },
});
if (values.environments !== 'fixed' && values.environments !== 'changing')
  throw new Error(`--environments ${values.environments} is invalid. It must be fixed or changing.`);
const numbers = (text: string): number[] => text.split(',').filter(Boolean).map(Number);
const memoryMb = Number(values.memory);
const STAGE = 'bench';
const perGroup = Number(values['per-group']);
const groups = Number(values.tables) / perGroup;
const groupNames = Array.from({ length: groups }, (_, i) => `Group${i}`);
const RETAINED = perGroup - 1;
const UNITS = 10;
/** Units per second that each current table consumes. */
const DEMAND = 5;
const NOON = Date.parse('2026-11-21T12:00:00Z');
const LONGEST_MS = 15 * MINUTE_MS;
const LIMIT_MS = 55_000;
/** Histories of groups, each for reads and for writes, that one run of scale learns. */
const HISTORIES_PER_RUN = 40;
const MB_PER_PROCESSOR = 1_769;
/** These minutes are not measured, and processor time takes no time in them: they load code, move records, and describe every table. */
const WARM_UP_MINUTES = 6;
/** A message is on its way for about so long, milliseconds. */
const QUEUE_MS = 20;
/** us-east-1, USD. */
const PRICES = { gbSecond: 0.0000166667, invocation: 0.2 / 1e6, queueRequest: 0.5 / 1e6 };
const MINUTES_A_MONTH = 43_200;

const right = (title: string) => ({ title, align: 'right' as const });

if (groups > 0) {
  const rows = await measureFleet();
  console.log(`${values.tables} tables in ${groups} groups, ${memoryMb} MB, ${values.method}`);
  console.log(
    table(
      [
        right('SHARDS'),
        right('CALLS'),
        right('CPU S, COORDINATOR'),
        right('CPU S, ALL WORKERS'),
        right('WAITS OF A WORKER S'),
        right('TICKS SENT S'),
        right('MEAN WORKER S'),
        right('SLOWEST SHARD S'),
        right('PATH S'),
        right('OF LINEAR'),
        right('SLOWEST WORKER S'),
        right('PATH S'),
        right('OF LINEAR'),
        right('USD A MONTH'),
      ],
      rows,
    ),
  );
}
const alone = numbers(values.alone);
if (alone.length > 0) {
  console.log('The coordinator and the planner of one shard alone, in 64 shards');
  const titles = ['TABLES', 'CPU MS, COORDINATOR', 'CPU MS, LATER', 'LARGEST TICK KB', 'CPU MS, PLANNER'];
  const rows: string[][] = [];
  for (const tables of alone) rows.push(await measureAlone(tables));
  console.log(table(titles.map(right), rows));
}
process.exit(0);

function sum(all: readonly number[]): number {
  return all.reduce((total, one) => total + one, 0);
}

/** A minute, as it was measured. Times are seconds. */
interface Minute {
  readonly calls: number;
  readonly coordinatorCpu: number;
  readonly workersCpu: number;
  /** Until SQS has the last tick. */
  readonly sent: number;
  /** How long each worker took, by its shard. */
  readonly workers: readonly number[];
  /** What the mean worker waits for answers, one call after the other. */
  readonly waits: number;
  readonly all: number;
}

async function measureFleet(): Promise<string[][]> {
  const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10).replaceAll('-', '');
  const sumAt = (name: string, minute: number): number | undefined => {
    const date = name.slice(-8);
    if (date === day(minute)) return DEMAND * 60;
    return date >= day(minute - RETAINED * DAY_MS) && date <= day(minute + DAY_MS) ? 0 : undefined;
  };
  const aws = await startBenchAws(`${STAGE}.turntable`, sumAt);
  const credentials = { accessKeyId: 'embedded', secretAccessKey: 'embedded' };
  const client = new DynamoDBClient({
    endpoint: aws.env.AWS_ENDPOINT_URL!,
    region: 'us-east-1',
    credentials,
  });
  await awsState(client, STAGE).initialize();
  const checkout = join(import.meta.dirname, '..');
  const [whole, cut] = [await packagedWith(checkout, 1), await packagedWith(checkout, 2)];
  const env = {
    ...aws.env,
    TURNTABLE_ENVIRONMENT: STAGE,
    TURNTABLE_TICKS_URL: aws.queue.url,
    AWS_DISABLE_REQUEST_COMPRESSION: 'true', // compression in other threads would not count
  };
  const open = (of: ReturnType<typeof whole>, more: Readonly<Record<string, string>> = {}) =>
    new LambdaFunction(of, { ...env, ...more }, memoryMb);
  const share = memoryMb / MB_PER_PROCESSOR;

  async function ended(
    of: LambdaFunction,
    at: number,
    own = share,
    event?: object,
    limitMs = own === Infinity ? LONGEST_MS : LIMIT_MS,
  ): Promise<Ended> {
    const done = await of.invoke({ at, limitMs, share: own, ...(event && { event }) }, Infinity);
    if (done?.type !== 'done' || done.outcome === 'failed') throw new Error(`Ended: ${JSON.stringify(done)}`);
    return done;
  }

  const rotate = open(whole('rotate'));
  const scale = open(whole('scale'));
  const histories = values.method === 'predictive' ? Number(values.copied ?? groups) * 2 : 0;
  const copiedAfter = Math.ceil(histories / HISTORIES_PER_RUN);
  const learning = copiedAfter + 3;
  const began = NOON - learning * MINUTE_MS;
  const learn = async (): Promise<void> => {
    await ended(rotate, began - 3 * HOUR_MS, Infinity);
    await ended(rotate, began - HOUR_MS, Infinity); // sees the tags of the tables
    for (let at = began; at < NOON; at += MINUTE_MS) {
      await ended(scale, at, Infinity);
      if (values.copied && at === began + (copiedAfter - 1) * MINUTE_MS)
        await copyMemories(client, stateTableName(STAGE), groupNames);
      process.stderr.write(`\rlearning ${new Date(at).toISOString().slice(11, 16)} `);
    }
    process.stderr.write('\n');
  };
  const of = `${groups} groups of ${perGroup} tables`;
  await learnedOnce(values.learned, of, { aws, client, stateTable: stateTableName(STAGE) }, learn);
  rotate.close();

  let at = NOON;
  const rows: string[][] = [];
  let linear: number | undefined;
  for (const shards of numbers(values.shards)) {
    const minutes: Minute[] = [];
    const coordinator = open(
      { ...cut('scale'), handler: join(cut('scale').taskRoot, 'handlers/coordinator.cjs') },
      { TURNTABLE_SHARDS: String(shards) },
    );
    const environments = Array.from({ length: shards }, () => open(cut('shard')));
    const environmentOf = (shard: number): LambdaFunction => {
      const moved = values.environments === 'changing' ? at / MINUTE_MS : 0;
      return environments[(shard + moved) % shards]!;
    };
    const measured = (own: number) =>
      shards === 1 ? wholeMinute(scale, at, own) : cutMinute(coordinator, environmentOf, at, shards, own);
    for (let i = -WARM_UP_MINUTES; i < Number(values.minutes); i += 1, at += MINUTE_MS) {
      const minute = await measured(i < 0 ? Infinity : share);
      if (i >= 0) minutes.push(minute);
      process.stderr.write(`\r${shards} shards, minute ${i + 1} `);
    }
    coordinator.close();
    for (const environment of environments) environment.close();
    const mean = (of: (minute: Minute) => number): number => sum(minutes.map(of)) / minutes.length;
    const sent = mean((minute) => minute.sent);
    // By its mean minute: other work of this machine slows single workers.
    const shard = Math.max(...minutes[0]!.workers.map((_, one) => mean(({ workers }) => workers[one]!)));
    const slowest = mean(({ workers }) => Math.max(...workers));
    linear ??= slowest * shards;
    const ofLinear = (path: number): string[] => [path, linear! / shards / path].map((one) => one.toFixed(2));
    rows.push([
      String(shards),
      mean(({ calls }) => calls).toFixed(0),
      ...[
        mean(({ coordinatorCpu }) => coordinatorCpu),
        mean(({ workersCpu }) => workersCpu),
        mean(({ waits }) => waits),
        sent,
        mean(({ workers }) => sum(workers) / shards),
        shard,
      ].map((one) => one.toFixed(2)),
      ...ofLinear(sent + shard),
      slowest.toFixed(2),
      ...ofLinear(sent + slowest),
      costOf(
        shards,
        mean(({ all }) => all),
      ).toFixed(2),
    ]);
    process.stderr.write(`\n${rows.at(-1)!.join(' ')}\n`);
  }
  process.stderr.write('\n');
  scale.close();
  client.destroy();
  await aws.close();
  return rows;

  /** `own`: the share of a processor that each function has. */
  async function wholeMinute(of: LambdaFunction, now: number, own: number): Promise<Minute> {
    aws.limit(10, 1);
    aws.counted();
    // One function might not be done in a minute. Shards are compared with the time that it needs.
    const { at: end, cpuMs = 0 } = await ended(of, now, own, undefined, LONGEST_MS);
    const seconds = (end - now) / 1000;
    const cpu = cpuMs / 1000;
    const times = { sent: 0, workers: [seconds], waits: seconds - cpu / share, all: seconds };
    return { calls: callsNow(), coordinatorCpu: 0, workersCpu: cpu, ...times };
  }

  async function cutMinute(
    first: LambdaFunction,
    environmentOf: (shard: number) => LambdaFunction,
    now: number,
    shards: number,
    own: number,
  ): Promise<Minute> {
    aws.limit(10, 1);
    aws.counted();
    const coordinated = await ended(first, now, own);
    const workers: Ended[] = [];
    const messages = aws.queue.messages.receive(Infinity, coordinated.at);
    const began = Math.max(...messages.map(({ sentAt }) => sentAt)) + LATENCY_MS + QUEUE_MS;
    for (const { id, receipt, body, sentAt } of messages) {
      // Each worker runs by itself, with its part of the quotas.
      aws.limit(10, shards);
      const Records = [
        { messageId: id, receiptHandle: receipt, body, attributes: { SentTimestamp: String(sentAt) } },
      ];
      const { shard } = tickFrom(body);
      workers[shard] = await ended(environmentOf(shard), began, own, { Records });
      aws.queue.messages.remove(receipt, coordinated.at);
    }
    const ran = workers.filter(Boolean).length;
    if (ran !== shards) throw new Error(`${ran} of ${shards} shards had a tick.`);
    const times = workers.map((one) => (one.at - began) / 1000);
    const cpu = workers.map(({ cpuMs = 0 }) => cpuMs / 1000);
    const all = (coordinated.at - now) / 1000 + sum(times);
    return {
      calls: callsNow(),
      coordinatorCpu: (coordinated.cpuMs ?? 0) / 1000,
      workersCpu: sum(cpu),
      sent: (began - now) / 1000,
      workers: times,
      waits: (sum(times) - sum(cpu) / share) / shards,
      all,
    };
  }

  function callsNow(): number {
    return Object.values(aws.counted().calls).reduce((total, count) => total + count, 0);
  }
}

/** What the functions and the queue cost, without the free tier. `seconds`: of all functions in a minute. */
function costOf(shards: number, seconds: number): number {
  const invocations = shards === 1 ? 1 : shards + 1;
  const requests = shards === 1 ? 0 : Math.ceil(shards / 10) + 2 * shards;
  const { gbSecond, invocation, queueRequest } = PRICES;
  return (
    MINUTES_A_MONTH *
    ((seconds * memoryMb * gbSecond) / 1024 + invocations * invocation + requests * queueRequest)
  );
}

/** The functions of a stack with so many shards. With more than one, `scale` is the coordinator. */
function packagedWith(checkout: string, Shards: number) {
  const tables = groupNames.map((TableName) => ({
    TableName,
    RotationScheme: 'daily',
    PurgeRotation: RETAINED,
    Backfill: RETAINED - 1,
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
      ProvisionedThroughput: { ReadCapacityUnits: UNITS, WriteCapacityUnits: UNITS },
      OutdatedTableProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    },
  }));
  const Scaling = { Method: values.method, Read: { Min: UNITS }, Write: { Min: UNITS } };
  const settings = { Defaults: { Scaling } };
  const files = {
    'tables.json': tables,
    'settings.json': settings,
    'deployment.json': { Defaults: { Shards } },
  };
  return packaged(checkout, files, STAGE);
}
