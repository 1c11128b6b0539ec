/** Alarms of CloudWatch and targets of Application Auto Scaling on the embedded AWS, through the SDK. */
import {
  ApplicationAutoScaling,
  type RegisterScalableTargetCommandInput,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatch, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lateAutoScaling, lateSns } from '../../src/aws/late-clients.ts';
import { awsSurroundings } from '../../src/aws/surroundings.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';

let aws: EmbeddedAws;
const surroundings = awsSurroundings({ autoScaling: lateAutoScaling, sns: lateSns });

beforeEach(async () => {
  aws = await startEmbeddedAws({ createTableMs: 0, deleteTableMs: 0 });
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

describe('alarms', () => {
  const settings = { ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1 } as const;

  it('have a state, keep it if they are replaced, and have their actions turned off and on', async () => {
    const cw = new CloudWatch({ maxAttempts: 1 });
    const of = async () => (await surroundings.alarms('a'))[0];
    await cw.putMetricAlarm({ AlarmName: 'a', ...settings, AlarmActions: ['arn:aws:sns:us-east-1:1:t'] });
    expect(await of()).toEqual({ name: 'a', state: 'INSUFFICIENT_DATA', notifies: true });
    await cw.disableAlarmActions({ AlarmNames: ['a'] });
    expect(await of()).toMatchObject({ notifies: false });
    await cw.setAlarmState({ AlarmName: 'a', StateValue: 'ALARM', StateReason: 'a test' });
    await cw.enableAlarmActions({ AlarmNames: ['a'] });
    expect(await of()).toEqual({ name: 'a', state: 'ALARM', notifies: true });
    await cw.putMetricAlarm({ AlarmName: 'a', ...settings });
    expect(await of()).toEqual({ name: 'a', state: 'ALARM', notifies: false });
    await cw.deleteAlarms({ AlarmNames: ['a'] });
    expect(await of()).toBeUndefined();
    cw.destroy();
  });

  it('are read by the beginning of their names, from all pages', async () => {
    const cw = new CloudWatch({ maxAttempts: 1 });
    const names = Array.from({ length: 120 }, (_, i) => `turntable-production-${String(i).padStart(3, '0')}`);
    for (const AlarmName of [...names, 'other']) await cw.putMetricAlarm({ AlarmName, ...settings });
    expect((await surroundings.alarms('turntable-production-')).map(({ name }) => name)).toEqual(names);
    const pages: number[] = [];
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: cw }, {}))
      pages.push(MetricAlarms.length);
    expect(pages).toEqual([50, 50, 21]);
    cw.destroy();
  });

  it('reject an unknown alarm and a missing parameter', async () => {
    const cw = new CloudWatch({ maxAttempts: 1 });
    await expect(
      cw.setAlarmState({ AlarmName: 'b', StateValue: 'OK', StateReason: 'a test' }),
    ).rejects.toMatchObject({ name: 'ResourceNotFound' });
    await expect(cw.putMetricAlarm({ AlarmName: 'b' } as never)).rejects.toThrow('ComparisonOperator');
    cw.destroy();
  });
});

describe('targets of Application Auto Scaling', () => {
  let scaling: ApplicationAutoScaling;
  let db: DynamoDB;
  beforeEach(async () => {
    scaling = new ApplicationAutoScaling({ maxAttempts: 1 });
    db = new DynamoDB({ maxAttempts: 1 });
    await db.createTable({
      TableName: 'Tab',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
    });
  });
  afterEach(() => {
    scaling.destroy();
    db.destroy();
  });

  const writes = (more: Partial<RegisterScalableTargetCommandInput> = {}) =>
    ({
      ServiceNamespace: 'dynamodb',
      ResourceId: 'table/Tab',
      ScalableDimension: 'dynamodb:table:WriteCapacityUnits',
      ...more,
    }) as const;

  it('outlive their table, and are changed by what a later call names', async () => {
    await scaling.registerScalableTarget(writes({ MinCapacity: 1, MaxCapacity: 9 }));
    await db.deleteTable({ TableName: 'Tab' });
    const all = { resourceId: 'table/Tab', table: 'Tab', dimension: 'dynamodb:table:WriteCapacityUnits' };
    expect(await surroundings.scalableTargets()).toEqual([{ ...all, min: 1, max: 9, suspended: false }]);
    await scaling.deregisterScalableTarget(writes());
    expect(await surroundings.scalableTargets()).toEqual([]);
  });

  it('are suspended if all three kinds of scaling are', async () => {
    await scaling.registerScalableTarget(writes({ MinCapacity: 1, MaxCapacity: 9 }));
    const some = { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true };
    await scaling.registerScalableTarget(writes({ SuspendedState: some }));
    expect(await surroundings.scalableTargets()).toMatchObject([{ max: 9, suspended: false }]);
    await scaling.registerScalableTarget(writes({ SuspendedState: { ScheduledScalingSuspended: true } }));
    expect(await surroundings.scalableTargets()).toMatchObject([{ max: 9, suspended: true }]);
  });

  it('are read from all pages, with their indexes', async () => {
    const index = {
      ScalableDimension: 'dynamodb:index:ReadCapacityUnits',
      MinCapacity: 1,
      MaxCapacity: 9,
    } as const;
    for (let i = 0; i < 60; i += 1)
      await scaling.registerScalableTarget(writes({ ...index, ResourceId: `table/Tab/index/i${i}` }));
    const targets = await surroundings.scalableTargets();
    expect(targets).toHaveLength(60);
    expect(targets[59]).toMatchObject({ table: 'Tab', index: 'i59' });
  });

  it.each([
    [
      'a table that does not exist',
      { ResourceId: 'table/Other', MinCapacity: 1, MaxCapacity: 9 },
      'does not exist',
    ],
    ['a minimum above the maximum', { MinCapacity: 9, MaxCapacity: 1 }, 'less than minimum'],
    ['a new target without capacity', {}, 'required for a new target'],
    [
      'an index without its dimension',
      { ResourceId: 'table/Tab/index/i', MinCapacity: 1, MaxCapacity: 9 },
      'Unsupported',
    ],
  ])('reject %s', async (_, more, message) => {
    await expect(scaling.registerScalableTarget(writes(more))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  it('reject the removal of an unknown target', async () => {
    await expect(scaling.deregisterScalableTarget(writes())).rejects.toMatchObject({
      name: 'ObjectNotFoundException',
    });
  });
});
