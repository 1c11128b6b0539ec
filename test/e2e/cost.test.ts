/** `turntable cost` on the embedded AWS, with tables that were deleted, and beside the backtest of the same traffic. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStage, provisionedSpec, type Stage, spec } from '../incidents/stage.ts';
import { at, DAY, MINUTE } from '../support/specs.ts';

const NOW = '2025-11-21T09:00';
let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  stage.configure([provisionedSpec('Visits')], {});
  await stage.past(async () => void (await stage.run('rotate', '2025-11-21T08:00')));
  stage.at(NOW);
});
afterEach(() => stage.close());

const nameOf = (group: string, instant: number, later = 0): string =>
  `production.${group}.${new Date(instant + later * DAY).toISOString().slice(0, 10).replaceAll('-', '')}`;

/** Consumption of the current table in each minute, and the capacity of three tables, of which one is later and one earlier. */
function traffic(
  group: string,
  from: string,
  perSecond: (minute: number) => number,
  capacity?: number,
): void {
  for (let minute = at(from), i = 0; minute < at(NOW); minute += MINUTE, i += 1)
    for (const dimension of ['Read', 'Write']) {
      const consumed = `Consumed${dimension}CapacityUnits`;
      stage.aws.recordMetric({
        metric: consumed,
        table: nameOf(group, minute),
        minute,
        sum: perSecond(i) * 60,
      });
      if (capacity === undefined || i % 5 !== 0) continue;
      for (const later of [-1, 0, 1]) {
        const sum = later === 0 ? capacity : 5;
        const metric = `Provisioned${dimension}CapacityUnits`;
        stage.aws.recordMetric({ metric, table: nameOf(group, minute, later), minute, sum });
      }
    }
}

const wave = (minute: number): number => 20 + 15 * Math.sin((minute / 1440) * 2 * Math.PI);
const jsonOf = async (...args: string[]) => JSON.parse((await stage.cli('cost', '--json', ...args)).stdout);

describe('the cost of a group', () => {
  test('is measured with deleted tables, and beside what others would have cost', async () => {
    traffic('Visits', '2025-10-18', wave, 50);
    const { code, stdout, stderr } = await stage.cli('cost');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Reads \d+ metrics of 1 group from CloudWatch, for USD 0\.00\d+\.\n$/);
    expect(stdout).toMatch(
      /GROUP +NOW +STORAGE +30 DAYS +ON-DEMAND +TRACKING +PREDICTIVE\nVisits +\d+\.\d\d +0\.00 +33\.\d\d +38\.\d\d/,
    );
    expect(stdout).toContain('Points older than 15 days are means of 5 minutes. They flatten peaks');
    expect(stdout).toContain('Not counted: reserved capacity, the free tier,');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const { groups, minutePointsFrom } = await jsonOf();
    const { measured } = groups[0];
    // One table of 50, and two of 5, of reads and writes.
    const capacity = 60 * 720 * (0.00013 + 0.00065);
    expect(measured.measured / capacity).toBeCloseTo(1, 2);
    expect(measured.onDemand / ((20 * 86_400 * 30 * (0.125 + 0.625)) / 1e6)).toBeCloseTo(1, 2);
    expect(measured.predictive.cost).toBeLessThan(measured.targetTracking.cost);
    expect(minutePointsFrom).toBe('2025-11-06T10:00:00.000Z');
  });

  test('is for predictive and target tracking what a backtest of the same traffic says', async () => {
    // A trace has four decimals. Demand with more could move a decrease by a minute.
    traffic('Visits', '2025-11-12', (minute) => Math.round(wave(minute)), 50);
    const methods = ['predictive', 'target-tracking-70-with-floor'];
    const expected = [0, 0];
    for (const dimension of ['read', 'write']) {
      const trace = join(stage.folder, `${dimension}.csv`);
      const of = ['--dimension', dimension];
      await stage.cli('export-trace', 'Visits', '--out', trace, ...of);
      const { stdout } = await stage.cli(
        'backtest',
        '--trace',
        trace,
        '--spec',
        'Visits',
        '--rotate',
        'daily',
        '--method',
        ...methods,
        ...of,
        '--json',
      );
      const [report] = JSON.parse(stdout);
      methods.forEach((method, i) => {
        expected[i]! += report.methods[method].costMonth;
      });
    }
    const { measured } = (await jsonOf()).groups[0];
    expect(measured.since).toBe('2025-11-12T00:00:00.000Z');
    // The backtest also counts the older tables that purge keeps. They have no metrics here, so they cost nothing.
    const [kept, sameKept] = [measured.predictive.cost, measured.targetTracking.cost].map(
      (usd, i) => expected[i]! - usd,
    );
    expect(kept).toBeCloseTo(sameKept!, 6);
    const oneTable = 5 * 720 * (0.00013 + 0.00065);
    expect(kept! / oneTable).toBeGreaterThan(0.5);
    expect(kept! / oneTable).toBeLessThan(1);
    expect((await stage.cli('cost')).stdout).toContain('Measured since 2025-11-12 00:00 UTC.');
  });

  test('includes the older tables of the group in each comparison', async () => {
    stage.configure([{ ...provisionedSpec('Visits'), PurgeRotation: 5 }]);
    traffic('Visits', '2025-11-16', () => 10, 50);
    const before = (await jsonOf()).groups[0].measured;
    // The table of the 16th is the last one on the 17th, and then nothing replays it.
    for (let minute = at('2025-11-18'); minute < at('2025-11-20'); minute += 5 * MINUTE)
      stage.aws.recordMetric({
        metric: 'ProvisionedWriteCapacityUnits',
        table: 'production.Visits.20251116',
        minute,
        sum: 100,
      });
    const after = (await jsonOf()).groups[0].measured;
    const added = after.measured - before.measured;
    expect(added).toBeGreaterThan(1);
    for (const other of ['predictive', 'targetTracking'])
      expect(after[other].cost - before[other].cost).toBeCloseTo(added, 6);
    expect(after.onDemand).toBeCloseTo(before.onDemand, 6);
  });

  test('sums several groups, and an on-demand group costs its requests', async () => {
    stage.configure([provisionedSpec('Visits'), spec('Events')]);
    await stage.run('rotate', '2025-11-21T08:30');
    stage.at(NOW);
    traffic('Events', '2025-11-20', () => 10);
    const { stdout } = await stage.cli('cost');
    expect(stdout).toMatch(/\nall +\d/);
    const events = (await jsonOf('Events')).groups[0];
    expect(events.measured.measured).toBeCloseTo((10 * 86_400 * 30 * (0.125 + 0.625)) / 1e6, 1);
    expect(events.measured.measured).toBeCloseTo(events.measured.onDemand, 6);
    expect(events.now.throughput).toBeCloseTo(events.measured.onDemand, 0);
    expect(stdout).toMatch(/Events +\d+\.\d\d/);
  });
});

test('says that the scheme changed within the measured time', async () => {
  const Previously = [{ RotationScheme: 'weekly', PurgeRotation: 2, Until: '2025-11-17' }];
  stage.configure([provisionedSpec('Visits', { Previously })]);
  traffic('Visits', '2025-11-19', () => 5, 50);
  const { code, stdout } = await stage.cli('cost');
  expect([code, stdout.replace(/\s+/g, ' ')]).toEqual([
    0,
    expect.stringContaining(
      'The RotationScheme changed at 2025-11-17 00:00 UTC. TRACKING and PREDICTIVE have the present one throughout.',
    ),
  ]);
});

test('asks for as many metrics as it says, and for nothing else but names and descriptions', async () => {
  traffic('Visits', '2025-11-19', () => 5, 50);
  let asked = 0;
  stage.aws.resetCalls();
  stage.aws.intercept = (operation, input) => {
    if (operation === 'GetMetricData')
      asked += (input as { MetricDataQueries: readonly unknown[] }).MetricDataQueries.length;
    return undefined;
  };
  const { metricReads, metricReadsUsd } = await jsonOf();
  expect(metricReads).toBe(asked);
  expect(metricReadsUsd).toBeCloseTo(asked / 100_000, 10);
  expect([...stage.aws.calls.keys()].sort()).toEqual([
    'DescribeTable',
    'GetCallerIdentity',
    'GetMetricData',
    'ListTables',
  ]);
});

test('says that a group has no data, and does not fail', async () => {
  stage.configure([spec('Nothing')]);
  const { code, stdout } = await stage.cli('cost');
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/Nothing +0\.00 +0\.00 +- +- +- +-\n +CloudWatch has no data/),
  ]);
});

test('says what it could not read, and fails', async () => {
  stage.aws.intercept = (operation) =>
    operation === 'GetMetricData' ? { type: 'AccessDeniedException', message: 'not allowed' } : undefined;
  const { code, stdout } = await stage.cli('cost');
  expect([code, stdout]).toEqual([
    1,
    expect.stringMatching(/Visits +\? +\? .*\n +Could not read its metrics: not allowed/),
  ]);
  stage.aws.intercept = (operation) =>
    operation === 'DescribeTable' ? { type: 'AccessDeniedException', message: 'not allowed' } : undefined;
  const unread = await stage.cli('cost');
  expect([unread.code, unread.stdout]).toEqual([
    1,
    expect.stringMatching(/Visits +\? +\? [\s\S]*Could not read 2 tables\./),
  ]);
});

test.each([
  [['Vists'], 'Unknown group "Vists". Known groups: Visits. Did you mean "Visits"?'],
  [['--at', '2125-01-01'], 'cost rejects a future time'],
])('rejects %j without calling AWS', async (args, expected) => {
  stage.aws.resetCalls();
  const { code, stderr } = await stage.cli('cost', ...args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(expected)]);
  expect(stage.aws.calls.size).toBe(0);
});
