/** Limits that leave no room for everything: the most urgent tables come first. Replayed on the embedded AWS. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { awsPorts } from '../../src/runtime.ts';
import { tableInput } from '../contract/ports.ts';
import { held, openStage, provisionedSpec, type Stage, spec } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const LIMIT = { type: 'LimitExceededException', message: 'Subscriber limit exceeded: too many tables' };

test('A limit on creations leaves upcoming and past tables uncreated, and no current one', async () => {
  stage.configure(
    [
      spec('Days', { PurgeRotation: 9, Backfill: 5 }),
      spec('Months', { RotationScheme: 'monthly' }),
      spec('Hours', { RotationScheme: 'hourly' }),
    ],
    { Defaults: { Tables: { Days: { PeriodsAhead: 9 } } } },
  );
  let creations = 0;
  stage.aws.intercept = (operation) => {
    creations += Number(operation === 'CreateTable');
    return operation === 'CreateTable' && creations > 5 ? LIMIT : undefined;
  };
  const run = await stage.run('rotate', '2025-11-21T09:05', 1_500);
  expect(run.error).toContain('rotate for production: 5 applied, 14 failed or skipped');
  expect(await stage.names()).toEqual([
    'production.Days.20251121',
    'production.Days.20251122',
    'production.Hours.2025112109',
    'production.Hours.2025112110',
    'production.Months.20251101',
  ]);
});

test('A quota of the account goes to the table that refuses requests, and not to the first one of the file', async () => {
  const scaling = { Defaults: { Scaling: { Method: 'reactive' } } };
  stage.configure([provisionedSpec('Calm'), provisionedSpec('Refusing')], scaling);
  await stage.run('rotate', '2025-11-21T09:00');
  const minute = Date.parse('2025-11-21T09:57Z');
  const record = (metric: string, group: string, sum: number) =>
    stage.aws.recordMetric({ metric, table: `production.${group}.20251121`, minute, sum });
  record('ConsumedWriteCapacityUnits', 'Calm', 43 * 60);
  record('ConsumedWriteCapacityUnits', 'Refusing', 50 * 60);
  record('WriteThrottleEvents', 'Refusing', 18_000);
  const limits = {
    AccountMaxReadCapacityUnits: 140,
    AccountMaxWriteCapacityUnits: 140,
    TableMaxReadCapacityUnits: 40_000,
    TableMaxWriteCapacityUnits: 40_000,
  };
  stage.aws.intercept = (operation) => (operation === 'DescribeLimits' ? { body: limits } : undefined);
  const run = await stage.run('scale', '2025-11-21T09:59');
  expect(run.results.map(({ action, outcome }) => `${action.kind} ${action.table} ${outcome}`)).toEqual([
    'raise production.Refusing.20251121 applied',
  ]);
  expect(held(run).join()).toContain('production.Refusing.20251121: Writes 50 → 500: raised only to 90');
});

test('A limit on tables that change at once delays upcoming tables until every current one exists', async () => {
  stage.aws.changingAtOnce = 3;
  stage.configure(['A', 'B', 'C', 'D'].map((name) => spec(name)));
  const created: string[] = [];
  const refused = new Set<string>();
  stage.aws.rewrite = (operation, body) => {
    const { TableName } = (body.TableDescription ?? {}) as { TableName?: string };
    if (operation === 'CreateTable' && TableName) created.push(TableName);
    return body;
  };
  stage.aws.intercept = (operation, { TableName }) => {
    // Every table is refused once, so that all of them wait.
    if (operation !== 'CreateTable' || refused.has(String(TableName))) return undefined;
    refused.add(String(TableName));
    return LIMIT;
  };
  expect((await stage.run('rotate', '2025-11-21T09:05')).error).toBe('');
  expect(created).toHaveLength(8);
  expect(created.slice(0, 4).every((name) => name.endsWith('20251121'))).toBe(true);
});

test('A creation that a limit prevents is one call, because repetitions would delay the creations after it', async () => {
  stage.aws.intercept = (operation) => (operation === 'CreateTable' ? LIMIT : undefined);
  const creation = awsPorts('production').tables.create(tableInput('production.Events.20251121'));
  await expect(creation).rejects.toMatchObject({ code: 'limit-exceeded' });
  expect(stage.aws.calls.get('CreateTable')).toBe(1);
});
