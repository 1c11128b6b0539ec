/** A group that is refused, because its RotationScheme changed and its spec does not say when. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { at, MINUTE } from '../support/specs.ts';
import { done, held, openStage, provisionedSpec, type Run, type Stage, spec } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const TODAY = 'production.Events.20251121';
const minuteOf = (minute: number): string => `2025-11-21T09:${String(minute).padStart(2, '0')}`;

/** Writes to today's table from 08:05 to 10:00. Until 09:00, some are throttled. Both are per second. */
function writes(served: number, throttled: number): void {
  const record = (metric: string, rate: number, until: string) => {
    for (let minute = at('2025-11-21T08:05'); minute < at(until); minute += MINUTE)
      stage.aws.recordMetric({ metric, table: TODAY, minute, sum: rate * 60 });
  };
  record('ConsumedWriteCapacityUnits', served, '2025-11-21T10:00');
  if (throttled > 0) record('WriteThrottleEvents', throttled, '2025-11-21T09:00');
}

const WHY =
  'Turntable does not create, change, or delete tables of this group. Scale only raises throttled ones. production.Events.20251122 was created for RotationScheme daily, but the spec says weekly for its period. To go on with daily, restore the spec.';

async function changedGroup(served: number, throttled: number): Promise<Run[]> {
  stage.configure([provisionedSpec()]);
  await stage.run('rotate', '2025-11-21T08:05');
  writes(served, throttled);
  stage.configure([provisionedSpec('Events', { RotationScheme: 'weekly' })]);
  const runs: Run[] = [];
  for (const minute of [0, 1, 14, 15]) runs.push(await stage.run('scale', minuteOf(minute)));
  return runs;
}

test('Its current table is counted and said, is raised if it is throttled, and fails scale after 15 minutes', async () => {
  const runs = await changedGroup(50, 30);
  expect(done(runs[0]!)).toEqual([`raise ${TODAY} applied`]);
  for (const run of runs) expect(held(run).join()).toContain(`use ${TODAY}: ${WHY}`);
  expect(runs.map(({ error }) => error !== '')).toEqual([false, false, false, true]);
  expect(runs[3]?.error).toContain('1 table cannot serve what is asked of it.');
  const { stdout } = await stage.cli('plan');
  expect(stdout).toContain(WHY);
  expect(stdout).toContain('1 table cannot serve what is asked of it.');
  expect(stdout).toContain('Turntable only raises tables of Events until the configuration is corrected.');
});

test('None of its tables is lowered', async () => {
  const runs = await changedGroup(1, 0);
  expect(runs.flatMap(done)).toEqual([]);
  expect(held(runs[0]!)).toContainEqual(
    expect.stringMatching(
      new RegExp(
        `^lower ${TODAY}: Decrease held: writes 50 → \\d+\\. The RotationScheme of the group changed\\.`,
      ),
    ),
  );
});

test('A current table that rotate does not create is said', async () => {
  stage.configure([provisionedSpec()]);
  await stage.run('rotate', '2025-11-21T08:05');
  stage.configure([provisionedSpec('Events', { RotationScheme: 'weekly' })]);
  const run = await stage.run('scale', '2025-11-23T09:00');
  expect(held(run)[0]).toEqual(
    expect.stringContaining(`use production.Events.20251123: The table does not exist. ${WHY}`),
  );
});

test('Purge leaves it alone, although tables have expired by their own scheme', async () => {
  const OLD = 'production.Events.20251128';
  stage.configure([spec()]);
  await stage.live('2025-11-28', '2025-11-30');
  stage.configure([
    spec('Events', {
      RotationScheme: 'weekly',
      Previously: [{ RotationScheme: 'daily', PurgeRotation: 2, Until: '2025-12-01' }],
    }),
  ]);
  expect((await stage.run('rotate', '2025-11-30T09:00')).error).toContain('scheme');
  const run = await stage.run('purge', '2025-11-30T15:40');
  expect(done(run)).toEqual([`cancel-deletion ${OLD} applied`]);
  expect(held(run)).toEqual([
    expect.stringMatching(
      new RegExp(
        `^delete ${OLD}: Turntable does not create, change, or delete tables of this group\\. Scale only raises throttled ones\\. production\\.Events\\.20251201 was created for RotationScheme daily`,
      ),
    ),
  ]);
  expect(await stage.names()).toContain(OLD);
  // With the line that the hold names, the deletion is scheduled again.
  stage.configure([
    spec('Events', {
      RotationScheme: 'weekly',
      Previously: [{ RotationScheme: 'daily', PurgeRotation: 2, Until: '2025-12-08' }],
    }),
  ]);
  expect(done(await stage.run('purge', '2025-11-30T15:45'))).toEqual([`schedule-deletion ${OLD} applied`]);
});
