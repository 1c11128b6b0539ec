/** Plans, applies, rotates and runs the daemon, against the embedded AWS. */
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { begin } from '../support/cli.ts';
import { AT, CliOnAws, common } from '../support/cli-on-aws.ts';

const cli = new CliOnAws();
const { env, run, runAt } = cli;

test('plans and applies changes, then plans none, and status shows the tables', async () => {
  expect((await run('init')).stdout).toBe('Created the state table production.turntable.\n');
  expect((await run('init')).stdout).toBe('The state table production.turntable already exists.\n');

  const plan = await runAt('plan', '--detailed-exitcode');
  expect(plan.code).toBe(2);
  expect(plan.stdout).toBe(
    [
      'production (us-east-1, account 000000000000), as of 2025-11-21 09:00 UTC:',
      '',
      '  Flags',
      '    +  production.Flags.20251121  create        The period started at 2025-11-21 00:00 UTC and the table does not exist. 5 reads/s, 5 writes/s. [missing]',
      '    +  production.Flags.20251122  create        The period starts at 2025-11-22 00:00 UTC. 5 reads/s, 5 writes/s. [missing]',
      '    ~  production.Flags.20251121  time-to-live  The spec enables Time to Live on the attribute ExpiresAt. [settings-differ]',
      '    ~  production.Flags.20251122  time-to-live  The spec enables Time to Live on the attribute ExpiresAt. [settings-differ]',
      '',
      'Plan: 2 to create, 2 to change, 0 to delete.',
      '',
    ].join('\n'),
  );

  const applied = await runAt('apply', '--yes');
  expect(applied.stderr).toBe('');
  expect(applied.stdout).toMatch(/\[4\/4\] ✓ time-to-live/);
  expect(applied.stdout).toMatch(/4 applied, 0 failed, 0 skipped\.\n$/);
  expect(applied.code).toBe(0);

  const again = await runAt('plan', '--detailed-exitcode');
  expect(again.code).toBe(0);
  expect(again.stdout).toBe(
    'No changes. The tables of production (us-east-1, account 000000000000) match the configuration, as of 2025-11-21 09:00 UTC.\n',
  );

  const status = await runAt('status');
  expect(status.stdout).toBe(
    [
      'production (us-east-1, account 000000000000), as of 2025-11-21 09:00 UTC: 2',
      'tables, 0 B, USD 5.62 per month. READ/S and WRITE/S are consumed/provisioned',
      'units per second over the newest 5 minutes.',
      '',
      'production.Flags: 2 tables, 0 B, USD 5.62 per month',
      '  PERIOD    PHASE     STATUS  READ/S  WRITE/S  SIZE  USD/MONTH  AGE',
      '  20251121  active    ACTIVE     0/5      0/5   0 B       2.81  0 s',
      '            ends 2025-11-22 00:00 UTC',
      '  20251122  upcoming  ACTIVE     0/5      0/5   0 B       2.81  0 s',
      '            starts 2025-11-22 00:00 UTC',
      '',
    ].join('\n'),
  );
  const json = JSON.parse((await runAt('status', '--json')).stdout);
  expect(json.tables).toHaveLength(2);
  expect(json.unmanaged).toEqual([]);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  'apply starts no further action on %s, says that it was interrupted, and releases its leases',
  async (signal, exitCode) => {
    await run('init');
    const fault = { type: 'LimitExceededException', message: 'Too many at once.', status: 400 };
    let applying: Awaited<ReturnType<typeof begin>> | undefined;
    cli.aws.intercept = (operation, { TableName }) => {
      if (operation !== 'CreateTable' || TableName !== 'production.Flags.20251122') return undefined;
      // The SDK retries the call, and a second signal would end the process.
      applying?.kill(signal);
      applying = undefined;
      return fault;
    };
    const child = await begin(['apply', '--yes', ...common, '--at', AT], env());
    applying = child;
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(exitCode);
    expect(stderr).toMatch(/\nInterrupted\.\n$/);
    expect(stderr).toMatch(/^Stopping after the current action\. Press Ctrl-C again to exit immediately\./);
    expect(stdout).toMatch(/✗ create production\.Flags\.20251122 {2}Too many at once\./);
    // The signal arrives while other actions are in progress, so either reason can come first.
    expect(stdout).toMatch(
      /- time-to-live production\.Flags\.20251122 {2}The (table could not be created|run was stopped before this action started)\./,
    );
    expect(stdout).toMatch(/[12] failed, [12] skipped\.\n$/);
    delete cli.aws.intercept;
    expect(await runAt('apply', '--yes')).toMatchObject({ code: 0, stderr: '' });
  },
);

test.each([
  ['SIGINT', [], 130, 'Interrupted.\n'],
  ['SIGTERM', [], 143, 'Interrupted.\n'],
  ['SIGINT', ['--json'], 130, '{"error":{"code":"interrupted","exitCode":130,"message":"Interrupted."}}\n'],
] as const)(
  'a command that only reads ends at once on %s %j, and says why',
  async (signal, more, exitCode, said) => {
    let reading: Awaited<ReturnType<typeof begin>> | undefined;
    // While it is throttled, the command has nothing to print before the signal arrives.
    cli.aws.intercept = (operation) => {
      if (operation !== 'ListTables') return undefined;
      reading?.kill(signal);
      return { type: 'ThrottlingException', message: 'Rate exceeded', status: 400 };
    };
    reading = await begin(['status', ...more, ...common, '--at', AT], env());
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      reading[stream].on('data', (chunk) => {
        output[stream] += chunk;
      });
    const [code] = await once(reading, 'close');
    delete cli.aws.intercept;
    expect({ code, ...output }).toEqual({ code: exitCode, stdout: '', stderr: said });
  },
);

test('rotate creates the missing tables, then nothing', async () => {
  await run('init');
  const first = await runAt('rotate');
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(/rotate done: 4 applied, 0 failed or skipped, 0 held\.\n/);
  expect((await runAt('rotate')).stdout).toMatch(/rotate done: 0 applied, 0 failed or skipped, 0 held\.\n/);
  expect(await run('rotate', '--at', '2999-01-01')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('rotate rejects a future time'),
  });
});

test('apply changes nothing if it cannot prompt', async () => {
  await run('init');
  const { code, stderr } = await runAt('apply');
  expect(code).toBe(2);
  expect(stderr).toBe('Error: Cannot prompt for approval. Use --yes, or pass a plan file.\n');
});

test('reports a missing state table and the command that creates it', async () => {
  const { code, stderr } = await runAt('apply', '--yes');
  expect(code).toBe(1);
  expect(stderr).toContain('turntable init --env production');
});

test('daemon runs the jobs and stops cleanly on SIGTERM', async () => {
  await run('init');
  // The process has the machine's clock.
  cli.now = Math.floor(performance.timeOrigin + performance.now());
  const daemon = await begin(['daemon', '--json', ...common], cli.aws.env);
  const lines: Record<string, unknown>[] = [];
  let rest = '';
  const rotated = new Promise<void>((resolve) => {
    daemon.stdout.on('data', (chunk) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts.map((line) => JSON.parse(line)));
      if (lines.some(({ job }) => job === 'rotate')) resolve();
    });
  });
  await rotated;
  daemon.kill('SIGTERM');
  const [code] = await once(daemon, 'exit');
  expect(code).toBe(0);
  expect(lines.find(({ job }) => job === 'rotate')).toMatchObject({
    outcome: 'done',
    environment: 'production',
  });
  expect(lines.at(-1)).toMatchObject({ event: 'stopped' });
});
