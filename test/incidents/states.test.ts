/** States of a table in which AWS answers otherwise than usual. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, MINUTE } from '../support/specs.ts';
import { type Json, openStage, provisionedSpec, type Run, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const capacityOf = async (table: string): Promise<(number | undefined)[]> => {
  const units = (await stage.describe(table))?.ProvisionedThroughput;
  return [units?.ReadCapacityUnits, units?.WriteCapacityUnits];
};

/** The capacity changes of some runs, such as `rotate raise Writes 5 → 50`. */
const changes = (runs: readonly Run[]): string[] =>
  runs.flatMap(({ results }) =>
    results.flatMap(({ action }) =>
      'changes' in action
        ? action.changes.map(({ from, to }) => `${action.job} ${action.table} ${from.write} → ${to.write}`)
        : [],
    ),
  );

test('An upcoming table has the lower of full and outdated throughput, and exactly outdated throughput after its period', async () => {
  const properties = provisionedSpec().Properties as Json;
  stage.configure([
    provisionedSpec('AccessLog', {
      PurgeRotation: 30,
      Properties: {
        ...properties,
        ProvisionedThroughput: { ReadCapacityUnits: '8', WriteCapacityUnits: '90' },
        OutdatedTableProvisionedThroughput: { ReadCapacityUnits: '240', WriteCapacityUnits: '1' },
      },
    }),
  ]);
  const [ended, upcoming] = ['production.AccessLog.20251121', 'production.AccessLog.20251122'];
  await stage.run('rotate', '2025-11-21T09:05');
  expect(await capacityOf(upcoming!)).toEqual([8, 1]);
  expect(await capacityOf(ended!)).toEqual([8, 90]);
  const night = ['00:05', '00:20', '00:50', '01:05', '01:50', '02:05', '05:00', '12:00'];
  for (const time of night) {
    await stage.run('scale', `2025-11-22T${time}`);
    await stage.run('rotate', `2025-11-22T${time}`);
  }
  expect(await capacityOf(ended!)).toEqual([240, 1]);
});

describe('DynamoDB does not say when it changed the capacity', () => {
  /** Removes the times of changes from every description. */
  function withoutTimes(): void {
    stage.aws.rewrite = (operation, body) => {
      if (operation !== 'DescribeTable') return body;
      const { Table } = body as { Table: Json };
      const {
        LastIncreaseDateTime: _,
        LastDecreaseDateTime: __,
        ...units
      } = Table.ProvisionedThroughput as Json;
      return { Table: { ...Table, ProvisionedThroughput: units } };
    };
  }

  test.each(['predictive', 'reactive'])('and rotate and scale do not undo each other: %s', async (Method) => {
    withoutTimes();
    stage.configure([provisionedSpec('Events', { PurgeRotation: 5 })], { Defaults: { Scaling: { Method } } });
    await stage.run('rotate', '2025-11-20T09:05');
    const runs: Run[] = [];
    for (let hour = 0; hour < 6; hour += 1)
      for (const minute of ['05', '20', '35', '50']) {
        const time = `2025-11-21T${String(hour).padStart(2, '0')}:${minute}`;
        for (const date of ['20251120', '20251121'])
          for (let back = 15; back > 0; back -= 1)
            for (const metric of ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'])
              stage.aws.recordMetric({
                metric,
                table: `production.Events.${date}`,
                minute: at(time) - back * MINUTE,
                sum: date === '20251121' || metric === 'ConsumedReadCapacityUnits' ? 60 * 12 : 0,
              });
        runs.push(await stage.run('scale', time));
        if (minute === '05' || minute === '50') runs.push(await stage.run('rotate', time));
      }
    // After the first hours, the capacity stays.
    expect(runs.map(({ error }) => error).join('')).toBe('');
    const late = changes(runs.slice(15));
    expect(late).toEqual([]);
    expect((await capacityOf('production.Events.20251120'))[1]).toBe(5);
    expect((await capacityOf('production.Events.20251121'))[1]).toBeGreaterThan(11);
  });
});
