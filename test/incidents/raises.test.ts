/** Raises that have no effect. A run says so with figures and with what AWS answers, and fails if it lasts. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  bounded,
  done,
  failed,
  held,
  type Json,
  openStage,
  provisionedSpec,
  type Stage,
  throttling,
} from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const TODAY = 'production.Events.20251121';
const { writes, scaleFor } = throttling(() => stage, TODAY);

describe('A raise that does not happen', () => {
  const asked = (operation: string, input: Json): boolean =>
    operation === 'UpdateTable' && input.TableName === TODAY;
  const busy = {
    type: 'ResourceInUseException',
    message: `Attempt to change a resource which is still in use: Table is being updated: ${TODAY}`,
  };

  /** Begins at 09:00 with twice the demand that the table can serve. */
  const begin = async (settings: Json = {}, until = '2025-11-21T09:40') => {
    stage.configure([provisionedSpec()], settings);
    await stage.run('rotate', '2025-11-21T08:05');
    writes('2025-11-21T08:05', '2025-11-21T09:00', 20, 0);
    writes('2025-11-21T09:00', until, 50, 50);
  };

  test.each<[string, string, RegExp]>([
    [
      'DynamoDB says that the table is in use',
      'in-use',
      /The table is busy with another change: Attempt to .*: Table is being updated/,
    ],
    ['DynamoDB accepts it, and nothing changes', 'accepted', /AWS accepted it\./],
  ])('because %s is tried each minute, is said with figures, and fails scale', async (_, kind, words) => {
    await begin();
    let tries = 0;
    const described = await stage.describe(TODAY);
    stage.aws.intercept = (operation, input) => {
      if (!asked(operation, input)) return undefined;
      tries += 1;
      return kind === 'in-use'
        ? busy
        : { body: { TableDescription: { TableName: TODAY, TableStatus: described!.TableStatus } } };
    };
    const runs = await scaleFor(10);
    const first = failed(runs)[0]!;
    expect(first).toBeGreaterThanOrEqual(6);
    expect(first).toBeLessThanOrEqual(8);
    expect(failed(runs)).toEqual([...runs.keys()].slice(first));
    expect(tries).toBeGreaterThan(4);
    expect(runs[first]?.error).toMatch(/1 table cannot serve what is asked of it\./);
    expect(runs[first]?.error).toMatch(
      /Writes 50 → \d+ has had no effect in \d tries since 2025-11-21 09:0\d UTC\./,
    );
    expect(runs[first]?.error).toMatch(words);
    expect(runs[first]?.error).toMatch(
      /DynamoDB throttled \d+ write requests \(50% of the demand\) in 5 minutes since 2025-11-21 09:00 UTC\./,
    );
    expect((await stage.cli('plan')).stdout).toContain('has had no effect');
    stage.aws.intercept = undefined;
    const raised = await stage.run('scale', '2025-11-21T09:10');
    expect(done(raised)).toEqual([`raise ${TODAY} applied`]);
    expect((await stage.run('scale', '2025-11-21T09:13')).error).toBe('');
  });

  test('is a counted hold if AcceptThrottling is set', async () => {
    await begin(bounded({ AcceptThrottling: true }));
    stage.aws.intercept = (operation, input) => (asked(operation, input) ? busy : undefined);
    const runs = await scaleFor(9);
    expect(failed(runs)).toEqual([]);
    expect(runs[8]?.holds).toMatchObject([
      { reason: 'no-effect', shortage: { cause: 'refused', percent: 50, accepted: true } },
    ]);
  });

  test('is not said of a raise that takes effect', async () => {
    await begin({}, '2025-11-21T09:04');
    const runs = await scaleFor(9);
    expect(failed(runs)).toEqual([]);
    expect(runs.flatMap(held).filter((hold) => hold.startsWith('raise'))).toEqual([]);
    expect(runs.flatMap(done)).toContain(`raise ${TODAY} applied`);
  });

  test('fails scale if the tries cannot be stored', async () => {
    await begin({ Defaults: { Scaling: { Method: 'reactive' } } });
    stage.aws.intercept = (operation, input) => {
      if (asked(operation, input)) return busy;
      const kind = (input.Item as { Kind?: { S: string } } | undefined)?.Kind?.S;
      return operation === 'PutItem' && kind === 'memory'
        ? { type: 'AccessDeniedException', message: 'is not authorized to perform: dynamodb:PutItem' }
        : undefined;
    };
    const runs = await scaleFor(5);
    expect(runs[4]?.error).toMatch(/Could not store the tries of raises: .*not authorized/);
  });
});
