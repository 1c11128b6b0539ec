/** The history, written by the deployed handlers and by commands, and read by `turntable history`. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStage, type Stage, spec } from '../incidents/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  stage.configure([spec()]);
});
afterEach(() => stage.close());

type Entry = Record<string, string>;

async function entries(...args: readonly string[]): Promise<Entry[]> {
  const { stdout, stderr } = await stage.cli('history', '--json', ...args);
  expect(stderr).toBe('');
  return JSON.parse(stdout).entries;
}

/** `09:00 delete production.Events.20251120`. */
const said = (all: readonly Entry[]): string[] =>
  all.map(({ at, kind, table, command, reason }) =>
    [at!.slice(5, 16), kind, table?.replace('production.', '') ?? command, reason].filter(Boolean).join(' '),
  );

const batches = (): number => stage.aws.calls.get('BatchWriteItem') ?? 0;

describe('A run', () => {
  test('adds its actions with one request, and a steady run none', async () => {
    await stage.run('rotate', '2025-11-21T09:05');
    expect(batches()).toBe(1);
    expect(said(await entries())).toEqual([
      '11-21T09:05 create Events.20251121 missing',
      '11-21T09:05 create Events.20251122 missing',
    ]);
    stage.aws.resetCalls();
    await stage.run('rotate', '2025-11-21T09:50');
    await stage.run('scale', '2025-11-21T09:51');
    await stage.run('purge', '2025-11-21T09:52');
    expect(batches()).toBe(0);
    expect(stage.aws.calls.get('GetCallerIdentity')).toBeUndefined();
  });

  test('adds a hold when it begins and when it ends, however often it is held meanwhile', async () => {
    await stage.live('2025-11-21', '2025-11-22');
    await stage.cli('suspend', 'purging');
    await stage.live('2025-11-23', '2025-11-25');
    stage.at('2025-11-25T12:00');
    await stage.cli('resume', 'purging');
    await stage.live('2025-11-26', '2025-11-27');
    const suspended = said(await entries()).filter((line) => / suspended$/.test(line));
    expect(suspended).toEqual([
      '11-23T03:35 hold-begun Events.20251121 suspended',
      '11-24T03:35 hold-begun Events.20251122 suspended',
      '11-25T03:35 hold-begun Events.20251123 suspended',
      '11-26T03:35 hold-ended Events.20251121 suspended',
      '11-26T03:35 hold-ended Events.20251122 suspended',
      '11-26T03:35 hold-ended Events.20251123 suspended',
    ]);
  });

  test('that died after its actions leaves the holds right', async () => {
    await stage.live('2025-11-21', '2025-11-22');
    await stage.cli('suspend', 'purging');
    await stage.run('rotate', '2025-11-23T03:30');
    stage.aws.intercept = (operation) =>
      operation === 'BatchWriteItem'
        ? { type: 'InternalServerError', message: 'Gone.', status: 500 }
        : undefined;
    await stage.run('purge', '2025-11-23T03:35');
    stage.aws.intercept = undefined;
    await stage.run('purge', '2025-11-23T04:35');
    await stage.run('purge', '2025-11-23T05:35');
    expect(said(await entries()).filter((line) => /suspended/.test(line))).toEqual([
      '11-23T04:35 hold-begun Events.20251121 suspended',
    ]);
  });

  test.each([
    ['denied', { type: 'AccessDeniedException', message: 'rotate may not write.' }, 'rotate may not write.'],
    ['throttled', { type: 'ThrottlingException', message: 'Too fast.' }, 'Too fast.'],
  ])('whose history is %s does everything else, is done, and says so', async (_, error, message) => {
    stage.aws.intercept = (operation) => (operation === 'BatchWriteItem' ? error : undefined);
    const printed = await stage.cli('rotate', '--json');
    stage.aws.intercept = undefined;
    const summary = JSON.parse(printed.stdout);
    expect([printed.code, summary.outcome, summary.results.length]).toEqual([0, 'done', 2]);
    expect(summary.remark).toBe(`Could not add everything to the history: ${message}`);
    expect(await stage.names()).toHaveLength(2);
    expect(await entries()).toEqual([]);
  });

  test('that cannot read which holds are open adds its actions, and says so', async () => {
    stage.aws.intercept = (operation, { ExpressionAttributeValues: values }) =>
      operation === 'Query' && JSON.stringify(values).includes('(open)')
        ? { type: 'AccessDeniedException', message: 'rotate may not read.' }
        : undefined;
    const { remark } = JSON.parse((await stage.cli('rotate', '--json')).stdout);
    stage.aws.intercept = undefined;
    expect(remark).toBe('Could not read which holds are open in the history: rotate may not read.');
    expect(said(await entries())).toHaveLength(2);
  });
});

describe('A command', () => {
  test.each([
    ['suspend purging', ['suspend', 'purging', '--reason', 'checking'], /^Purging is suspended: checking\.$/],
    [
      'suspend lowering',
      ['suspend', 'lowering', '--for', '3d'],
      /^Lowering is suspended until 2025-11-24 09:00 UTC\.$/,
    ],
    ['confirm', ['confirm', 'Events', '--retype', 'Events'], /^PurgeRotation 2 \(daily\) is confirmed\.$/],
    ['apply', ['apply', '--yes'], /^Applied 2 of 2 actions\.$/],
  ])('is in the history with its caller: %s', async (_, [command = '', ...args], message) => {
    stage.at('2025-11-21T09:00');
    const { code, stderr } = await stage.cli(command, ...args);
    expect([code, stderr]).toEqual([0, '']);
    const [entry] = await entries('--kind', 'command');
    expect(entry).toMatchObject({
      at: expect.stringMatching(/^2025-11-21T09:00/),
      command,
      by: 'arn:aws:iam::000000000000:user/embedded',
      message: expect.stringMatching(message),
    });
  });

  test('resume, cancel-deletion and adopt are in the history too', async () => {
    await stage.live('2025-11-21', '2025-11-23');
    await stage.cli('cancel-deletion', '--all');
    await stage.cli('suspend', 'purging');
    await stage.cli('resume', 'purging');
    await stage.make('production.Events.20251125');
    await stage.cli('adopt', 'Events', '--all', '--yes');
    const messages = (await entries('--kind', 'command')).map(({ command, message }) => [command, message]);
    expect(messages).toEqual([
      ['cancel-deletion', 'Canceled 1 scheduled deletion: production.Events.20251121.'],
      ['suspend', expect.any(String)],
      ['resume', 'Purging resumes.'],
      ['adopt', 'Adopted 1 of 1 table: production.Events.20251125.'],
    ]);
  });

  test('has an unknown caller, and why, if AWS does not say', async () => {
    stage.aws.intercept = (operation) =>
      operation === 'GetCallerIdentity'
        ? { type: 'ExpiredToken', message: 'The security token is expired', status: 403 }
        : undefined;
    expect((await stage.cli('suspend', 'purging')).code).toBe(0);
    stage.aws.intercept = undefined;
    const [entry] = await entries();
    expect(entry).toMatchObject({ by: 'unknown', byUnknown: expect.stringContaining('token is expired') });
    expect((await stage.cli('history')).stdout.replace(/\s+/g, ' ')).toContain(
      'By unknown, because AWS did not tell: ',
    );
  });

  test('succeeds if the history cannot be written, and says so', async () => {
    stage.aws.intercept = (operation) =>
      operation === 'BatchWriteItem' ? { type: 'AccessDeniedException', message: 'You may not.' } : undefined;
    const { code, stderr } = await stage.cli('suspend', 'purging');
    expect([code, stderr]).toEqual([0, 'Could not add everything to the history: You may not.\n']);
  });

  test('that changes nothing is not in the history', async () => {
    await stage.cli('resume', 'purging');
    await stage.cli('cancel-deletion', '--all');
    await stage.cli('plan');
    await stage.cli('apply', '--at', '2020-01-01T00:00:00Z', '--yes');
    expect(await entries()).toEqual([]);
  });
});

describe('turntable history', () => {
  beforeEach(async () => {
    stage.configure([spec('Events'), spec('Clicks')]);
    await stage.past(async () => {
      await stage.live('2025-11-21', '2025-11-24');
      await stage.cli('suspend', 'purging', '--reason', 'checking retention');
    });
  });

  const lines = async (...args: readonly string[]): Promise<string[]> =>
    (await stage.cli('history', ...args)).stdout.trimEnd().split('\n');

  test('has the newest last, one entry a line or folded, within 80 columns and without color', async () => {
    const printed = await lines();
    expect(printed.slice(0, 2).join(' ')).toMatch(
      /^production \(us-east-1, account 000000000000\), the last 7 days, \d+ entries, times in UTC:$/,
    );
    expect(printed.slice(-3).join('\n')).toMatch(
      /^2025-11-24 03:35 {2}command +suspend\n {4}Purging is suspended: checking retention\. By\n {4}arn:/,
    );
    const times = printed.flatMap((line) => /^\d{4}-\d\d-\d\d \d\d:\d\d/.exec(line)?.[0] ?? []);
    expect(times.length).toBeGreaterThan(10);
    expect(times).toEqual(times.toSorted());
    expect(printed.filter((line) => line.length > 80)).toEqual([]);
    expect(printed.join('\n')).not.toContain('\u001b');
  });

  test('shows only the given groups and kinds, and as far back as is asked', async () => {
    expect(new Set((await entries('Clicks')).map(({ group }) => group))).toEqual(new Set(['Clicks']));
    const kinds = async (...args: string[]) => [...new Set((await entries(...args)).map(({ kind }) => kind))];
    expect(await kinds('--kind', 'delete', 'command')).toEqual(['delete', 'command']);
    const ago = await entries('--since', '1d');
    expect(ago.every(({ at }) => at! >= '2025-11-23T03:35')).toBe(true);
    expect(ago.length).toBeLessThan((await entries()).length);
    stage.at('2026-11-24');
    expect((await lines()).join(' ')).toBe(
      'production (us-east-1, account 000000000000), the last 7 days, 0 entries, times in UTC: nothing.',
    );
  });

  test.each([
    [['Evnts', 'Clicks'], 'Unknown group "Evnts". Known groups: Events, Clicks. Did you mean "Events"?'],
    [['--since', 'yesterday'], '--since "yesterday" is not a valid duration'],
    [['--kind', 'deleted'], "argument 'deleted' is invalid"],
  ])('rejects %j without a call to AWS', async (args, message) => {
    stage.aws.resetCalls();
    const { code, stderr } = await stage.cli('history', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stage.aws.calls.size).toBe(0);
  });

  test('works if the configuration is invalid', async () => {
    stage.configure('{');
    expect((await entries('--kind', 'command')).length).toBe(1);
  });

  test('retains entries for HistoryDays', async () => {
    const expires: number[] = [];
    stage.aws.intercept = (operation, { RequestItems }) => {
      if (operation !== 'BatchWriteItem') return undefined;
      for (const [, seconds] of JSON.stringify(RequestItems).matchAll(/"HistoryExpiresAt":\{"N":"(\d+)"/g))
        expires.push(Number(seconds));
      return undefined;
    };
    await stage.cli('suspend', 'lowering');
    stage.configure([spec()], { Defaults: { HistoryDays: '30' }, Environments: { production: {} } });
    await stage.cli('suspend', 'lowering');
    stage.configure('{');
    await stage.cli('suspend', 'lowering');
    const now = Date.parse('2025-11-24T03:35:00Z') / 1000;
    expect(expires.map((seconds) => Math.round((seconds - now) / 86_400))).toEqual([90, 30, 90]);
  });
});
