/** Tables that cannot serve what is asked of them. A run says so with figures, and fails if it lasts. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, MINUTE, ownMinute } from '../support/specs.ts';
import {
  bounded,
  done,
  failed,
  held,
  type Json,
  openStage,
  provisionedSpec,
  type Run,
  type Stage,
  spec,
  throttling,
} from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const TODAY = 'production.Events.20251121';
const { writes, scaleFor } = throttling(() => stage, TODAY);

/** A table that no method scales is looked at every ten minutes, and this one at minutes 3, 13 and so on. */
async function scaleAt(...minutes: readonly number[]): Promise<Run[]> {
  const runs: Run[] = [];
  for (const minute of minutes)
    runs.push(await stage.run('scale', `2025-11-21T09:${String(minute).padStart(2, '0')}`));
  return runs;
}

test('A table that throttles although consumption is far below its capacity is seen, and raised', async () => {
  stage.configure([provisionedSpec()]);
  await stage.run('rotate', '2025-11-21T08:05');
  writes('2025-11-21T08:05', '2025-11-21T09:02', 30, 0);
  writes('2025-11-21T09:02', '2025-11-21T09:30', 30, 120);
  const runs = await scaleFor(10);
  const raised = runs.findIndex((run) => done(run).includes(`raise ${TODAY} applied`));
  expect(raised).toBeGreaterThan(2);
  expect(runs[raised]!.results[0]!.action).toMatchObject({ reason: 'throttled' });
});

describe('A table at its Max', () => {
  const traffic = () => {
    writes('2025-11-21T08:05', '2025-11-21T09:00', 20, 0);
    writes('2025-11-21T09:00', '2025-11-21T09:30', 60, 480);
  };

  test('fails the runs of scale after five minutes of throttled requests, with figures', async () => {
    stage.configure([provisionedSpec()], bounded({ Max: 60 }));
    await stage.run('rotate', '2025-11-21T08:05');
    traffic();
    const runs = await scaleFor(14);
    const first = failed(runs)[0]!;
    // Scale raises the table to Max at 09:03. What was throttled before that does not count.
    expect(first).toBeGreaterThanOrEqual(7);
    expect(first).toBeLessThanOrEqual(11);
    expect(failed(runs)).toEqual([...runs.keys()].slice(first));
    expect(held(runs[first - 1]!).join()).toContain(
      'but the maximum is 60. To allow more, set a higher Scaling.Write.Max. DynamoDB throttled',
    );
    expect(runs[first]?.error).toMatch(
      /^scale for production: 0 applied, 0 failed or skipped, 1 held \(1 bounds\)\. 1 table cannot serve what is asked of it\. production\.Events\.20251121: Writes need \d+ .*, but the maximum is 60\. To allow more, set a higher Scaling\.Write\.Max\. DynamoDB throttled 144000 write requests \(89% of the demand\) in 5 minutes since 2025-11-21 09:\d\d UTC\.$/,
    );
    const plan = await stage.cli('plan');
    expect(plan.stdout).toContain('No changes now. 1 action held in production');
    expect(plan.stdout).toContain('write requests (89% of the demand) in ');
    expect(plan.stdout).toContain('1 table cannot serve what is asked of it.');
  });

  test('counts the throttled requests and does not fail if AcceptThrottling is set', async () => {
    stage.configure([provisionedSpec()], bounded({ Max: 60, AcceptThrottling: true }));
    await stage.run('rotate', '2025-11-21T08:05');
    traffic();
    const runs = await scaleFor(14);
    expect(failed(runs)).toEqual([]);
    expect(runs.at(-1)?.holds).toMatchObject([
      { reason: 'bounds', shortage: { cause: 'refused', percent: 89, accepted: true } },
    ]);
    expect((await stage.cli('plan')).stdout).toContain(
      'AcceptThrottling accepts the throttled requests of 1 table.',
    );
  });
});

test.each<[string, string, RegExp]>([
  ['the account', 'AccountMaxWriteCapacityUnits', /the quota for all tables of the region together is 62\./],
  ['a table', 'TableMaxWriteCapacityUnits', /the quota for a table is 62\./],
])(
  'A quota of %s fails the runs of scale after five minutes of throttled requests',
  async (_, quota, words) => {
    stage.configure([provisionedSpec()]);
    stage.aws.rewrite = (operation, body) =>
      operation === 'DescribeLimits' ? { ...body, [quota]: 62 } : body;
    await stage.run('rotate', '2025-11-21T08:05');
    writes('2025-11-21T09:00', '2025-11-21T09:30', 62, 62);
    const runs = await scaleFor(13);
    const first = failed(runs)[0]!;
    expect(first).toBeGreaterThanOrEqual(6);
    expect(runs[first]?.error).toMatch(words);
    expect(runs[first]?.error).toMatch(
      /DynamoDB throttled \d+ write requests \(50% of the demand\) in \d minutes since/,
    );
    expect(failed(runs)).toEqual([...runs.keys()].slice(first));
  },
);

test('Throttled requests of an on-demand table can be accepted', async () => {
  stage.configure([spec()], bounded({ AcceptThrottling: true }));
  await stage.run('rotate', '2025-11-21T08:05');
  writes('2025-11-21T08:50', '2025-11-21T09:30', 10, 90);
  const [run] = await scaleAt(3);
  expect(run?.error).toBe('');
  expect(run?.holds).toMatchObject([{ reason: 'throttled', shortage: { percent: 90, accepted: true } }]);
});

test('A hot partition fails the runs of scale after five minutes', async () => {
  stage.configure([provisionedSpec()], { Defaults: { Scaling: { Method: 'reactive' } } });
  await stage.run('rotate', '2025-11-21T08:05');
  writes('2025-11-21T08:05', '2025-11-21T09:30', 30, 10);
  writes('2025-11-21T08:05', '2025-11-21T09:30', 0, 10, 'WriteKeyRangeThroughputThrottleEvents');
  const [run] = await scaleFor(1);
  expect(run?.error).toContain('A hot partition throttled 600 write requests in one minute.');
  expect(run?.error).toContain('(25% of the demand) in 54 minutes since 2025-11-21 08:05 UTC.');
});

test.each(['predictive', 'step'])(
  'A hot partition that throttles every fourth minute is in every run, and fails each one after five minutes: %s',
  async (Method) => {
    stage.configure([provisionedSpec()], { Defaults: { Scaling: { Method } } });
    await stage.run('rotate', '2025-11-21T08:05');
    writes('2025-11-21T08:05', '2025-11-21T09:30', 30, 0);
    for (const minute of ['08:46', '08:50', '08:54', '08:58', '09:02', '09:06'])
      for (const metric of ['WriteThrottleEvents', 'WriteKeyRangeThroughputThrottleEvents'])
        stage.aws.recordMetric({ metric, table: TODAY, minute: at(`2025-11-21T${minute}`), sum: 6000 });
    const runs = await scaleAt(0, 4, 5, 6, 7);
    expect(failed(runs)).toEqual([1, 2, 3, 4]);
    for (const { holds } of runs)
      expect(holds).toContainEqual(expect.objectContaining({ reason: 'hot-partition' }));
  },
);

test.each(['predictive', 'target-tracking'])(
  'A throttled table above a new Max is lowered only if AcceptThrottling is set: %s',
  async (Method) => {
    const write = async () => (await stage.describe(TODAY))?.ProvisionedThroughput?.WriteCapacityUnits;
    const configure = (Write: Json) =>
      stage.configure([provisionedSpec()], { Defaults: { Scaling: { Method, Write } } });
    configure({});
    await stage.run('rotate', '2025-11-21T08:05');
    writes('2025-11-21T08:40', '2025-11-21T09:30', 50, 30);
    configure({ Max: 40 });
    const [run] = await scaleFor(1);
    expect(await write()).toBe(50);
    expect(held(run!)).toContainEqual(
      expect.stringMatching(
        /^lower .*: Writes can be lowered to 40 \(the maximum is 40\) after 5 minutes without throttled requests\. /,
      ),
    );
    expect(run?.error).toContain('Writes are throttled, and the maximum is 40.');
    configure({ Max: 40, AcceptThrottling: true });
    expect((await stage.run('scale', '2025-11-21T09:01')).error).toBe('');
    expect(await write()).toBe(40);
  },
);

test('A table at its Max that throttles every fourth minute is in every run', async () => {
  stage.configure([provisionedSpec()], bounded({ Max: 50 }));
  await stage.run('rotate', '2025-11-21T08:05');
  writes('2025-11-21T08:05', '2025-11-21T09:30', 49, 0);
  for (const minute of ['08:50', '08:54', '08:58', '09:02', '09:06'])
    stage.aws.recordMetric({
      metric: 'WriteThrottleEvents',
      table: TODAY,
      minute: at(`2025-11-21T${minute}`),
      sum: 3,
    });
  const runs = await scaleAt(0, 1, 2, 8, 9, 10);
  expect(failed(runs)).toEqual([3, 4, 5]);
  for (const { holds } of runs) expect(holds).toContainEqual(expect.objectContaining({ reason: 'bounds' }));
});

test.each<[string, Json, Json, RegExp]>([
  ['is on-demand', spec(), {}, /Writes are throttled\. The table is on-demand, /],
  [
    'has the method none',
    provisionedSpec(),
    { Defaults: { Scaling: { Method: 'none' } } },
    /Writes are throttled\. Turntable does not raise them, because Scaling\.Method is "none"\./,
  ],
])(
  'A throttled table that %s is in the plan, and fails every run of scale once a run has seen it',
  async (_, one, settings, words) => {
    stage.configure([one], settings);
    await stage.run('rotate', '2025-11-21T08:05');
    writes('2025-11-21T08:50', '2025-11-21T09:30', 10, 90);
    const runs = await scaleAt(2, 3, 4, 5, 6);
    expect(failed(runs)).toEqual([1, 2, 3, 4]);
    expect(runs[4]?.error).toMatch(words);
    stage.at('2025-11-21T09:07');
    const { stdout } = await stage.cli('plan');
    expect(stdout).toMatch(words);
    expect(stdout).toContain('(90% of the demand)');
    expect(stdout).toContain('1 table cannot serve what is asked of it.');
  },
);

test('A throttled table that no method scales fails every run of scale while it is UPDATING', async () => {
  stage.configure([spec()]);
  await stage.run('rotate', '2025-11-21T08:05');
  writes('2025-11-21T08:50', '2025-11-21T09:30', 10, 90);
  stage.aws.rewrite = (operation, body) => {
    const { Table } = body as { Table?: Json };
    const isToday = operation === 'DescribeTable' && Table?.TableName === TODAY;
    return isToday ? { Table: { ...Table, TableStatus: 'UPDATING' } } : body;
  };
  const runs = await scaleAt(3, 4, 5, 19);
  expect(failed(runs)).toEqual([0, 1, 2, 3]);
  expect(runs[3]?.holds.map(({ reason }) => reason)).toEqual(['table-busy', 'throttled']);
});

test('A table that no method scales is read every ten minutes again after its throttled requests have ended', async () => {
  stage.configure([spec()]);
  await stage.run('rotate', '2025-11-21T08:05');
  writes('2025-11-21T08:50', '2025-11-21T09:03', 10, 90);
  const read = async (time: string): Promise<boolean> => {
    stage.aws.resetCalls();
    await stage.run('scale', `2025-11-21T09:${time}`);
    return stage.aws.calls.has('GetMetricData');
  };
  expect(await read('01')).toBe(false);
  expect(await read('03')).toBe(true);
  expect(await read('04')).toBe(true);
  expect(await read('18')).toBe(true);
  expect(await read('20')).toBe(true);
  expect(await read('21')).toBe(false);
  expect(await read('23')).toBe(true);
  expect(await read('24')).toBe(false);
});

describe('A table whose period has ended', () => {
  const YESTERDAY = 'production.Events.20251120';
  const late = throttling(() => stage, YESTERDAY);

  const begin = async (Scaling: Json, DrainMinutes: number) => {
    stage.configure([provisionedSpec()], { Defaults: { DrainMinutes, Scaling } });
    await stage.run('rotate', '2025-11-20T08:05');
  };
  const scaleAtEach = async (times: readonly string[]): Promise<Run[]> => {
    const runs: Run[] = [];
    for (const time of times) runs.push(await stage.run('scale', `2025-11-21T${time}`));
    return runs;
  };
  const isHeld = ({ holds }: Run): boolean =>
    holds.some(
      ({ table, reason, shortage }) => table === YESTERDAY && reason === 'bounds' && shortage?.percent === 50,
    );

  test.each<[string, 'Read' | 'Write', number]>([
    ['predictive', 'Read', 0],
    ['predictive', 'Write', 0],
    ['predictive', 'Write', 60],
    ['reactive', 'Write', 0],
    ['step', 'Write', 0],
  ])('is raised if late requests are throttled: %s, %s, DrainMinutes %i', async (Method, what, minutes) => {
    await begin({ Method }, minutes);
    late.writes('2025-11-20T23:55', '2025-11-21T00:10', 0, 50, `Consumed${what}CapacityUnits`);
    late.writes('2025-11-20T23:55', '2025-11-21T00:10', 0, 100, `${what}ThrottleEvents`);
    const runs = await scaleAtEach(['00:01', '00:04']);
    expect(runs.flatMap(done)).toContain(`raise ${YESTERDAY} applied`);
    expect(failed(runs)).toEqual([]);
  });

  test.each([0, 60])(
    'is in each run with figures if it throttles at its Max, and fails no run: DrainMinutes %i',
    async (minutes) => {
      await begin({ Write: { Max: 50 } }, minutes);
      late.writes('2025-11-20T23:50', '2025-11-21T01:30', 50, 50);
      const runs = await scaleAtEach(['00:03', '00:09', '00:14', '00:16', '00:27']);
      expect(runs.map(isHeld)).toEqual([true, true, true, true, true]);
      expect(failed(runs)).toEqual([]);
      expect(held(runs[4]!).join()).toMatch(/the maximum is 50\. .* DynamoDB throttled \d+ write requests/);
    },
  );

  test.each([
    ['Read', 30],
    ['Write', 180],
  ])(
    'is read each minute from the run on that sees its throttled requests, until 15 minutes after the last ones: %s',
    async (what, every) => {
      const first = ownMinute('Events', at('2025-11-21T09:01'), every);
      const minute = (offset: number): string => new Date(first + offset * MINUTE).toISOString().slice(0, 16);
      await begin({ [what]: { Max: 50 } }, 60);
      for (const metric of [`Consumed${what}CapacityUnits`, `${what}ThrottleEvents`])
        late.writes(minute(-15), minute(2), 0, 50, metric);
      const runs: Run[] = [];
      for (const offset of [-1, 0, 1, 4, 22]) runs.push(await stage.run('scale', minute(offset)));
      expect(runs.map(isHeld)).toEqual([false, true, true, true, false]);
      stage.aws.resetCalls();
      await stage.run('scale', minute(24));
      expect(stage.aws.calls.has('GetMetricData')).toBe(false);
    },
  );
});

describe('A current table that is unusable', () => {
  const impaired = (status: string, more: Json = {}) => {
    const plain = stage.aws.intercept;
    stage.aws.intercept = (operation, input, region) =>
      operation === 'DescribeTable' && input.TableName === TODAY
        ? { body: { Table: { ...table, TableStatus: status, ...more } } }
        : plain?.(operation, input, region);
  };
  let table: Json;
  beforeEach(async () => {
    stage.configure([provisionedSpec()]);
    await stage.run('rotate', '2025-11-21T08:05');
    const described = (await stage.describe(TODAY))!;
    table = {
      ...described,
      CreationDateTime: described.CreationDateTime!.getTime() / 1000,
    } as unknown as Json;
  });

  test('fails rotate at once, and scale after 15 minutes, with the status, the cause and the cure', async () => {
    impaired('INACCESSIBLE_ENCRYPTION_CREDENTIALS');
    const rotated = await stage.run('rotate', '2025-11-21T09:00');
    const words =
      'The table has been INACCESSIBLE_ENCRYPTION_CREDENTIALS since 2025-11-21 09:00 UTC. DynamoDB cannot use its KMS key. Enable the key and let DynamoDB use it within seven days.';
    expect(rotated.error).toContain(words);
    expect(done(rotated)).toEqual([]);
    const runs = await scaleFor(17);
    expect(failed(runs)).toEqual([15, 16]);
    expect(runs[15]?.error).toContain(words);
    expect(runs[1]?.holds).toMatchObject([{ kind: 'use', reason: 'table-unusable' }]);
    expect((await stage.cli('plan')).stdout).toContain(words);
    stage.aws.intercept = undefined;
    expect((await stage.run('scale', '2025-11-21T09:20')).error).toBe('');
  });

  test.each<[string, Json, string]>([
    [
      'ARCHIVED',
      { ArchivalSummary: { ArchivalBackupArn: 'arn:b' } },
      'Its backup is arn:b. Make the key usable',
    ],
    ['ARCHIVING', {}, 'Wait until it is ARCHIVED.'],
    ['REPLICATION_NOT_AUTHORIZED', {}, 'AWSServiceRoleForDynamoDBReplication'],
    ['FROZEN_BY_A_LATER_DYNAMODB', {}, 'This version of Turntable does not know the status.'],
    [
      'ACTIVE',
      { Replicas: [{ RegionName: 'eu-west-1', ReplicaStatus: 'REGION_DISABLED' }] },
      'The replica in eu-west-1 is REGION_DISABLED.',
    ],
    ['CREATING', { RestoreSummary: { RestoreInProgress: true } }, 'DynamoDB restores it.'],
  ])('because it is %s %j fails rotate', async (status, more, words) => {
    impaired(status, more);
    expect((await stage.run('rotate', '2025-11-21T09:00')).error).toContain(words);
  });

  test('fails scale after five minutes of throttled requests while it stays UPDATING', async () => {
    impaired('UPDATING');
    writes('2025-11-21T08:55', '2025-11-21T09:30', 50, 50);
    const runs = await scaleFor(8);
    const first = failed(runs)[0]!;
    expect(first).toBeLessThanOrEqual(3);
    expect(failed(runs)).toEqual([...runs.keys()].slice(first));
    expect(runs[7]?.error).toMatch(
      /Writes are throttled\. The table is UPDATING\. So they are not raised\. DynamoDB throttled \d+ write requests \(50% of the demand\)/,
    );
    expect((await stage.cli('plan')).stdout).toContain('So they are not raised.');
  });

  test('fails scale if it stays UPDATING for 15 minutes', async () => {
    impaired('UPDATING');
    const runs = await scaleFor(17);
    expect(failed(runs)).toEqual([15, 16]);
    expect(runs[15]?.error).toContain(
      'The table has been UPDATING since 2025-11-21 09:00 UTC and cannot be changed.',
    );
  });
});
