import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeTableCommand,
  type DynamoDBClient,
  ListTablesCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { tableName } from '../../src/core/calendar/naming.ts';
import { MINUTE_MS, periodAt, type RotationScheme } from '../../src/core/calendar/period.ts';
import { BURST_SECONDS, serveMinute } from '../../src/core/capacity/burst.ts';
import { TABLE_QUOTA } from '../../src/core/capacity/quota.ts';
import { startingCapacity } from '../../src/core/scaling/billing/shadow.ts';
import type { Spec } from '../../src/core/spec.ts';
import type { EmbeddedAws } from '../../src/embedded/index.ts';

type ScheduledJob = 'rotate' | 'purge' | 'scale';

/** Turntable on an embedded AWS whose clock can be set. */
interface Fleet {
  readonly aws: EmbeddedAws;
  readonly client: DynamoDBClient;
  /** Sets the clock of AWS, epoch milliseconds, and runs a job as its schedule does. */
  run(job: ScheduledJob, at: number): Promise<void>;
}

/** What a table of a group is in a minute. */
type Part = 'current' | 'upcoming' | 'previous' | 'older';

interface Lived {
  /** Write units per second provisioned in each minute, by what their tables were. */
  readonly billed: Readonly<Record<Part, Float64Array>>;
  /** Units per second of each minute that were throttled. */
  readonly throttled: Float64Array;
  /** Capacity of the current table in each minute. */
  readonly capacity: Float64Array;
}

const CHANGES = ['CreateTable', 'UpdateTable', 'DeleteTable'];

/** When a job runs: serverless.yml. */
const isDue: Readonly<Record<ScheduledJob, (at: Date) => boolean>> = {
  rotate: (at) => [5, 50, 54].includes(at.getUTCMinutes()),
  purge: (at) => at.getUTCHours() === 3 && at.getUTCMinutes() === 35,
  scale: () => true,
};

/** Where a table of a group is in a minute. */
function partOf(spec: Spec, name: string, now: number): Part {
  const current = periodAt(spec.scheme, now);
  if (name === tableName(spec, current)) return 'current';
  if (name > tableName(spec, current)) return 'upcoming';
  return name === tableName(spec, periodAt(spec.scheme, current.start - 1)) ? 'previous' : 'older';
}

const JOBS = ['rotate', 'purge', 'scale'] as const;

interface Serving {
  units: number;
  burst: number;
}

/**
 * Lives demand of writes, units per second, from `start` on, in a closed loop: AWS serves and throttles by the capacity that the jobs
 * of Turntable set, and the jobs see what its metrics show. A change takes effect in the second minute after it, as in a backtest.
 */
export async function closedLoop(
  { aws, client, run }: Fleet,
  spec: Spec,
  start: number,
  demand: Float64Array,
  progress: (minute: number) => void = () => {},
): Promise<Lived> {
  let changes = -1;
  const changesNow = (): number =>
    CHANGES.reduce((sum, operation) => sum + (aws.calls.get(operation) ?? 0), 0);
  /** Changes under way: DynamoDB describes the capacity before them. */
  const changing = new Map<string, number>();
  let isLooking = false;
  aws.rewrite = (operation, body) =>
    operation === 'DescribeTable' && !isLooking ? whileChanging(body, changing) : body;
  // The second run sees the tags of the tables that the first one has created.
  await run('rotate', start);
  await run('rotate', start);
  // Records the retention while no table is older.
  await run('purge', start);
  const serving = new Map<string, Serving>();
  let described = new Map<string, number>();
  const minutes = (): Float64Array => new Float64Array(demand.length);
  const billed = { current: minutes(), upcoming: minutes(), previous: minutes(), older: minutes() };
  const throttled = new Float64Array(demand.length);
  const capacity = new Float64Array(demand.length);
  for (let t = 0; t < demand.length; t++) {
    const now = start + t * MINUTE_MS;
    // What was asked for a minute ago takes effect now.
    const effective = new Map(described);
    for (const job of JOBS) if (t > 1 && isDue[job](new Date(now))) await run(job, now);
    changing.clear();
    if (changesNow() !== changes) {
      changes = changesNow();
      await settle();
      isLooking = true;
      described = await capacities(client);
      isLooking = false;
      for (const [name, units] of described) {
        const before = effective.get(name);
        if (before === undefined) effective.set(name, units);
        else if (before !== units) changing.set(name, before);
      }
    }
    for (const [name, units] of described) {
      const part = partOf(spec, name, now);
      const own = serving.get(name) ?? { units, burst: units * BURST_SECONDS };
      own.units = effective.get(name) ?? units;
      const requested = part === 'current' ? demand[t]! : 0;
      const minute = serveMinute(requested, own.units, own.burst);
      own.burst = minute.burstBalance;
      serving.set(name, own);
      billed[part][t]! += own.units;
      if (part !== 'current') continue;
      capacity[t] = own.units;
      throttled[t] = minute.throttled;
      const record = (metric: string, units: number): void =>
        aws.recordMetric({ metric, table: name, minute: now, sum: units * 60 });
      if (minute.consumed > 0) record('ConsumedWriteCapacityUnits', minute.consumed);
      if (minute.throttled > 0) record('WriteThrottleEvents', minute.throttled);
    }
    progress(t);
  }
  return { billed, throttled, capacity };
}

/** The answer of DescribeTable while a change is under way. */
function whileChanging(body: Record<string, unknown>, changing: ReadonlyMap<string, number>) {
  const table = body.Table as TableDescription | undefined;
  const before = changing.get(table?.TableName ?? '');
  if (before === undefined) return body;
  const throughput = { ...table!.ProvisionedThroughput, WriteCapacityUnits: before };
  return { ...body, Table: { ...table, TableStatus: 'UPDATING', ProvisionedThroughput: throughput } };
}

/** On the embedded AWS, a table changes for milliseconds of real time. */
const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 10));

/** The write capacity of each table but the state table. */
async function capacities(client: DynamoDBClient): Promise<Map<string, number>> {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const all = new Map<string, number>();
  for (const name of TableNames.filter((one) => !one.endsWith('.turntable'))) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (Table!.TableStatus !== 'DELETING') all.set(name, Table!.ProvisionedThroughput!.WriteCapacityUnits!);
  }
  return all;
}

/** Writes the configuration of a group whose first table has the capacity that a backtest starts with. */
export function writeGroup(
  folder: string,
  scheme: RotationScheme,
  firstDemand: number,
  retained: number,
): void {
  const group = {
    TableName: 'Events',
    RotationScheme: scheme,
    PurgeRotation: retained,
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
      ProvisionedThroughput: {
        ReadCapacityUnits: 1,
        WriteCapacityUnits: Math.ceil(startingCapacity(firstDemand)),
      },
      OutdatedTableProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    },
  };
  // Runs that say for five minutes that requests are throttled would fail, but do the same.
  const bounds = { Read: { Min: 1, Max: 1 }, Write: { Min: 1, Max: TABLE_QUOTA, AcceptThrottling: true } };
  writeFileSync(join(folder, 'tables.json'), JSON.stringify([group]));
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ Defaults: { Scaling: bounds } }));
}
