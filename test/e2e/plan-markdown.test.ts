/** `plan --markdown`, and the workflow that comments it on a pull request, against the embedded AWS. */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { lexer, type Tokens } from 'marked';
import { beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { bundledCli } from '../support/cli.ts';
import { AT, CliOnAws, CONFIG, ownFolder } from '../support/cli-on-aws.ts';

const cli = new CliOnAws();
const folder = ownFolder();
const plan = (...args: string[]) => cli.run('plan', '--markdown', '--at', AT, ...args);

describe('plan --markdown', () => {
  test('prints the rows of the plan, and what its tables cost before and after', async () => {
    const { code, stdout, stderr } = await plan();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(
      '<!-- turntable plan production -->\n### Turntable plan of production (us-east-1, account 000000000000)\n\n' +
        'As of 2025-11-21 09:00 UTC: **2 to create, 2 to change, 0 to delete.**\n\n' +
        'Provisioned throughput and storage: USD 0.00 → 5.62 per month.\n\n#### Flags: USD 0.00 → 5.62 per month\n',
    );
    const { actions } = JSON.parse((await cli.run('plan', '--json', '--at', AT)).stdout);
    const [{ rows }] = lexer(stdout).filter((token) => token.type === 'table') as [Tokens.Table];
    expect(rows.map(([, table, kind]) => `${kind!.text} ${table!.text}`)).toEqual(
      actions.map(({ kind, table }: { kind: string; table: string }) => `${kind} ${table}`),
    );
  });

  test('exits like plan, with and without --detailed-exitcode', async () => {
    expect((await plan('--detailed-exitcode')).code).toBe(2);
    await cli.run('init');
    await cli.run('rotate');
    const { code, stdout } = await plan('--detailed-exitcode');
    expect(code).toBe(0);
    expect(stdout).toContain('**No changes.** The tables match the configuration.');
    expect(stdout).toContain('USD 5.62 per month.');
  });

  test('prints only the comment to standard output, and writes the plan too', async () => {
    const file = join(folder(), 'plan.json');
    const { stdout, stderr } = await plan('--out', file);
    expect([stdout.includes('Wrote'), stderr]).toEqual([false, expect.stringContaining('Wrote')]);
    expect(JSON.parse(readFileSync(file, 'utf8')).actions).toHaveLength(4);
  });

  test('rejects --json beside it, without calling AWS', async () => {
    expect(await plan('--json')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--json and --markdown cannot be used together. Choose one.'),
    });
    expect((await plan('--json', '--detailed-exitcode')).code).toBe(1);
    expect(cli.aws.calls.size).toBe(0);
  });
});

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
}
const workflow = parse(readFileSync('examples/github/turntable-plan.yml', 'utf8'));
const steps: readonly Step[] = workflow.jobs.plan.steps;

describe('the example workflow', () => {
  let work: string;
  beforeEach(() => {
    work = mkdtempSync(join(folder(), 'work-'));
    return () => rmSync(work, { recursive: true });
  });
  const file = (name: string) => join(work, name);
  const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '');

  function program(name: string, script: string): void {
    writeFileSync(file(name), `#!/bin/sh\n${script}\n`);
    chmodSync(file(name), 0o755);
  }

  /** Runs the shell of a step as GitHub does, and returns its exit code. */
  async function shell(name: string, env: Record<string, string> = {}): Promise<number> {
    const { run } = steps.find((step) => step.name === name)!;
    program('turntable', `exec '${process.execPath}' '${await bundledCli()}' "$@"`);
    const own = {
      ...cli.env(),
      PATH: `${work}:${process.env.PATH}`,
      TURNTABLE_CONFIG: join(process.cwd(), CONFIG),
      TURNTABLE_ENVIRONMENT: workflow.jobs.plan.env.TURNTABLE_ENVIRONMENT,
      GITHUB_STEP_SUMMARY: file('summary'),
      GITHUB_OUTPUT: file('output'),
      ...env,
    };
    return promisify(execFile)('bash', ['-e', '-c', run!], { cwd: work, env: own }).then(
      () => 0,
      ({ code }) => Number(code),
    );
  }

  test('has the least permissions, and pins each action to a commit', () => {
    expect(workflow.permissions).toEqual({
      contents: 'read',
      'id-token': 'write',
      'pull-requests': 'write',
    });
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(2);
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  test('succeeds with pending changes, and shows them in the summary', async () => {
    expect(await shell('Validate')).toBe(0);
    expect(await shell('Plan')).toBe(0);
    expect(read('output')).toBe('exitcode=2\n');
    expect(read('summary')).toBe(read('plan.md'));
    expect(read('summary')).toContain('**2 to create, 2 to change, 0 to delete.**');
  });

  test('succeeds without changes', async () => {
    await cli.run('init');
    await cli.run('rotate');
    expect(await shell('Plan')).toBe(0);
    expect(read('output')).toBe('exitcode=0\n');
  });

  test('fails if the plan fails', async () => {
    expect(await shell('Plan', { TURNTABLE_CONFIG: work })).toBe(1);
    expect(read('output')).toBe('exitcode=1\n');
  });

  test.each([
    ['writes a comment', '', '--method POST the-comments'],
    [
      'writes its earlier comment again',
      '77\\n78',
      '--method PATCH repos/owner/repository/issues/comments/77',
    ],
  ])('%s', async (_, found, expected) => {
    program('gh', `echo "$* marker=$marker" >> calls; case "$*" in *--jq*) printf '${found}';; esac`);
    writeFileSync(file('plan.md'), '<!-- turntable plan production -->\n### Plan\n');
    const env = { COMMENTS: 'the-comments', GITHUB_REPOSITORY: 'owner/repository' };
    expect(await shell('Comment', env)).toBe(0);
    const [search, write] = read('calls').trim().split('\n');
    expect(search).toContain('marker=<!-- turntable plan production -->');
    expect(write).toContain(`api --silent ${expected} -F body=@plan.md`);
  });
});
