/**
 * Builds what is published: the library for application code (ES module, CommonJS and types) and the command line.
 * `node scripts/build.ts [FOLDER]`, by default dist/. Nothing in it depends on the machine or the time.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');
const out = resolve(process.argv[2] ?? join(root, 'dist'));

const libraryEntry = join(root, 'src/index.ts');
const commandEntry = join(root, 'src/cli/main.ts');

/** Without platform, since the resolver runs in browsers and edge runtimes too. */
const library: BuildOptions = {
  absWorkingDir: root,
  entryPoints: [libraryEntry],
  bundle: true,
  platform: 'neutral',
  target: 'es2022',
};

const command: BuildOptions = {
  absWorkingDir: root,
  entryPoints: [commandEntry],
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
};

/** One declaration file for the library: what is exported, and what that refers to, from wherever it stands. */
function declarations(): string {
  const emitted = emitDeclarations();
  const known = new Map<string, ts.Statement>();
  const exported: { name: string; typeOnly: boolean }[] = [];
  for (const [file, text] of emitted) {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const entry = resolve(file) === libraryEntry.replace(/\.ts$/, '.d.ts');
    for (const statement of source.statements) {
      if (ts.isExportDeclaration(statement)) {
        if (entry) exported.push(...exportsOf(statement));
      } else if (!ts.isImportDeclaration(statement)) {
        for (const name of namesOf(statement)) {
          if (known.has(name))
            throw new Error(`${name} is declared twice; types can't be put into one file.`);
          known.set(name, statement);
        }
      }
    }
  }
  const wanted = reachable(
    exported.map(({ name }) => name),
    known,
  );
  const parts = [...wanted].map((statement) =>
    statement
      .getFullText()
      .trim()
      .replace(/^export /m, ''),
  );
  const list = exported.map(({ name, typeOnly }) => (typeOnly ? `type ${name}` : name));
  return `${[...parts, `export { ${list.join(', ')} };`].join('\n\n')}\n`;
}

/** What the compiler declares for every file that the library reaches, by path. */
function emitDeclarations(): Map<string, string> {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: [libraryEntry] },
    ts.sys,
    root,
  );
  const program = ts.createProgram([libraryEntry], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    types: [],
  });
  const problems = ts.getPreEmitDiagnostics(program);
  if (problems.length > 0) throw new Error(ts.formatDiagnostics(problems, formatHost));
  const emitted = new Map<string, string>();
  program.emit(undefined, (file, text) => emitted.set(file, text));
  return emitted;
}

const formatHost: ts.FormatDiagnosticsHost = {
  getCurrentDirectory: () => root,
  getCanonicalFileName: (file) => file,
  getNewLine: () => '\n',
};

function exportsOf({
  exportClause,
  isTypeOnly,
}: ts.ExportDeclaration): { name: string; typeOnly: boolean }[] {
  if (!exportClause) throw new Error('`export *` is not put into one file; name what is exported.');
  if (!ts.isNamedExports(exportClause)) throw new Error('A namespace can not be exported here.');
  return exportClause.elements.map((element) => {
    if (element.propertyName) throw new Error(`${element.getText()}: renaming is not put into one file.`);
    return { name: element.name.text, typeOnly: isTypeOnly || element.isTypeOnly };
  });
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = statement as ts.DeclarationStatement;
  return name ? [name.getText()] : [];
}

/** The statements that declare `names`, and those that they refer to, in the order of their discovery. */
function reachable(names: readonly string[], known: ReadonlyMap<string, ts.Statement>): Set<ts.Statement> {
  const found = new Set<ts.Statement>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) reach(node.text);
    node.forEachChild(visit);
  };
  const reach = (name: string): void => {
    const statement = known.get(name);
    if (!statement || found.has(statement)) return;
    found.add(statement);
    visit(statement);
  };
  for (const name of names) reach(name);
  return found;
}

function report(file: string): void {
  const path = join(out, file);
  console.log(`${relative(process.cwd(), path).padEnd(20)} ${String(statSync(path).size).padStart(8)} bytes`);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

await build({ ...library, format: 'esm', outfile: join(out, 'index.js') });
await build({ ...library, format: 'cjs', outfile: join(out, 'index.cjs') });
const types = declarations();
writeFileSync(join(out, 'index.d.ts'), types);
writeFileSync(join(out, 'index.d.cts'), types);
for (const file of ['index.js', 'index.cjs', 'index.d.ts', 'index.d.cts']) report(file);

if (existsSync(commandEntry)) {
  const file = join(out, 'cli.js');
  await build({ ...command, outfile: file });
  if (!readFileSync(file, 'utf8').startsWith('#!/usr/bin/env node\n'))
    throw new Error('src/cli/main.ts has lost its first line, without which no shell can start it.');
  chmodSync(file, 0o755);
  report('cli.js');
}

const small = await build({ ...library, format: 'esm', minify: true, write: false });
const code = small.outputFiles[0]!.contents;
console.log(
  `The resolver in an application: ${code.length} bytes minified, ${gzipSync(code).length} gzipped.`,
);
