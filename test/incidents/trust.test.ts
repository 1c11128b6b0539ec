/** Records, answers and times that contradict what Turntable itself knows, replayed on the embedded AWS. */
import { join } from 'node:path';
import { type AttributeValue, DynamoDBClient, PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { awsPorts } from '../../src/runtime.ts';
import { at, MINUTE } from '../support/specs.ts';
import { done, held, openStage, type Run, type Stage, spec } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  stage.configure([spec()]);
});
afterEach(() => stage.close());

const STATE = 'production.turntable';
const OLD = 'production.Events.20251121';

async function withClient<T>(work: (client: DynamoDBClient) => Promise<T>): Promise<T> {
  const client = new DynamoDBClient({});
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

const messages = ({ results }: Run): string[] =>
  results.map(({ action }) => `${action.kind} ${action.table}: ${action.message}`);

async function putLease(job: string, lease: Record<string, AttributeValue>): Promise<void> {
  const Item = { Kind: { S: 'lease' }, Id: { S: job }, ...lease };
  await withClient((client) => client.send(new PutItemCommand({ TableName: STATE, Item })));
}

/** Writes a scheduled deletion of a table, as a clock that was wrong or a person would. */
async function forgeSchedule(table: string, scheduledAt: string): Promise<void> {
  const createdAt = (await stage.describe(table))!.CreationDateTime!.getTime();
  const Item = {
    Kind: { S: 'scheduled-deletion' },
    Id: { S: table },
    CreatedAt: { N: String(createdAt) },
    ScheduledAt: { N: String(at(scheduledAt)) },
  };
  await withClient((client) => client.send(new PutItemCommand({ TableName: STATE, Item })));
}

/** `production.Events.20251121 2025-11-24T03:35`: the scheduled deletions in the state table. */
const scheduled = (): Promise<string[]> =>
  withClient(async (client) => {
    const lines: string[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName: STATE,
        KeyConditionExpression: 'Kind = :kind',
        ExpressionAttributeValues: { ':kind': { S: 'scheduled-deletion' } },
      },
    );
    for await (const { Items = [] } of pages)
      for (const { Id, ScheduledAt } of Items)
        lines.push(`${Id?.S} ${new Date(Number(ScheduledAt?.N)).toISOString().slice(0, 16)}`);
    return lines;
  });

describe('A scheduled deletion that is dated in the future', () => {
  test('is canceled and scheduled again if the table is due, so that its waiting period starts now', async () => {
    await stage.live('2025-11-21', '2025-11-22');
    await stage.run('rotate', '2025-11-23T03:30');
    await forgeSchedule(OLD, '2025-12-25T09:00');
    const first = await stage.run('purge', '2025-11-23T03:35');
    expect(messages(first)).toEqual([
      `cancel-deletion ${OLD}: Its scheduled time, 2025-12-25 09:00 UTC, is in the future.`,
      `schedule-deletion ${OLD}: Retention ended at 2025-11-23 00:00 UTC, and the waiting period ends at 2025-11-23 15:35 UTC. To keep the table, add the tag turntable:keep.`,
    ]);
    expect(await scheduled()).toEqual([`${OLD} 2025-11-23T03:35`]);
    expect(done(await stage.run('purge', '2025-11-23T15:34'))).toEqual([]);
    expect(done(await stage.run('purge', '2025-11-23T15:35'))).toEqual([`delete ${OLD} applied`]);
  });
});

describe('`apply --at` for a past time', () => {
  const tooLate = (time: string): string =>
    `Error: Nothing was applied. The plan is for ${time}, but AWS's clock says 2025-11-24 03:36 UTC. The plan is too late. Review a new \`turntable plan\`.\n`;

  test('does not shorten the waiting period', async () => {
    await stage.live('2025-11-21', '2025-11-22');
    await stage.run('rotate', '2025-11-24T03:30');
    stage.at('2025-11-24T03:36');
    const past = await stage.cli('apply', '--yes', '--at', '2025-11-23T14:00');
    expect(past).toMatchObject({ code: 1, stderr: tooLate('2025-11-23 14:00 UTC') });
    expect(past.stdout).toContain(`${OLD}  schedule-deletion`);
    expect(await scheduled()).toEqual([]);
    stage.at('2025-11-24T03:37');
    expect((await stage.cli('apply', '--yes')).stderr).toBe('');
    expect(await stage.names()).toContain(OLD);
    expect(await scheduled()).toContain(`${OLD} 2025-11-24T03:37`);
  });

  test('does not shorten the waiting period by a plan file either', async () => {
    await stage.live('2025-11-21', '2025-11-22');
    await stage.run('rotate', '2025-11-24T03:30');
    stage.at('2025-11-24T03:36');
    const file = join(stage.folder, 'plan.json');
    await stage.cli('plan', '--at', '2025-11-24T01:30', '--out', file);
    expect(await stage.cli('apply', file)).toEqual({
      code: 1,
      stdout: '',
      stderr: tooLate('2025-11-24 01:30 UTC'),
    });
    expect(await scheduled()).toEqual([]);
  });

  test('still creates missing tables', async () => {
    stage.at('2025-11-21T13:00');
    const applied = await stage.cli('apply', '--yes', '--at', '2025-11-21T06:00');
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(await stage.names()).toEqual([OLD, 'production.Events.20251122']);
  });
});

describe('A lease', () => {
  test.each<[string, Record<string, AttributeValue>]>([
    ['that has no end', { Owner: { S: 'another run' } }],
    ['that has a text as its end', { Owner: { S: 'another run' }, ExpiresAt: { S: '2025-11-21' } }],
  ])('%s does not switch a job off', async (_, lease) => {
    for (const job of ['rotate', 'purge', 'scale'] as const) await putLease(job, lease);
    const runs = await stage.live('2025-11-21', '2025-11-24');
    expect(runs.map(({ error }) => error).join('')).toBe('');
    expect(await stage.names()).not.toContain(OLD);
    expect((await stage.run('scale', '2025-11-24T03:40')).error).toBe('');
    expect(await stage.names()).toContain('production.Events.20251125');
  });

  test('that runs leave behind day after day fails the job that is skipped', async () => {
    const hold = (instant: string) =>
      awsPorts('production').state.acquire(
        { job: 'purge', owner: `runner of ${instant}` },
        at(instant),
        at(instant) + 10 * MINUTE,
      );
    stage.at('2025-11-21T03:30');
    await hold('2025-11-21T03:30');
    expect((await stage.run('purge', '2025-11-21T03:35')).error).toBe('');
    stage.at('2025-11-22T03:30');
    await hold('2025-11-22T03:30');
    expect((await stage.run('purge', '2025-11-22T03:35')).error).toContain(
      'purge for production: Another purge run is in progress (runner of 2025-11-22T03:30). Its lease ends at 2025-11-22T03:40:00.000Z. No purge run has finished since 2025-11-21 03:35 UTC.',
    );
    expect((await stage.run('purge', '2025-11-22T03:45')).error).toBe('');
  });
});

describe('Metrics that do not show the reads of a table', () => {
  /** An application reads the old table every half hour. */
  const readFrom = (from: string, to: string): void => {
    for (let minute = at(from); minute < at(to); minute += 30 * MINUTE)
      stage.aws.recordMetric({ metric: 'ConsumedReadCapacityUnits', table: OLD, minute, sum: 60 });
  };
  const silent = (operation: string, input: Record<string, unknown>) =>
    operation === 'GetMetricData'
      ? {
          body: {
            MetricDataResults: (input.MetricDataQueries as { Id: string }[]).map(({ Id }) => ({
              Id,
              Timestamps: [],
              Values: [],
              StatusCode: 'Complete',
            })),
          },
        }
      : undefined;

  test('do not let purge delete it, run after run, if CloudWatch answers with nothing', async () => {
    await stage.live('2025-11-21', '2025-11-22');
    readFrom('2025-11-22T12:00', '2025-11-25T12:00');
    stage.aws.intercept = silent;
    const days = ['23', '24', '25'].map((day) => `2025-11-${day}`);
    const runs: Run[] = [];
    for (const day of days) runs.push((await stage.live(day, day))[1]!);
    const message =
      'CloudWatch has no data for the state table since 2025-11-23 03:35 UTC, so the table might still be in use. It is deleted after data arrives.';
    expect(held(runs[1]!)).toContain(`delete ${OLD}: ${message}`);
    expect(runs[1]!.error).toBe('');
    expect(runs[2]!.error).toContain(`${OLD}: ${message}`);
    expect(await stage.names()).toContain(OLD);
    stage.aws.intercept = undefined;
    const [, recovered] = await stage.live('2025-11-26', '2025-11-26');
    expect(held(recovered!).join()).toContain(
      `delete ${OLD}: The table has been due since 2025-11-23 00:00 UTC, but is still in use`,
    );
    expect(await scheduled()).not.toContain(`${OLD} 2025-11-23T03:35`);
  });

  test('do not let purge delete it if their values are negative', async () => {
    await stage.live('2025-11-21', '2025-11-23');
    const minute = at('2025-11-23T20:00');
    stage.aws.recordMetric({ metric: 'ConsumedReadCapacityUnits', table: OLD, minute, sum: -60 });
    const [, purged] = await stage.live('2025-11-24', '2025-11-24');
    expect(purged!.error).toContain(
      `${OLD}: Could not read whether the table is still in use, so it is not deleted: CloudWatch returned the invalid value -60 for reads at 2025-11-23 20:00 UTC.`,
    );
    expect(await stage.names()).toContain(OLD);
  });

  test('do not let purge delete it if values are missing', async () => {
    await stage.live('2025-11-21', '2025-11-23');
    const minute = at('2025-11-23T20:00');
    stage.aws.recordMetric({ metric: 'ConsumedReadCapacityUnits', table: OLD, minute, sum: Number.NaN });
    const [, purged] = await stage.live('2025-11-24', '2025-11-24');
    expect(purged!.error).toContain(
      `${OLD}: Could not read whether the table is still in use, so it is not deleted: CloudWatch answered with times that have no values.`,
    );
    expect(await stage.names()).toContain(OLD);
  });
});

test('A deletion that a wrong configuration scheduled does not survive the correct one, if the mistake comes back', async () => {
  const right = [spec('Events', { PurgeRotation: 4 })];
  const wrong = [spec()];
  stage.configure(right);
  await stage.live('2025-11-21', '2025-11-22');
  await stage.run('rotate', '2025-11-23T03:05');
  stage.configure(wrong);
  await stage.confirm();
  expect(done(await stage.run('purge', '2025-11-23T03:35'))).toEqual([`schedule-deletion ${OLD} applied`]);
  stage.configure(right);
  expect(messages(await stage.run('rotate', '2025-11-23T04:05'))).toEqual([
    `cancel-deletion ${OLD}: The spec now retains the table.`,
  ]);
  expect(await scheduled()).toEqual([]);
  expect(done(await stage.run('rotate', '2025-11-23T04:50'))).toEqual([]);
  stage.configure(wrong);
  expect(done(await stage.run('purge', '2025-11-23T17:05'))).toEqual([`schedule-deletion ${OLD} applied`]);
  expect(await stage.names()).toContain(OLD);
});
