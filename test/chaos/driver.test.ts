/** The driver as people run it. What it plays is in docs/safety.md. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

function chaos(...args: readonly string[]): Promise<{ code: number; lines: string[]; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['chaos/main.ts', ...args], { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, lines: stdout.trimEnd().split('\n'), stderr });
    });
  });
}

describe('npm run chaos', () => {
  test('two hundred random histories break no promise', { timeout: 400_000 }, async () => {
    const { code, lines } = await chaos('--histories', '200', '--seed', '20261121');
    expect(lines.slice(0, -2)).toEqual([]);
    const last = /^histories 200, faults (\d+), checks (\d+), violations 0$/.exec(lines.at(-1)!);
    expect(Number(last?.[1])).toBeGreaterThan(10_000);
    expect(Number(last?.[2])).toBeGreaterThan(300_000);
    const played = /(\d+) crashed; (\d+) tables made, (\d+) deleted, (\d+) resized/.exec(lines.at(-2)!)!;
    for (const count of played.slice(1)) expect(Number(count)).toBeGreaterThan(300);
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

  test('refuses numbers that are none', async () => {
    const { code, stderr } = await chaos('--seed', 'yes');
    expect({ code, stderr }).toEqual({ code: 2, stderr: '--seed yes: must be a whole number above 0.\n' });
  });
});
