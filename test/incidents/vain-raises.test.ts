/** Requests that are throttled although capacity is raised, or while a method wants to lower it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { at, MINUTE } from '../support/specs.ts';
import { type Json, openStage, provisionedSpec, type Run, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const TODAY = 'production.Events.20251121';
const NINE = at('2025-11-21T09:00');
const INDEX = 'ByKey';

/** Records writes of the index in the minute before an instant: served and throttled ones, per second. */
function writes(instant: number, served: number, throttled: number): void {
  const of = { table: TODAY, index: INDEX, minute: instant - MINUTE };
  stage.aws.recordMetric({ metric: 'ConsumedWriteCapacityUnits', ...of, sum: served * 60 });
  if (throttled > 0) stage.aws.recordMetric({ metric: 'WriteThrottleEvents', ...of, sum: throttled * 60 });
}

/** Decreases of the writes of the index. */
const decreases = (runs: readonly Run[]): unknown[] =>
  runs.flatMap(({ results }) =>
    results.flatMap(({ action }) =>
      'changes' in action
        ? action.changes.filter(({ index, from, to }) => index === INDEX && to.write < from.write)
        : [],
    ),
  );

const units = (each: number) => ({ ReadCapacityUnits: each, WriteCapacityUnits: each });
const indexed = (): Json => {
  const { Properties, ...rest } = provisionedSpec() as { Properties: Json };
  return {
    ...rest,
    Properties: {
      ...Properties,
      GlobalSecondaryIndexes: [
        {
          IndexName: INDEX,
          KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
          ProvisionedThroughput: units(50),
          OutdatedTableProvisionedThroughput: units(5),
        },
      ],
    },
  };
};

test('An index that throttles at 40% of its capacity is never lowered, and fails the runs with its name and figures', async () => {
  stage.configure([indexed()]);
  await stage.run('rotate', '2025-11-21T07:55');
  for (let instant = at('2025-11-21T08:00'); instant <= NINE; instant += MINUTE) writes(instant, 20, 0);
  const runs: Run[] = [];
  for (let minute = 0; minute < 12; minute += 1) {
    if (minute > 0) writes(NINE + minute * MINUTE, 20, 120);
    runs.push(await stage.run('scale', `2025-11-21T09:${String(minute).padStart(2, '0')}`));
  }
  expect(decreases(runs)).toEqual([]);
  const first = runs.findIndex(({ error }) => error !== '');
  expect(first).toBeGreaterThanOrEqual(6);
  expect(first).toBeLessThanOrEqual(9);
  expect(runs.slice(first).map(({ error }) => error !== '')).not.toContain(false);
  expect(runs[first]?.error).toMatch(
    /1 table cannot serve what is asked of it\. production\.Events\.20251121: Index ByKey writes are throttled, and raises to \d+ have not ended that\. Consumption is only 20\/s of \d+ provisioned, so a hot partition or short bursts are the likely cause\. DynamoDB throttled \d+ write requests \(86% of the demand\) in \d minutes since 2025-11-21 09:00 UTC\./,
  );
  const { stdout } = await stage.cli('plan');
  expect(stdout).toContain('Index ByKey writes are throttled, and raises to ');
  expect(stdout).toContain('1 table cannot serve what is asked of it.');
});
