/** Consumers of the changes of tables, replayed on the embedded AWS. */
import { LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lateLambda } from '../../src/aws/late-clients.ts';
import { awsMappings } from '../../src/aws/mappings.ts';
import { done, held, openStage, provisionedSpec, type Stage, spec } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const TODAY = 'production.Events.20251121';
const TOMORROW = 'production.Events.20251122';
const NEXT = 'production.Events.20251123';

const streaming = (more: Record<string, unknown> = {}) => {
  const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' };
  const Properties = { ...provisionedSpec().Properties, StreamSpecification };
  return spec('Events', {
    Properties,
    Consumers: [{ Function: 'visits-{environment}', BatchSize: '500' }],
    KinesisStreamDestination: { Stream: 'changes' },
    ...more,
  });
};
const mappings = () => awsMappings(lateLambda).list('visits-production');

describe('A table with consumers', () => {
  test('has them before its period, and the next run does nothing', async () => {
    stage.configure([streaming()]);
    const first = await stage.run('rotate', '2025-11-21T09:05');
    expect(first.error).toBe('');
    expect(done(first)).toEqual([
      `attach-consumer ${TODAY} applied`,
      `attach-consumer ${TOMORROW} applied`,
      `create ${TODAY} applied`,
      `create ${TOMORROW} applied`,
      `enable-destination ${TODAY} applied`,
      `enable-destination ${TOMORROW} applied`,
    ]);
    expect((await mappings())?.map(({ state, settings }) => [state, settings.BatchSize])).toEqual([
      ['Enabled', 500],
      ['Enabled', 500],
    ]);
    const second = await stage.run('rotate', '2025-11-21T09:50');
    expect([done(second), held(second), second.error]).toEqual([[], [], '']);
    expect(done(await stage.run('rotate', '2025-11-22T00:05'))).toContain(`attach-consumer ${NEXT} applied`);
  });

  test('whose function does not exist is in plan, status and the failed run', async () => {
    stage.aws.absent.add('visits-production');
    stage.configure([streaming({ Consumers: undefined })]);
    await stage.run('rotate', '2025-11-21T09:05');
    stage.configure([streaming()]);
    const run = await stage.run('rotate', '2025-11-21T09:50');
    const message =
      'The function visits-production does not exist, so it gets no changes of the table. Create the function, or correct Consumers.';
    expect(run.error).toContain(`${TODAY}: ${message}`);
    const plan = await stage.cli('plan');
    expect(plan.stdout).toContain(message);
    expect(plan.stdout).not.toContain('No changes.');
    expect((await stage.cli('status')).stdout).toContain('attach-consumer held: consumer-missing');
    expect((await stage.cli('apply', '--yes')).code).toBe(1);
    stage.aws.absent.clear();
    expect(done(await stage.run('rotate', '2025-11-21T10:05'))).toEqual([
      `attach-consumer ${TODAY} applied`,
      `attach-consumer ${TOMORROW} applied`,
    ]);
  });

  test('whose mapping a person disabled is said, the mapping stays, and the run fails after 15 minutes', async () => {
    stage.configure([streaming()]);
    await stage.run('rotate', '2025-11-21T09:05');
    const [{ id: UUID } = { id: '' }] = (await mappings()) ?? [];
    const client = new LambdaClient({});
    await client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    client.destroy();
    const run = await stage.run('rotate', '2025-11-21T09:15');
    expect(run.error).toBe('');
    const said = [expect.stringMatching(`^attach-consumer ${TODAY}: .* so the function gets no`)];
    expect(held(run)).toEqual(said);
    const later = await stage.run('rotate', '2025-11-21T09:50');
    expect(held(later)).toEqual(said);
    expect(later.error).toContain('1 table cannot serve what is asked of it.');
    expect((await stage.cli('status')).stdout).toContain('attach-consumer held: consumer-disabled');
    expect((await mappings())?.find(({ id }) => id === UUID)?.state).toMatch(/^Disabl/);
  });

  test('of another account or Region is rejected before any call, and in a run by the account of the tables', async () => {
    const arn = (place: string) => `arn:aws:lambda:${place}:function:visits`;
    stage.configure([streaming({ Consumers: [{ Function: arn('eu-west-1:000000000000') }] })]);
    const message = 'is in eu-west-1, and not in us-east-1 like the tables.';
    expect((await stage.run('rotate', '2025-11-21T09:05')).error).toContain(message);
    const second = await stage.run('rotate', '2025-11-21T09:50');
    expect(held(second)).toContainEqual(expect.stringContaining(message));
    expect((await stage.cli('plan')).stdout).toContain(message);
    const both = [arn('eu-west-1:000000000000'), `${arn('us-east-1:000000000000')}-2`];
    stage.configure([streaming({ Consumers: both.map((name) => ({ Function: name, BatchSize: 1 })) })]);
    const printed = await stage.cli('validate');
    expect([printed.code, printed.stderr + printed.stdout]).toEqual([
      2,
      expect.stringContaining('which is in us-east-1, and not in eu-west-1 like [0].Consumers[0].Function.'),
    ]);
  });

  test('is created although Lambda does not answer', async () => {
    stage.configure([streaming()]);
    await stage.run('rotate', '2025-11-21T09:05');
    stage.aws.intercept = (operation) =>
      operation === 'ListEventSourceMappings' || operation === 'CreateEventSourceMapping'
        ? { type: 'ServiceException', message: 'Out of order.', status: 500 }
        : undefined;
    const run = await stage.run('rotate', '2025-11-22T00:05', 4_000);
    expect(done(run)).toContain(`create ${NEXT} applied`);
    expect(run.error).toContain('Could not read the event source mappings of visits-production');
  });
});
