/** The command `npm run chaos`, as people run it. docs/safety.md describes the histories. */
import { describe, expect, test } from 'vitest';
import { parseOptions, UsageError } from '../../chaos/options.ts';
import type { PlayedHistory } from '../../chaos/play-all.ts';
import { Tally } from '../../chaos/tally.ts';
import { chaos } from './command.ts';

describe('the last line', () => {
  const played: PlayedHistory = {
    history: 1,
    faults: 3,
    occurred: new Map([['edit', 2]]),
    crashes: 1,
    runs: 5,
    checks: 7,
    violations: [],
    counts: { created: 2, deleted: 1, scheduled: 1, resized: 4 },
    timeline: [],
  };

  test.each<[string, PlayedHistory['violations'], string, number]>([
    ['success', [], 'histories 2, faults 6, checks 14, violations 0', 0],
    ['failure', [{ rule: 'unmanaged', message: 'x' }], 'histories 2, faults 6, checks 14, violations 1', 1],
  ])('reports %s, like the exit code', (_, violations, line, code) => {
    const tally = new Tally();
    tally.add(played);
    tally.add({ ...played, history: 2, violations });
    expect(tally.lines(9).slice(0, 2)).toEqual([
      'met: edit 4',
      'seed 9: 10 runs, 2 crashed; 4 tables created, 2 deleted, 8 resized',
    ]);
    expect([tally.lines(9).at(-1), tally.exitCode()]).toEqual([line, code]);
  });
});

describe('npm run chaos', () => {
  test('plays ten random histories without a violation', async () => {
    const { code, lines } = await chaos('--histories', '10', '--seed', '20261121');
    expect(lines.slice(0, -3)).toEqual([]);
    const last = /^histories 10, faults (\d+), checks (\d+), violations 0$/.exec(lines.at(-1)!);
    expect(Number(last?.[1])).toBeGreaterThan(2_500);
    expect(Number(last?.[2])).toBeGreaterThan(35_000);
    expect(code).toBe(0);
  });

  test('repeats the same history for the same seed and number', async () => {
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
      'a seed that is not a number',
      ['--seed', 'yes'],
      '--seed must be a whole number from 1 to 9007199254740991, not yes.',
    ],
    ['no histories', ['--histories', '0'], '--histories must be a whole number from 1 to 1000000, not 0.'],
    [
      'too many histories',
      ['--histories', '99999999999'],
      '--histories must be a whole number from 1 to 1000000, not 99999999999.',
    ],
    ['a fraction', ['--history', '1.5'], '--history must be a whole number from 1 to 1000000, not 1.5.'],
    ['an option without its value', ['--seed'], "Option '--seed <value>' argument missing"],
    ['an unknown option', ['--sed', '7'], "Unknown option '--sed'"],
    [
      'an extra argument',
      ['300'],
      "Unexpected argument '300'. This command does not take positional arguments",
    ],
  ])('rejects %s', (_, args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
  });

  test('rejects invalid options with exit code 2', async () => {
    const { code, lines, stderr } = await chaos('--histories', '0');
    const said = '--histories must be a whole number from 1 to 1000000, not 0.\n';
    expect({ code, lines, stderr }).toEqual({ code: 2, lines: [''], stderr: said });
  });
});
