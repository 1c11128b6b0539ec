/** Writes plans and applies them with `apply FILE`, against the embedded AWS. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { turntable } from '../support/cli.ts';
import { CliOnAws, CONFIG, ownFolder } from '../support/cli-on-aws.ts';

const folder = ownFolder();
const cli = new CliOnAws();
const { env, run, runAt } = cli;

test('apply FILE applies exactly that plan', async () => {
  await run('init');
  cli.aws.resetCalls();
  const file = join(folder(), 'plan.json');
  expect((await runAt('plan', '--out', file)).stdout).toContain(`turntable apply ${file}`);
  expect(await run('apply', file)).toMatchObject({ code: 0, stderr: '' });
  expect([...cli.aws.calls.keys()]).toContain('CreateTable');
});

test('apply FILE rejects a stale plan and changes nothing', async () => {
  await run('init');
  const file = join(folder(), 'plan.json');
  await runAt('plan', '--out', file);
  await runAt('apply', '--yes');
  cli.aws.resetCalls();
  const refused = await run('apply', file);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toBe(
    [
      'Error: Nothing was applied. Tables or configuration changed after planning. Review a new `turntable plan`.',
      '  create production.Flags.20251121: no longer planned.',
      '  create production.Flags.20251122: no longer planned.',
      '  time-to-live production.Flags.20251121: no longer planned.',
      '  time-to-live production.Flags.20251122: no longer planned.',
      '',
    ].join('\n'),
  );
  const { error } = JSON.parse((await run('apply', file, '--json')).stderr);
  expect(error).toMatchObject({ code: 'failed', exitCode: 1 });
  expect(error.details.differences[0]).toEqual({
    change: 'vanished',
    kind: 'create',
    table: 'production.Flags.20251121',
    was: 'The period started at 2025-11-21 00:00 UTC and the table does not exist. 5 reads/s, 5 writes/s.',
  });
  expect([...cli.aws.calls.keys()]).not.toContain('CreateTable');
});

test('apply rejects a future time, which plan accepts', async () => {
  await run('init');
  cli.aws.resetCalls();
  const ahead = new Date(cli.now + 26 * 3_600_000 + 30_000).toISOString();
  const rejected = `Error: apply rejects a future time: ${ahead.slice(0, 16).replace('T', ' ')} UTC is 1 day 2 hours ahead. To preview it, use \`turntable plan --at\`.\n`;
  expect(await run('apply', '--yes', '--at', ahead)).toEqual({ code: 2, stdout: '', stderr: rejected });
  const file = join(folder(), 'plan.json');
  expect((await run('plan', '--at', ahead, '--out', file)).code).toBe(0);
  expect(await run('apply', file)).toEqual({ code: 2, stdout: '', stderr: rejected });
  expect([...cli.aws.calls.keys()]).not.toContain('CreateTable');
});

test('apply FILE prints and changes nothing before it has verified the plan', async () => {
  await run('init');
  const file = join(folder(), 'plan.json');
  const ahead = await run('plan', '--out', file, '--at', '2999-01-01T00:00:00Z');
  expect(ahead.stdout).toContain(`Wrote ${file} for preview only: apply rejects a plan for a future time.`);
  const useful = await runAt('plan', '--out', file);
  expect(useful.stdout).toContain(`To apply exactly this plan within one hour: turntable apply ${file}`);
  await runAt('apply', '--yes');
  const idle = await runAt('plan', '--out', file);
  expect(idle.stdout).toContain(`Wrote ${file}. The plan has no changes to apply.`);
  const empty = JSON.parse(readFileSync(file, 'utf8'));
  expect(await run('apply', file)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('No changes.'),
  });
  const held = {
    ...empty,
    holds: [{ kind: 'read', job: 'scale', group: 'x', table: '\u001b[2J', reason: 'cap', message: '' }],
  };
  writeFileSync(file, JSON.stringify(held));
  expect((await run('apply', file)).stdout).not.toContain('\u001b');
  for (const wrong of [
    { jobs: [] },
    { createdAt: 'nonsense' },
    { createdAt: '2025-02-30T00:00:00Z' },
    { environment: 'a\u001b[2J' },
  ]) {
    writeFileSync(file, JSON.stringify({ ...empty, ...wrong }));
    expect(await turntable(['apply', file, '--config', CONFIG], env())).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('is not a valid plan'),
    });
  }
  for (const wrong of [{ fingerprint: '0'.repeat(16) }, { createdAt: '2999-01-01T00:00:00.000Z' }]) {
    writeFileSync(file, JSON.stringify({ ...empty, ...wrong }));
    expect(await run('apply', file)).toMatchObject({ code: 1, stdout: '' });
  }
});

test('apply FILE rejects a plan that was edited, is old, or is for another environment', async () => {
  await run('init');
  cli.aws.resetCalls();
  const file = join(folder(), 'plan.json');
  await runAt('plan', '--out', file);
  const plan = JSON.parse(readFileSync(file, 'utf8'));
  const edited = { ...plan, actions: plan.actions.slice(1) };
  writeFileSync(file, JSON.stringify(edited));
  expect((await run('apply', file)).stderr).toContain('Tables or configuration changed after planning.');
  writeFileSync(file, JSON.stringify({ ...plan, createdAt: '2025-01-01T00:00:00.000Z' }));
  expect((await run('apply', file)).stderr).toContain('more than an hour old');
  writeFileSync(file, JSON.stringify({ ...plan, environment: 'staging' }));
  expect(await run('apply', file)).toMatchObject({
    code: 2,
    stderr: 'Error: The plan is for environment staging, but --env is production.\n',
  });
  expect([...cli.aws.calls.keys()]).not.toContain('CreateTable');
});
