/** `npm run chaos`, as people run it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

export function chaos(
  ...args: readonly string[]
): Promise<{ code: number; lines: string[]; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['chaos/main.ts', ...args], { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, lines: stdout.trimEnd().split('\n'), stderr });
    });
  });
}

/** Everything that can go wrong. All of it must occur, or the histories would prove less than they claim. */
const everything = [
  ...['AccessDeniedException', 'InternalServerError', 'LimitExceededException', 'ResourceInUseException'],
  ...['ThrottlingException', 'abandoned run', 'confirmation', 'delayed', 'duplicated', 'edit'],
  ...['creation limit', 'expired table in use', 'index being built', 'late consistency'],
  ...[
    'forged record of ownership',
    'forged record of unmanaged tables',
    'notice not accepted',
    'plan for a past time',
    'state of a newer version',
  ],
  ...['retention corrected', 'retention shortened by a slip'],
  ...['table remade', 'table restored', 'table tagged to be kept'],
  ...['half page', 'half-written file', 'killed process', 'late event'],
  ...['metrics gaps', 'metrics inflated', 'metrics internal-error', 'metrics missing', 'metrics partial'],
  ...['metrics zeros', 'no response', 'overlap', 'repeated event', 'request dropped', 'response cut'],
  ...[
    'response dropped',
    'response stalled',
    'scheme change corrected',
    'silent CloudWatch',
    'skewed clock',
    'suspend or resume',
    'unhealthy service',
    'unmanaged table',
    'unusable table',
    'wrong clock',
    'wrong date',
  ],
];

/** Plays random histories, and expects no violation, and enough of everything to prove something. */
export async function expectNoViolation(histories: number, seed: number): Promise<void> {
  const { code, lines } = await chaos('--histories', String(histories), '--seed', String(seed));
  expect(lines.slice(0, -3)).toEqual([]);
  const last = new RegExp(`^histories ${histories}, faults (\\d+), checks (\\d+), violations 0$`).exec(
    lines.at(-1)!,
  );
  expect(Number(last?.[1])).toBeGreaterThan(10_000);
  expect(Number(last?.[2])).toBeGreaterThan(200_000);
  const played = /(\d+) crashed; (\d+) tables created, (\d+) deleted, (\d+) resized/.exec(lines.at(-2)!)!;
  for (const count of played.slice(1)) expect(Number(count)).toBeGreaterThan(200);
  const occurred = lines
    .at(-3)!
    .replace(/^met: /, '')
    .replaceAll(/ \d+(?=,|$)/g, '')
    .split(', ');
  expect(occurred.toSorted()).toEqual(everything.toSorted());
  expect(code).toBe(0);
}
