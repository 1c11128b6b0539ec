/** A stage whose name is mistyped, or that of a branch, replayed on the embedded AWS. */
import { afterEach, expect, test } from 'vitest';
import { done, openStage, type Stage, spec } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const settings = { Environments: { production: {}, staging: {} } };

test('A stage whose name is a typing error gets no tables, and every run, plan and validation says why', async () => {
  stage = await openStage('prodution');
  stage.configure([spec()], settings);
  const why = 'settings.json does not list';
  for (const time of ['09:05', '09:35']) {
    const run = await stage.run('rotate', `2025-11-21T${time}`);
    expect(run.error).toContain(`${why} the environment prodution. Did you mean production?`);
    expect(done(run)).toEqual([]);
  }
  expect(await stage.names()).toEqual([]);
  expect((await stage.cli('plan')).stdout).toContain('the environment prodution. Did you mean production?');
  for (const command of ['status', 'tables', 'cost'])
    expect((await stage.cli(command)).stderr).toContain(
      'the environment prodution. Did you mean production?',
    );
  const applied = await stage.cli('apply', '--yes');
  expect(applied.code).toBe(1);
  expect(applied.stdout).toContain('the environment prodution. Did you mean production?');
  expect((await stage.cli('validate')).stdout).toContain(
    `prodution: ${why} this environment. Did you mean production?`,
  );
  expect(await stage.cli('init')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('the environment prodution. Did you mean production?'),
  });
  stage.configure([spec()], { Environments: { ...settings.Environments, prodution: {} } });
  expect((await stage.run('rotate', '2025-11-21T10:05')).error).toBe('');
  expect(await stage.names()).toHaveLength(2);
});

test('A stage of a branch works although it is not listed, and its first run says so', async () => {
  stage = await openStage('feature-x');
  stage.configure([spec()], settings);
  const notice = 'settings.json does not list the environment feature-x, so it uses the defaults.';
  const first = await stage.cli('rotate');
  expect(first).toMatchObject({ code: 0 });
  expect(first.stdout.split(notice)).toHaveLength(2);
  expect((await stage.cli('rotate')).stdout).not.toContain(notice);
  expect((await stage.cli('plan')).stdout.split(notice)).toHaveLength(2);
});
