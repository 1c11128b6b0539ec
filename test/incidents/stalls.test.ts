/** Calls that AWS answers late, half or not at all, through the handlers on the embedded AWS. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { awsPorts } from '../../src/runtime.ts';
import { at } from '../support/specs.ts';
import { done, held, openStage, provisionedSpec, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  stage.configure([provisionedSpec()]);
  await stage.run('rotate', '2025-11-21T09:00');
});
afterEach(() => stage.close());

/** What Lambda leaves a function, in milliseconds. The real one has 55 seconds. */
const REMAINING_MS = 2_500;
/** What it is left if it has to act besides. */
const TIME_TO_ACT_MS = 5_000;
/** Test machines are late. Without a limit, these runs take half a minute and more. The times above leave them some seconds. */
const LATE_MS = 5_000;

async function timed<T>(work: () => Promise<T>): Promise<T & { elapsedMs: number }> {
  const started = performance.now();
  const result = await work();
  return { ...result, elapsedMs: performance.now() - started };
}

describe('A scale run ends with its function, and the next one runs', () => {
  test.each([
    ['gets no answer', { stall: 'before-headers' }],
    ['gets half an answer', { stall: 'within-body' }],
    ['is throttled again and again', { type: 'ThrottlingException', message: 'Rate exceeded' }],
  ] as const)('if a call %s', async (_, answer) => {
    stage.aws.intercept = (operation) => (operation === 'DescribeTable' ? answer : undefined);
    const run = await timed(() => stage.run('scale', '2025-11-21T09:01', REMAINING_MS));
    expect(run.elapsedMs).toBeLessThan(REMAINING_MS + LATE_MS);
    expect(run.error).toContain("production.Events.20251121: Could not read the table's description: ");
    stage.aws.intercept = undefined;
    expect((await stage.run('scale', '2025-11-21T09:02')).error).toBe('');
  });

  test('if it is killed, because its lease ends when the function would have', async () => {
    const fault = { type: 'AccessDeniedException', message: 'Not allowed.' };
    stage.aws.intercept = (operation) => (operation === 'DeleteItem' ? fault : undefined);
    expect((await stage.run('scale', '2025-11-21T09:01', 55_000)).error).toBe('');
    stage.aws.intercept = undefined;
    // A run that is skipped has no lease to release.
    const runs = async (instant: string) => {
      stage.aws.resetCalls();
      expect((await stage.run('scale', instant)).error).toBe('');
      return stage.aws.calls.has('DeleteItem');
    };
    expect(await runs('2025-11-21T09:01')).toBe(false);
    expect(await runs('2025-11-21T09:02')).toBe(true);
  });

  test('if runs are killed one after the other, and the third that is skipped fails', async () => {
    const kill = () =>
      awsPorts('production').state.acquire(
        { job: 'scale', owner: 'killed' },
        at('2025-11-21T09:00'),
        at('2025-11-21T09:10'),
      );
    await kill();
    const errors: string[] = [];
    for (const minute of ['01', '02', '03'])
      errors.push((await stage.run('scale', `2025-11-21T09:${minute}`)).error);
    expect(errors).toEqual([
      '',
      '',
      'scale for production: Another scale run is in progress (killed). Its lease ends at 2025-11-21T09:10:00.000Z. No scale run has finished since 2025-11-21 09:01 UTC. Runs skipped in a row: 3.',
    ]);
  });
});

test('A rotate run that one table stalls creates and changes the others', async () => {
  stage.configure([provisionedSpec('Events'), provisionedSpec('Flags')]);
  await stage.run('rotate', '2025-11-21T09:30');
  stage.aws.intercept = (operation, { TableName }) =>
    operation === 'DescribeTable' && TableName === 'production.Events.20251122'
      ? { stall: 'within-body' }
      : undefined;
  const run = await timed(() => stage.run('rotate', '2025-11-22T00:05', TIME_TO_ACT_MS));
  expect(run.elapsedMs).toBeLessThan(TIME_TO_ACT_MS + LATE_MS);
  expect(done(run)).toContain('create production.Events.20251123 applied');
  expect(done(run)).toContain('create production.Flags.20251123 applied');
  expect(held(run).join()).toContain(
    "read production.Events.20251122: Could not read the table's description",
  );
});

test.each([
  ['Rotate creates tables', 'rotate', '2025-11-22T00:05', 'create production.Events.20251123 applied'],
  ['Scale raises a throttled table', 'scale', '2025-11-21T10:01', 'raise production.Events.20251121 applied'],
] as const)('%s although the state table does not answer queries', async (_, job, instant, result) => {
  const minute = Date.parse('2025-11-21T09:57Z');
  for (const [metric, sum] of [
    ['ConsumedWriteCapacityUnits', 3_000],
    ['WriteThrottleEvents', 18_000],
  ] as const)
    stage.aws.recordMetric({ metric, table: 'production.Events.20251121', minute, sum });
  stage.aws.intercept = (operation) => (operation === 'Query' ? { stall: 'before-headers' } : undefined);
  const run = await timed(() => stage.run(job, instant, TIME_TO_ACT_MS));
  expect(run.elapsedMs).toBeLessThan(TIME_TO_ACT_MS + LATE_MS);
  expect(done(run)).toContain(result);
});

test('Throttled tags of one table hold up no other table', async () => {
  const groups = ['Events', 'Flags', 'Users'];
  stage.configure(groups.map((name) => provisionedSpec(name)));
  await stage.run('rotate', '2025-11-21T09:30');
  stage.aws.intercept = (operation, { ResourceArn }) =>
    operation === 'ListTagsOfResource' && String(ResourceArn).includes('Flags')
      ? { type: 'ThrottlingException', message: 'Rate exceeded' }
      : undefined;
  const run = await timed(() => stage.run('rotate', '2025-11-21T23:54', TIME_TO_ACT_MS));
  expect(run.elapsedMs).toBeLessThan(TIME_TO_ACT_MS + LATE_MS);
  expect(done(run)).toEqual([
    'raise production.Events.20251122 applied',
    'raise production.Users.20251122 applied',
  ]);
  expect(run.error).toContain(
    "production.Flags.20251122: Could not read the table's tags: AWS did not answer before the run had to act.",
  );
});
