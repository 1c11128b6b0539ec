/** The words of a plan for throttled requests name the limit that causes them, also if scale has just decided. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { at, MINUTE } from '../support/specs.ts';
import { bounded, openStage, provisionedSpec, type Stage, spec, throttling } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const TODAY = 'production.Events.20251121';
const { writes, scaleFor } = throttling(() => stage, TODAY);

const units = (count: number) => ({ ReadCapacityUnits: count, WriteCapacityUnits: count });

const indexed = () => {
  const { Properties, ...rest } = provisionedSpec();
  return {
    ...rest,
    Properties: {
      ...(Properties as object),
      AttributeDefinitions: ['Key', 'User'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byUser',
          KeySchema: [{ AttributeName: 'User', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
          ProvisionedThroughput: units(50),
          OutdatedTableProvisionedThroughput: units(5),
        },
      ],
    },
  };
};

/** The holds of a plan, after runs of scale up to its minute. */
async function planAfter(minutes: number): Promise<string> {
  await scaleFor(minutes);
  return (await stage.cli('plan')).stdout;
}

test('names Max of a table, right after a run of scale', async () => {
  stage.configure([provisionedSpec()], bounded({ Max: 60 }));
  await stage.run('rotate', '2025-11-21T08:05');
  writes('2025-11-21T08:05', '2025-11-21T09:00', 20, 0);
  writes('2025-11-21T09:00', '2025-11-21T09:30', 60, 480);
  expect(await planAfter(8)).toMatch(
    /Writes are throttled, and the maximum is 60\. To allow more, set a higher Scaling\.Write\.Max\. DynamoDB throttled 28800 write requests .*\[bounds\]/,
  );
});

test('names Max of an index, right after a run of scale', async () => {
  stage.configure([indexed()], { Defaults: { Scaling: { Indexes: { byUser: { Write: { Max: 60 } } } } } });
  await stage.run('rotate', '2025-11-21T08:05');
  for (let minute = at('2025-11-21T08:05'); minute < at('2025-11-21T09:30'); minute += MINUTE) {
    const late = minute >= at('2025-11-21T09:00');
    const one = { table: TODAY, index: 'byUser', minute };
    stage.aws.recordMetric({ ...one, metric: 'ConsumedWriteCapacityUnits', sum: late ? 3600 : 1200 });
    if (late) stage.aws.recordMetric({ ...one, metric: 'WriteThrottleEvents', sum: 28_800 });
  }
  expect(await planAfter(8)).toMatch(
    /Index byUser writes are throttled, and the maximum is 60\. To allow more, set a higher Scaling\.Indexes\.byUser\.Write\.Max\. DynamoDB throttled .*\[bounds\]/,
  );
});

test('names the quota that allows no raise, right after a run of scale', async () => {
  stage.configure([provisionedSpec()]);
  stage.aws.rewrite = (operation, body) =>
    operation === 'DescribeLimits' ? { ...body, TableMaxWriteCapacityUnits: 62 } : body;
  await stage.run('rotate', '2025-11-21T08:05');
  writes('2025-11-21T09:00', '2025-11-21T09:30', 62, 62);
  expect(await planAfter(9)).toMatch(
    /Writes are throttled\. Writes 62 → 63: not raised, because the quota for a table is 62\. .*\[account-limit\]/,
  );
});

test('names the maximum of an on-demand table', async () => {
  const { Properties, ...rest } = spec();
  const OnDemandThroughput = { MaxWriteRequestUnits: 10 };
  stage.configure([{ ...rest, Properties: { ...Properties, OnDemandThroughput } }]);
  await stage.run('rotate', '2025-11-21T08:05');
  writes('2025-11-21T08:50', '2025-11-21T09:30', 10, 90);
  stage.at('2025-11-21T09:07');
  expect((await stage.cli('plan')).stdout).toContain(
    'The table is on-demand, so only OnDemandThroughput.MaxWriteRequestUnits (10 in the spec), a quota or a hot partition limits them.',
  );
});
