/** Completion of the command line in a shell that runs its script. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { program } from '../../src/cli/program.ts';
import { bundledCli } from '../support/cli.ts';
import { CONFIG, ownFolder } from '../support/cli-on-aws.ts';
import { runHere } from '../support/in-process.ts';

const folder = ownFolder();
const root = join(import.meta.dirname, '../..');
const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

/** The listing of environments, with a name that a shell would run. */
const SETTINGS = '{ "Environments": { "production": {}, "staging": {}, "$(touch ran)": {} } }';

beforeAll(async () => {
  const bin = join(folder(), 'turntable');
  writeFileSync(bin, `#!/bin/sh\nexec '${process.execPath}' '${await bundledCli()}' "$@"\n`);
  chmodSync(bin, 0o755);
  mkdirSync(join(folder(), 'other'));
  writeFileSync(
    join(folder(), 'other/tables.json'),
    '[{ "TableName": "Clicks" }, { "TableName": "`touch ran`" }]',
  );
  writeFileSync(join(folder(), 'other/settings.json'), SETTINGS);
});

/** What bash offers for the last word. */
async function offered(...words: string[]): Promise<string[]> {
  const { stdout: script } = await runHere(['completion', 'bash']);
  const file = join(folder(), 'completion.bash');
  const line = `COMP_WORDS=(turntable "$@"); COMP_CWORD=$#; _turntable; printf '%s\\n' "\${COMPREPLY[@]}"`;
  writeFileSync(file, `${script}\n${line}\n`);
  const env = { PATH: `${folder()}${delimiter}${process.env.PATH}`, TURNTABLE_CONFIG: join(root, CONFIG) };
  return execFileSync('bash', ['-u', file, ...words], { cwd: folder(), env, encoding: 'utf8' })
    .trim()
    .split('\n');
}

describe('bash', () => {
  test('completes commands', async () => {
    expect(await offered('pl')).toEqual(['plan']);
    expect(await offered('')).toEqual([
      ...program().commands.map((command) => command.name()),
      'help',
      '--help',
      '--version',
    ]);
  });

  test('completes the options of each command', async () => {
    expect(await offered('plan', '--re')).toEqual(['--region']);
    expect(await offered('tables', '--re')).toEqual(['']);
    expect(await offered('plan', '--detailed')).toEqual(['--detailed-exitcode']);
  });

  test('completes choices', async () => {
    expect(await offered('suspend', '')).toEqual(['purging', 'lowering', 'all']);
    expect(await offered('backtest', '--dimension', 'w')).toEqual(['write']);
  });

  test('completes groups and environments of the configuration', async () => {
    expect(await offered('status', 'F')).toEqual(['Flags']);
    expect(await offered('export-trace', '--config', 'other', 'C')).toEqual(['Clicks']);
    expect(await offered('plan', '--config', 'other', '--env', 'p')).toEqual(['production']);
  });

  test('offers no name that a shell would run', async () => {
    expect(await offered('plan', '--config', 'other', '--env', '')).toEqual(['production', 'staging']);
    expect(await offered('status', '--config', 'other', '')).toEqual(['Clicks']);
    expect(spawnSync('ls', [join(folder(), 'ran')]).status).not.toBe(0);
  });
});

/** Shells that this machine might not have. The name of a skipped test says so. */
const skipped = (shell: string): string => (has(shell) ? '' : ` (skipped: ${shell} is not on this machine)`);

test.skipIf(!has('zsh'))(`zsh accepts its script${skipped('zsh')}`, async () => {
  const { stdout } = await runHere(['completion', 'zsh']);
  const file = join(folder(), '_turntable');
  writeFileSync(file, stdout);
  execFileSync('zsh', ['-fn', file]);
});

test.skipIf(!has('fish'))(`fish completes commands${skipped('fish')}`, async () => {
  const { stdout } = await runHere(['completion', 'fish']);
  const file = join(folder(), 'turntable.fish');
  writeFileSync(file, stdout);
  const said = execFileSync('fish', ['-c', `source ${file}; complete -C 'turntable pl'`], {
    encoding: 'utf8',
  });
  expect(said).toContain('plan');
});

test.each(['zsh', 'fish'])('the script for %s has every command and option', async (shell) => {
  const { code, stdout } = await runHere(['completion', shell]);
  expect(code).toBe(0);
  for (const { name, options } of program().commands.map((one) => ({
    name: one.name(),
    options: one.options,
  }))) {
    expect(stdout).toContain(name);
    for (const { long, hidden } of options)
      if (!hidden) expect(stdout).toContain(shell === 'fish' ? `-l ${long?.slice(2)}` : long);
  }
});
