import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  paginateListTables,
} from '@aws-sdk/client-dynamodb';
import { awsState } from '../src/aws/state.ts';
import { iso } from '../src/core/calendar/instant.ts';
import { stateTableName } from '../src/core/calendar/naming.ts';
import { MINUTE_MS } from '../src/core/calendar/period.ts';
import { startEmbeddedAws } from '../src/embedded/index.ts';
import { effectOf } from './aws-effects.ts';
import { Lambda } from './lambda.ts';
import { ENVIRONMENT, type Files } from './operator.ts';
import type { Observer, Run } from './run.ts';
import type { System } from './system.ts';

/** How long it takes to create, change or delete a table, in real milliseconds. */
const STATE_MS = 3;

/** Archive requires it. On the simulator, nothing validates the files, so purge turns it on. */
const recoverable = (spec: Files['tables'][number]) => ({
  ...spec,
  Properties: {
    ...spec.Properties,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  },
});

/** Two invocations can run at the same time. */
export type Lambdas = readonly [Lambda, Lambda];

export const openLambdas = async (): Promise<Lambdas> => [await Lambda.open(), await Lambda.open()];

/** The deployed handlers in their own processes, on the SDK, against the embedded AWS. */
export async function embeddedSystem(start: number, observer: Observer, lambdas: Lambdas): Promise<System> {
  let now = start;
  const states = { createTableMs: STATE_MS, updateTableMs: STATE_MS, deleteTableMs: STATE_MS };
  const aws = await startEmbeddedAws({ now: () => now, ...states });
  aws.createBucket('archive');
  const folder = await mkdtemp(join(tmpdir(), 'turntable-chaos-'));
  const credentials = { accessKeyId: 'embedded', secretAccessKey: 'embedded' };
  const client = new DynamoDBClient({ endpoint: aws.endpoint, region: aws.env.AWS_REGION, credentials });
  const state = awsState(client, ENVIRONMENT);
  await state.initialize();
  const env = { ...aws.env, TURNTABLE_ENVIRONMENT: ENVIRONMENT, TURNTABLE_CONFIG: folder };
  const busy = new Set<Lambda>();

  async function names(): Promise<string[]> {
    const all: string[] = [];
    for await (const { TableNames = [] } of paginateListTables({ client }, {})) all.push(...TableNames);
    return all;
  }

  function observe(run: Run, operation: string, input: Record<string, unknown>) {
    const effect = effectOf(operation, input);
    if (effect) observer.requested(effect, run);
    return (status: number, body: Record<string, unknown>): void => {
      if (effect && status === 200) observer.done(effect, run, now);
      else if (effect) observer.rejected(effect, run, String(body.message ?? body.Message));
    };
  }

  return {
    now: () => now,
    embedded: true,
    hasTopic: false,
    state,
    async pass(durationMs) {
      await sleep(2 * STATE_MS);
      now += durationMs;
    },
    edit({ tables, settings }: Files, halfWritten = false) {
      const archives = JSON.stringify(settings).includes('"Archive"');
      const text = JSON.stringify(archives ? tables.map(recoverable) : tables);
      writeFileSync(join(folder, 'tables.json'), halfWritten ? text.slice(0, text.length >> 1) : text);
      writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
    },
    async run(run) {
      const lambda = lambdas.find((each) => !busy.has(each))!;
      busy.add(lambda);
      const invocation = { job: run.job, event: { time: iso(run.eventTime) }, clock: now + run.skewMs, env };
      const outcome = await lambda.invoke(invocation, {
        endpoint: aws.endpoint,
        run,
        observe: (operation, input) => observe(run, operation, input),
      });
      busy.delete(lambda);
      return outcome;
    },
    async createUnmanaged(TableName) {
      if ((await names()).includes(TableName)) return false;
      const [AttributeDefinitions, KeySchema] = [
        [{ AttributeName: 'Key', AttributeType: 'S' as const }],
        [{ AttributeName: 'Key', KeyType: 'HASH' as const }],
      ];
      const input = { TableName, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' as const };
      await client.send(new CreateTableCommand(input));
      return true;
    },
    async traffic(tables, units) {
      const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
      for (const table of tables) {
        for (const metric of ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'])
          aws.recordMetric({ metric, table, minute, sum: units * 60 });
      }
      return new Set<string>();
    },
    async actualState() {
      await sleep(2 * STATE_MS);
      const tables = new Set<string>();
      for (const TableName of await names()) {
        if (TableName === stateTableName(ENVIRONMENT)) continue;
        const { Table } = await client.send(new DescribeTableCommand({ TableName }));
        if (Table?.TableStatus !== 'DELETING') tables.add(TableName);
      }
      return { tables, scheduledDeletions: await state.scheduledDeletions() };
    },
    async close() {
      client.destroy();
      await aws.close();
      await rm(folder, { recursive: true });
    },
  };
}
