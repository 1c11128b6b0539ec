/** Runs the deployed handlers with Billing auto, over the SDK, on the embedded AWS. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { done, openStage, provisionedSpec, type Stage } from '../incidents/stage.ts';
import { at, MINUTE } from '../support/specs.ts';

const TABLE = 'production.Events.20251117';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  stage.configure([provisionedSpec('Events', { RotationScheme: 'weekly' })], {
    Defaults: { Scaling: { Billing: 'auto' } },
  });
});
afterEach(() => stage.close());

function traffic(from: string, to: string, perSecond: number): void {
  for (let minute = at(from); minute < at(to); minute += MINUTE)
    for (const metric of ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'])
      stage.aws.recordMetric({ metric, table: TABLE, minute, sum: perSecond * 60 });
}

test('creates an on-demand table and switches it to provisioned after a day of demand for which that is cheaper', async () => {
  await stage.run('rotate', '2025-11-18T09:05');
  expect((await stage.describe(TABLE))?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
  traffic('2025-11-18T09:06', '2025-11-18T15:00', 40);
  expect(done(await stage.run('scale', '2025-11-18T15:02'))).toEqual([]);

  traffic('2025-11-18T15:00', '2025-11-19T15:00', 40);
  const switched = await stage.run('scale', '2025-11-19T15:02');
  expect(done(switched)).toEqual([`billing ${TABLE} applied`]);
  expect(switched.results[0]?.action).toMatchObject({
    billingMode: 'PROVISIONED',
    reason: 'cheaper-provisioned',
  });
  const { ProvisionedThroughput } = (await stage.describe(TABLE))!;
  for (const units of [ProvisionedThroughput?.ReadCapacityUnits, ProvisionedThroughput?.WriteCapacityUnits]) {
    expect(units).toBeGreaterThanOrEqual(40);
    expect(units).toBeLessThan(70);
  }
  expect(done(await stage.run('scale', '2025-11-19T15:03'))).toEqual([]);
});
