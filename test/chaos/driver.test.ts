/** The driver as people run it. What it plays is in docs/safety.md. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Played } from '../../chaos/drive.ts';
import { Tally } from '../../chaos/tally.ts';

const ROOT = join(import.meta.dirname, '../..');

function chaos(...args: readonly string[]): Promise<{ code: number; lines: string[]; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['chaos/main.ts', ...args], { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, lines: stdout.trimEnd().split('\n'), stderr });
    });
  });
}

/** What may go wrong: each of it has to, or the histories would prove less than they say. */
const everything = [
  ...['AccessDeniedException', 'InternalServerError', 'LimitExceededException', 'ResourceInUseException'],
  ...['ThrottlingException', 'abandoned run', 'answer cut', 'answer lost', 'delayed', 'duplicated', 'edit'],
  ...['half a page', 'half-written file', 'hand-made table', 'killed process', 'late event'],
  ...['metrics absurd', 'metrics gaps', 'metrics internal-error', 'metrics missing', 'metrics partial'],
  ...['metrics zeros', 'no answer', 'overlap', 'repeated event', 'request dropped', 'skewed clock'],
  ...['stop or resume', 'wrong clock', 'wrong date'],
];

describe('the last line', () => {
  const played: Played = {
    history: 1,
    faults: 3,
    met: new Map([['edit', 2]]),
    crashes: 1,
    runs: 5,
    checks: 7,
    violations: [],
    counts: { created: 2, deleted: 1, condemned: 1, resized: 4 },
    timeline: [],
  };

  test.each<[string, Played['violations'], string, number]>([
    ['success', [], 'histories 2, faults 6, checks 14, violations 0', 0],
    ['failure', [{ rule: 'foreign', message: 'x' }], 'histories 2, faults 6, checks 14, violations 1', 1],
  ])('tells %s, and so does the exit code', (_, violations, line, code) => {
    const tally = new Tally();
    tally.add(played);
    tally.add({ ...played, history: 2, violations });
    expect(tally.lines(9).slice(0, 2)).toEqual([
      'met: edit 4',
      'seed 9: 10 runs, 2 crashed; 4 tables made, 2 deleted, 8 resized',
    ]);
    expect([tally.lines(9).at(-1), tally.exitCode()]).toEqual([line, code]);
  });
});

describe('npm run chaos', () => {
  test('two hundred random histories break no promise', { timeout: 400_000 }, async () => {
    const { code, lines } = await chaos('--histories', '200', '--seed', '20261121');
    expect(lines.slice(0, -3)).toEqual([]);
    const last = /^histories 200, faults (\d+), checks (\d+), violations 0$/.exec(lines.at(-1)!);
    expect(Number(last?.[1])).toBeGreaterThan(10_000);
    expect(Number(last?.[2])).toBeGreaterThan(300_000);
    const played = /(\d+) crashed; (\d+) tables made, (\d+) deleted, (\d+) resized/.exec(lines.at(-2)!)!;
    for (const count of played.slice(1)) expect(Number(count)).toBeGreaterThan(300);
    const met = lines
      .at(-3)!
      .replace(/^met: /, '')
      .replaceAll(/ \d+(?=,|$)/g, '')
      .split(', ');
    expect(met.toSorted()).toEqual(everything);
    expect(code).toBe(0);
  });

  test('tells the same history again for the same seed and number, step by step', async () => {
    const [once, again, other] = await Promise.all([
      chaos('--seed', '5', '--history', '7'),
      chaos('--seed', '5', '--history', '7'),
      chaos('--seed', '6', '--history', '7'),
    ]);
    expect(once.lines.length).toBeGreaterThan(40);
    expect(again.lines).toEqual(once.lines);
    expect(other.lines).not.toEqual(once.lines);
    expect(once.lines.at(-1)).toMatch(/^histories 1, faults \d+, checks \d+, violations 0$/);
  });

  test.each<[string, string[], string]>([
    [
      'a seed that is no number',
      ['--seed', 'yes'],
      '--seed yes: must be a whole number from 1 to 9007199254740991.',
    ],
    ['no histories', ['--histories', '0'], '--histories 0: must be a whole number from 1 to 1000000.'],
    [
      'more histories than anybody waits for',
      ['--histories', '99999999999'],
      '--histories 99999999999: must be a whole number from 1 to 1000000.',
    ],
    ['a fraction', ['--history', '1.5'], '--history 1.5: must be a whole number from 1 to 1000000.'],
    ['an option without its value', ['--seed'], "Option '--seed <value>' argument missing"],
    ['an option that there is not', ['--sed', '7'], "Unknown option '--sed'"],
    [
      'a word too many',
      ['300'],
      "Unexpected argument '300'. This command does not take positional arguments",
    ],
  ])('refuses %s, and 1 is left to violations', async (_, args, message) => {
    const { code, lines, stderr } = await chaos(...args);
    expect({ code, lines, said: stderr.split('\n')[0] }).toEqual({ code: 2, lines: [''], said: message });
  });
});
