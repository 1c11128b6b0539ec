/** Incidents from the field in which wrong capacity cost money or traffic. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { awsPorts } from '../../src/runtime.ts';
import { at, MINUTE } from '../support/specs.ts';
import { done, held, type Json, openStage, provisionedSpec, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  stage.configure([provisionedSpec('Events', { PurgeRotation: 3 })]);
});
afterEach(() => stage.close());

const capacityOf = async (date: string): Promise<number | undefined> =>
  (await stage.describe(`production.Events.${date}`))?.ProvisionedThroughput?.WriteCapacityUnits;

/** Records reads and writes at a rate, in units per second, for every minute between two instants. */
function traffic(date: string, from: string, to: string, perSecond: number): void {
  for (let minute = at(from); minute < at(to); minute += MINUTE)
    for (const metric of ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'])
      stage.aws.recordMetric({ metric, table: `production.Events.${date}`, minute, sum: perSecond * 60 });
}

const down = (operation: string) =>
  operation === 'GetMetricData' ? { type: 'InternalServiceFault', message: 'down', status: 500 } : undefined;

test('12. Lowers outdated tables without metrics', async () => {
  await stage.run('rotate', '2025-11-20T09:05');
  stage.aws.intercept = down;
  const rotated = await stage.run('rotate', '2025-11-21T09:05');
  expect(rotated.error).toBe('');
  expect(done(rotated)).toContain('lower production.Events.20251120 applied');
  expect([await capacityOf('20251120'), await capacityOf('20251121')]).toEqual([5, 50]);
  const scaled = await stage.run('scale', '2025-11-21T09:10');
  expect(done(scaled)).toEqual([]);
  expect(scaled.error).toMatch(/^scale for production: /);
  expect(held(scaled)).toContain(
    'read production.Events.20251121: Could not read the metrics of writes, so capacity stays: down.',
  );
  expect([await capacityOf('20251120'), await capacityOf('20251121')]).toEqual([5, 50]);
});

describe('13. Dead or restarted metrics looked like no load, and capacity was cut', () => {
  beforeEach(async () => {
    await stage.run('rotate', '2025-11-21T08:05');
    traffic('20251121', '2025-11-21T08:05', '2025-11-21T09:00', 46);
    expect(done(await stage.run('scale', '2025-11-21T09:02'))).toEqual([]);
  });

  test('13. Lowers nothing if metrics stop', async () => {
    const said = new Set<string>();
    for (let minute = 3; minute < 60; minute += 4) {
      const scaled = await stage.run('scale', `2025-11-21T09:${String(minute).padStart(2, '0')}`);
      expect(done(scaled)).toEqual([]);
      for (const hold of held(scaled)) said.add(hold);
    }
    expect([...said]).toContain(
      'lower production.Events.20251121: Writes show no demand since 09:00 UTC, but metrics might be late. Capacity stays until 10:00 UTC.',
    );
    expect(await capacityOf('20251121')).toBe(50);
  });

  test('13. Lowers nothing if metrics of the state table stop too', async () => {
    const scaled = await stage.run('scale', '2025-11-21T14:00');
    expect(done(scaled)).toEqual([]);
    expect(held(scaled)).toContain(
      'lower production.Events.20251121: Writes show no demand since 09:00 UTC, but CloudWatch has no data for the state table either. Capacity stays until data arrives.',
    );
    expect(await capacityOf('20251121')).toBe(50);
  });

  test('13. Lowers nothing if CloudWatch fails', async () => {
    stage.aws.intercept = down;
    const scaled = await stage.run('scale', '2025-11-21T09:40');
    expect(scaled.error).toContain('Could not read the metrics of reads, so capacity stays: down.');
    expect(await capacityOf('20251121')).toBe(50);
  });

  test('13. Lowers nothing if metrics stop for twenty minutes', async () => {
    traffic('20251121', '2025-11-21T09:20', '2025-11-21T09:40', 46);
    for (let minute = 18; minute < 42; minute += 2)
      expect(done(await stage.run('scale', `2025-11-21T09:${minute}`))).toEqual([]);
    expect(await capacityOf('20251121')).toBe(50);
  });
});

test('18. Does not lower an upcoming table before its first write', async () => {
  await stage.run('rotate', '2025-11-21T08:05');
  expect(await capacityOf('20251122')).toBe(5);
  traffic('20251121', '2025-11-21T08:05', '2025-11-21T23:59', 46);
  for (const instant of ['2025-11-21T09:10', '2025-11-21T15:00', '2025-11-21T20:20', '2025-11-21T23:30']) {
    await stage.run('rotate', instant);
    await stage.run('scale', instant);
    expect(await capacityOf('20251122'), instant).toBe(5);
  }
  await stage.run('scale', '2025-11-21T23:53');
  const current = await capacityOf('20251121');
  expect(current).toBeGreaterThanOrEqual(46);
  expect(await capacityOf('20251122')).toBe(current);
  for (const instant of ['2025-11-22T00:01', '2025-11-22T00:20', '2025-11-22T00:40', '2025-11-22T00:58']) {
    const run = await stage.run('scale', instant);
    if (instant !== '2025-11-22T00:01') {
      expect(held(run)).toContain(
        'lower production.Events.20251122: Writes show no demand since 23:59 UTC, but metrics might be late. Capacity stays until 00:59 UTC.',
      );
    }
    expect(await capacityOf('20251122'), instant).toBeGreaterThanOrEqual(46);
  }
});

describe('Raises capacity even if the remembered demand is damaged', () => {
  const years = 3_650 * 86_400_000;
  const client = () => new DynamoDBClient({});
  const key = { Kind: { S: 'memory' }, Id: { S: 'Events' } };

  async function damage(how: (one: Json) => Json): Promise<void> {
    const TableName = 'production.turntable';
    const { Item } = await client().send(new GetItemCommand({ TableName, Key: key }));
    const stored = JSON.parse(inflateRawSync(Item!.Memory!.B!).toString()) as Record<string, Json>;
    const damaged = Object.entries(stored).map(([name, one]) => [name, how(one)] as const);
    const B = deflateRawSync(JSON.stringify(Object.fromEntries(damaged)));
    await client().send(new PutItemCommand({ TableName, Item: { ...key, Memory: { B } } }));
  }

  test.each<[string, (one: Json) => Json]>([
    ['empty', (one) => ({ ...one, memory: {} })],
    [
      'with text instead of numbers',
      (one) => ({ ...one, memory: { ...(one.memory as Json), caution: 'x' } }),
    ],
    ['learned years ahead', (one) => ({ ...one, learnedTo: (one.learnedTo as number) + years })],
    ['with the next sample years ahead', (one) => ({ ...one, sampleAt: (one.sampleAt as number) + years })],
    ['with data until years ahead', (one) => ({ ...one, dataUntil: (one.dataUntil as number) + years })],
  ])('%s', async (_, how) => {
    await stage.run('rotate', '2025-11-21T08:05');
    traffic('20251121', '2025-11-21T08:05', '2025-11-21T09:00', 20);
    await stage.run('scale', '2025-11-21T08:50');
    await damage(how);
    traffic('20251121', '2025-11-21T09:00', '2025-11-21T09:20', 90);
    for (let minute = 2; minute < 16; minute += 1)
      expect((await stage.run('scale', `2025-11-21T09:${String(minute).padStart(2, '0')}`)).error).toBe('');
    expect(await capacityOf('20251121')).toBeGreaterThan(90);
  });

  test('ignores remembered demand that does not fit into memory', async () => {
    await stage.run('rotate', '2025-11-21T08:05');
    const B = deflateRawSync(Buffer.alloc(2 ** 25, ' '));
    await client().send(
      new PutItemCommand({ TableName: 'production.turntable', Item: { ...key, Memory: { B } } }),
    );
    expect((await awsPorts('production').state.memories()).get('Events')).toBe('');
  });
});
