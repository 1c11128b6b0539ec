/** `turntable explain` on the embedded AWS: a table in each phase, held and changed, and names that are no managed table. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStage, provisionedSpec, type Stage, spec, throttling } from '../incidents/stage.ts';
import { at, MINUTE } from '../support/specs.ts';

const TODAY = 'production.Events.20251121';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  stage.configure([provisionedSpec()], {});
  await stage.past(async () => void (await stage.run('rotate', '2025-11-21T08:00')));
});
afterEach(() => stage.close());

const explain = (name: string, ...args: string[]) => stage.cli('explain', name, ...args);
const load = throttling(() => stage, TODAY);

describe('the current table', () => {
  test('shows spec, capacity, what the method wants and why, what comes next, and its history', async () => {
    load.writes('2025-11-21T08:00', '2025-11-21T09:30', 20, 0);
    await load.scaleFor(20);
    stage.at('2025-11-21T09:20');
    const { code, stdout, stderr } = await explain('Events');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^production\.Events\.20251121 \(us-east-1, account 000000000000\), as of/);
    for (const expected of [
      /Phase active, status ACTIVE, created 2025-11-21 08:00 UTC, 0 B, USD \d/,
      /Spec Events, RotationScheme daily, PurgeRotation 2, provisioned\. Its period is\s+2025-11-21 00:00 UTC to 2025-11-22 00:00 UTC\./,
      /Writes: \d+ provisioned, 20\/s consumed, minimum 5, maximum 500\. predictive\s+wants \d+\./,
      /Expected demand is 20\/s at \d+ provisioned\./,
      /Demand was 20\/s in the newest minute that was learned\./,
      /It relies on \d+% of burst capacity/,
      /Decreases today: [1-4]\. DynamoDB allows 4 in a UTC day, then one per hour\./,
      /Next\n {2}2025-11-22 00:00 UTC: The period ends\. The table drains\./,
      /2025-11-23 00:00 UTC: Retention ends\./,
      /History of the last 7 days, times in UTC:\n\n2025-11-21 08:00 {2}create/,
      /lower\s+production\.Events\.20251121/,
    ])
      expect(stdout).toMatch(expected);
    const widths = stdout.split('\n').map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  });

  test('agrees with the next run of scale about what the method wants', async () => {
    load.writes('2025-11-21T08:00', '2025-11-21T08:55', 5, 0);
    load.writes('2025-11-21T08:55', '2025-11-21T09:10', 200, 30);
    stage.at('2025-11-21T09:00');
    const { demand, actions } = JSON.parse((await explain(TODAY, '--json')).stdout);
    const writes = demand.find(({ dimension }: { dimension: string }) => dimension === 'write');
    const { results } = await stage.run('scale', '2025-11-21T09:00');
    const raised = results.map(({ action }) => action).find(({ kind }) => kind === 'raise');
    expect(raised).toMatchObject({ changes: [{ to: { write: writes.wants } }] });
    expect(actions).toContainEqual(raised);
    expect(writes.wants).toBeGreaterThan(writes.provisioned);
  });

  test('shows each hold with its reason and its cure', async () => {
    stage.configure([provisionedSpec()], {
      Defaults: { Scaling: { Write: { Max: 60 } } },
    });
    load.writes('2025-11-21T08:00', '2025-11-21T09:10', 60, 90);
    await load.scaleFor(8);
    stage.at('2025-11-21T09:09');
    const { stdout } = await explain(TODAY);
    expect(stdout).toContain('\nHeld\n  ! raise held');
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /the maximum is 60\. To allow more, set a higher Scaling\.Write\.Max\..* \[bounds\] To do: Raise `Max` if the demand is expected\./,
    );
    const { holds } = JSON.parse((await explain(TODAY, '--json')).stdout);
    expect(holds[0]).toMatchObject({
      table: TODAY,
      reason: 'bounds',
      todo: expect.stringContaining('Raise'),
    });
  });
});

describe('other phases', () => {
  test('an upcoming table gets the capacity of the table before it', async () => {
    const { stdout } = await explain('Events.20251122');
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /Phase upcoming.*Shortly before its period, the table gets the capacity of the table before it, which is 50 now\..*Next 2025-11-21 \d\d:\d\d UTC: The table gets its full capacity/,
    );
  });

  test('an expired table has its scheduled deletion', async () => {
    await stage.live('2025-11-22', '2025-11-23');
    stage.at('2025-11-23T09:00');
    const { stdout } = await explain(TODAY);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'Next 2025-11-23 15:35 UTC: The deletion was scheduled at 2025-11-23 03:35 UTC. The first run of purge after the waiting period deletes the table, if it is still due.',
    );
    expect(stdout).toMatch(/schedule-deletion\s+production\.Events\.20251121/);
  });

  test('a deleted table has its history', async () => {
    await stage.live('2025-11-22', '2025-11-24');
    stage.at('2025-11-24T09:00');
    const { stdout } = await explain(TODAY);
    expect(stdout).toContain('The table does not exist. By its period, it is expired.');
    expect(stdout).toMatch(/delete\s+production\.Events\.20251121/);
  });

  test('an on-demand table has no capacity to choose', async () => {
    const { Properties } = provisionedSpec() as { Properties: Record<string, unknown> };
    const { ProvisionedThroughput: _, OutdatedTableProvisionedThroughput: __, ...keys } = Properties;
    stage.configure([
      { ...provisionedSpec('Others'), Properties: { ...keys, BillingMode: 'PAY_PER_REQUEST' } },
    ]);
    await stage.run('rotate', '2025-11-21T09:00');
    expect((await explain('Others')).stdout).toContain(
      'The table is on-demand, so there is no capacity to choose.',
    );
  });
});

describe('a table whose billing mode scale chooses', () => {
  const billing = async (name: string): Promise<string> => {
    const { stdout } = await explain(name);
    const [, said = ''] = /\nBilling mode\n(.*?)\n\n/s.exec(stdout) ?? [];
    return said.replace(/\s+/g, ' ').trim();
  };

  test('says what both modes cost and throttle, and when it switches', async () => {
    stage.configure([provisionedSpec('Visits', { RotationScheme: 'weekly' })], {
      Defaults: { Scaling: { Billing: 'auto' } },
    });
    const table = 'production.Visits.20251117';
    await stage.run('rotate', '2025-11-18T09:05');
    expect(await billing('Visits')).toBe(
      'Scale does not know yet what the demand costs in both billing modes, so the table stays on-demand.',
    );
    for (let minute = at('2025-11-18T09:06'); minute < at('2025-11-19T15:00'); minute += MINUTE)
      for (const metric of ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'])
        stage.aws.recordMetric({ metric, table, minute, sum: 40 * 60 });
    stage.at('2025-11-19T15:02');
    expect(await billing('Visits')).toMatch(
      /^By the demand of about \d\.\d days, provisioned throughput costs about USD \d+\.\d\d per month, and on-demand about USD \d+\.\d\d\. Provisioned throughput would have throttled at most 0% of \w+\. Scale switches to provisioned if that costs at most 0\.9 times on-demand and throttles at most 0\.35% without the largest event, by the demand of a day\.$/,
    );
    await stage.run('scale', '2025-11-19T15:02');
    stage.at('2025-11-19T15:04');
    expect(await billing('Visits')).toMatch(
      /Scale switches to on-demand if that is cheaper, by the demand of a day, or if more than 0\.5% is throttled without the largest event, or most of it by an ongoing event\.$/,
    );
    expect(await billing('Visits.20251124')).toMatch(
      /^The table gets the billing mode of the current table 7 minutes before its period/,
    );
  });
});

describe('a table that Turntable does not manage', () => {
  test('has no ownership tags', async () => {
    stage.configure([provisionedSpec('Others')]);
    await stage.make('production.Others.20251121');
    const { code, stdout } = await explain('Others');
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'Turntable does not manage it: The table has no tag turntable:environment, so Turntable did not create it. To manage it, run turntable adopt Others --env production.',
    );
  });

  test.each([
    ['production.Events.20251121.backup', 'Tables of Events have names such as'],
    ['production.Orders', 'No spec of tables.json produces this name, so Turntable never changes the table.'],
  ])('exists under a name of no spec: %s', async (name, expected) => {
    await stage.make(name);
    const { code, stdout } = await explain(name);
    expect([code, stdout.replace(/\s+/g, ' ')]).toEqual([0, expect.stringContaining(expected)]);
    const { table, unmanaged } = JSON.parse((await explain(name, '--json')).stdout);
    expect([table.name, unmanaged]).toEqual([name, expect.stringContaining(expected)]);
  });

  test.each([
    ['production.Evnts.20251121', 'Did you mean "production.Events.20251121"?'],
    ['staging.Events.20251121', 'Use --env staging.'],
    ['Nothing.Like.It', 'Known groups: Events.'],
  ])('does not exist: %s', async (name, expected) => {
    const { code, stdout, stderr } = await explain(name);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(expected)]);
  });
});

test('says so if the history cannot be read', async () => {
  stage.aws.intercept = (operation, input) =>
    operation === 'Query' && JSON.stringify(input).includes('"history"')
      ? { type: 'AccessDeniedException', message: 'not allowed' }
      : undefined;
  const { code, stdout } = await explain(TODAY);
  expect([code, stdout]).toEqual([0, expect.stringContaining('Could not read the history: not allowed')]);
});

describe('what a person has to know beside the capacity', () => {
  test('each hold once, although several jobs have it', async () => {
    stage.aws.intercept = (operation) =>
      operation === 'DescribeTable' ? { type: 'AccessDeniedException', message: 'ann may not' } : undefined;
    const { holds } = JSON.parse((await explain(TODAY, '--json')).stdout);
    expect(holds.map(({ reason }: { reason: string }) => reason)).toEqual(['unreadable']);
  });

  test('a table that Turntable does not manage is never deleted', async () => {
    stage.configure([provisionedSpec('Visits')]);
    await stage.make('production.Visits.20251121');
    const { stdout } = await explain('Visits');
    expect(stdout).toContain('Turntable does not manage it');
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'Retention ends. Purge does not delete the table while it is held: not-owned.',
    );
  });

  test('a provisioned table of a spec that says on-demand since then', async () => {
    stage.configure([spec()]);
    const { stdout } = await explain('Events');
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'The table is provisioned, but its spec says on-demand. Turntable does not change its capacity.',
    );
  });

  test('a suspension with a long reason fits 80 columns', async () => {
    await stage.cli(
      'suspend',
      'lowering',
      '--for',
      '2h',
      '--reason',
      'a sale with a long name '.repeat(5).trim(),
    );
    const { stdout } = await explain('Events');
    expect(stdout).toContain('Lowering is suspended');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
