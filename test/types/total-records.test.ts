/**
 * Adds a kind of action, reasons, a job, a method and schemes that no code knows, and shows which files TypeScript then rejects:
 * every place that has to know them. The additions exist only in the compiler's memory.
 */
import { join, relative } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

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
    rejected: ['src/core/action-kinds.ts', 'src/core/guards/lowering.ts', 'src/jobs/perform.ts'],
  },
  'new-action-reason': {
    added: [{ file: PLAN, declaration: 'export type ActionReason =', member: "'new-action-reason'" }],
    rejected: ['src/core/reasons.ts'],
  },
  'new-hold-reason': {
    added: [{ file: PLAN, declaration: 'export type HoldReason =', member: "'new-hold-reason'" }],
    rejected: ['src/core/failing-holds.ts', 'src/core/reasons.ts'],
  },
  'new-job': {
    added: [{ file: PLAN, declaration: 'export type Job =', member: "'new-job'" }],
    rejected: ['src/cli/schedules.ts', 'src/core/jobs.ts'],
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
    rejected: ['src/core/calendar/naming.ts', 'src/core/calendar/period.ts'],
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

/** A source with the additions that belong to it. */
function withAdditions(path: string, source: string): string {
  return Object.values(additions)
    .flatMap(({ added }) => added)
    .filter(({ file }) => join(root, file) === path)
    .reduce((text, { file, declaration, member }) => {
      const [before, after, ...more] = text.split(declaration);
      if (after === undefined || more.length > 0) throw new Error(`${file} has no single "${declaration}".`);
      return `${before}${declaration} ${member} |${after.replace(/^\s*\|/, '')}`;
    }, source);
}

/**
 * The command line reaches every job and every view, and the generator of docs/reasons.md has the texts. Packages stay
 * unresolved, because reading their types is slow.
 */
function program(): ts.Program {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
  const own = { ...options, types: [] };
  const host = ts.createCompilerHost(own);
  const read = host.readFile.bind(host);
  host.readFile = (path) => {
    const source = read(path);
    return source === undefined ? undefined : withAdditions(path, source);
  };
  host.resolveModuleNameLiterals = (names, importer) =>
    names.map(({ text }) =>
      text.startsWith('.') ? ts.resolveModuleName(text, importer, own, host) : { resolvedModule: undefined },
    );
  return ts.createProgram([join(root, 'src/cli/main.ts'), join(root, 'src/core/reasons.ts')], own, host);
}

it('compiles no new kind, reason, job, method or scheme before every file that has to know it does', () => {
  const errors = program().getSemanticDiagnostics();
  for (const [name, { rejected }] of Object.entries(additions)) {
    const own = errors.filter(({ messageText }) =>
      ts.flattenDiagnosticMessageText(messageText, ' ').includes(`"${name}"`),
    );
    const files = new Set(own.map(({ file }) => relative(root, file?.fileName ?? '')));
    expect.soft([...files].sort(), name).toEqual(rejected);
  }
});
