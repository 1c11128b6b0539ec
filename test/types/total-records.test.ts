/**
 * Adds a kind of action, reasons, a job, a method and schemes that no code knows, and shows which files TypeScript then rejects:
 * every place that has to know them.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { typeErrors } from '../support/tsc.ts';

const root = join(import.meta.dirname, '../..');

/** One more member of a union type, which is put right behind `declaration`. */
interface Addition {
  readonly file: string;
  readonly declaration: string;
  readonly member: string;
}

const PLAN = 'src/generated/plan.ts';

/** The additions by the name that TypeScript's messages contain, and the files that must not compile with them. */
const additions: Readonly<Record<string, { added: readonly Addition[]; rejected: readonly string[] }>> = {
  'new-kind': {
    added: [
      { file: PLAN, declaration: 'export type ActionKind =', member: "'new-kind'" },
      {
        file: PLAN,
        declaration: 'export type Action =',
        member: "(Omit<Protect, 'kind'> & { kind: 'new-kind' })",
      },
    ],
    rejected: [
      'src/core/action-kinds.ts',
      'src/core/guards/lowering.ts',
      'src/core/history/entry.ts',
      'src/core/notices/kinds.ts',
      'src/core/notices/worth-telling.ts',
      'src/core/plan-cost.ts',
      'src/core/throughput.ts',
      'src/jobs/perform.ts',
    ],
  },
  'new-action-reason': {
    added: [{ file: PLAN, declaration: 'export type ActionReason =', member: "'new-action-reason'" }],
    rejected: ['src/core/reasons.ts'],
  },
  'new-hold-reason': {
    added: [{ file: PLAN, declaration: 'export type HoldReason =', member: "'new-hold-reason'" }],
    rejected: ['src/core/failing-holds.ts', 'src/core/metrics/hold-causes.ts', 'src/core/reasons.ts'],
  },
  'new-job': {
    added: [{ file: PLAN, declaration: 'export type Job =', member: "'new-job'" }],
    rejected: [
      'src/cli/schedules.ts',
      'src/core/doctor/checks/runs.ts',
      'src/core/jobs.ts',
      'src/core/metrics/standing-holds.ts',
      'src/core/planners.ts',
    ],
  },
  'new-method': {
    added: [
      { file: 'src/generated/settings.ts', declaration: 'export type Method =', member: "'new-method'" },
    ],
    rejected: ['src/core/scaling/methods/index.ts'],
  },
  'new-scheme': {
    added: [
      {
        file: 'src/core/calendar/period.ts',
        declaration: 'export type RotationScheme =',
        member: "'new-scheme'",
      },
    ],
    rejected: ['src/core/calendar/naming.ts', 'src/core/calendar/period.ts', 'src/core/capacity/queue.ts'],
  },
  'new-configured-scheme': {
    added: [
      {
        file: 'src/generated/tables.ts',
        declaration: "  RotationScheme: 'none' |",
        member: "'new-configured-scheme'",
      },
    ],
    rejected: ['src/config/rules/earlier-schemes.ts', 'src/config/settle.ts'],
  },
};

/** A copy of the sources with all additions. It has no packages, because reading their types is slow. */
function sourcesWithAdditions(): string {
  const folder = mkdtempSync(join(tmpdir(), 'turntable-additions-'));
  cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true });
  cpSync(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  for (const { file, declaration, member } of Object.values(additions).flatMap(({ added }) => added)) {
    const [before, after, ...more] = readFileSync(join(folder, file), 'utf8').split(declaration);
    if (after === undefined || more.length > 0) throw new Error(`${file} has no single "${declaration}".`);
    writeFileSync(join(folder, file), `${before}${declaration} ${member} |${after.replace(/^\s*\|/, '')}`);
  }
  return folder;
}

it('compiles no new kind, reason, job, method or scheme before every file that has to know it does', async () => {
  const folder = sourcesWithAdditions();
  // The lines of one message begin with its file, and the other lines are indented.
  const messages = (await typeErrors(['-p', '.', '--types', '', '--noEmit'], folder))
    .join('\n')
    .split(/\n(?! )/);
  rmSync(folder, { recursive: true });
  for (const [name, { rejected }] of Object.entries(additions)) {
    const own = messages.filter((message) => message.includes(`"${name}"`));
    const files = new Set(own.map((message) => message.slice(0, message.indexOf('('))));
    expect.soft([...files].sort(), name).toEqual(rejected);
  }
});
