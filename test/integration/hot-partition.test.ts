/** The scale handler over the SDK, where CloudWatch separates throttling of a hot partition from throttling of the table. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { done, held, openStage, provisionedSpec, type Stage } from '../incidents/stage.ts';
import { at, MINUTE } from '../support/specs.ts';

const TABLE = 'production.Events.20251121';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** Writes per second in every minute of an hour. Some are throttled, and some of those by a hot partition. */
function writes(consumed: number, throttled: number, hot: number): void {
  const rates = {
    ConsumedWriteCapacityUnits: consumed,
    WriteThrottleEvents: throttled,
    WriteProvisionedThroughputThrottleEvents: throttled - hot,
    WriteKeyRangeThroughputThrottleEvents: hot,
  };
  for (let minute = at('2025-11-21T08:05'); minute < at('2025-11-21T09:00'); minute += MINUTE)
    for (const [metric, rate] of Object.entries(rates))
      if (rate > 0) stage.aws.recordMetric({ metric, table: TABLE, minute, sum: rate * 60 });
}

const hotPartition = `raise ${TABLE}: A hot partition throttled 540 write requests in one minute. More capacity does not help.`;

test.each(['predictive', 'reactive', 'target-tracking', 'step'])(
  '%s raises no capacity for a hot partition',
  async (Method) => {
    stage.configure([provisionedSpec('Events')], { Defaults: { Scaling: { Method, Write: { Min: 50 } } } });
    await stage.run('rotate', '2025-11-21T08:05');
    writes(30, 9, 9);
    const scaled = await stage.run('scale', '2025-11-21T09:02');
    expect(held(scaled)).toContainEqual(expect.stringContaining(hotPartition));
    expect(done(scaled).filter((action) => action.startsWith('raise'))).toEqual([]);
    expect((await stage.describe(TABLE))?.ProvisionedThroughput?.WriteCapacityUnits).toBe(50);
  },
);

test.each(['predictive', 'reactive', 'step'])('%s raises capacity for other throttling', async (Method) => {
  stage.configure([provisionedSpec('Events')], { Defaults: { Scaling: { Method } } });
  await stage.run('rotate', '2025-11-21T08:05');
  writes(50, 29, 9);
  const scaled = await stage.run('scale', '2025-11-21T09:02');
  expect(held(scaled)).toContainEqual(expect.stringContaining(hotPartition));
  expect(done(scaled)).toEqual([`raise ${TABLE} applied`]);
  expect((await stage.describe(TABLE))?.ProvisionedThroughput?.WriteCapacityUnits).toBeGreaterThanOrEqual(70);
});
