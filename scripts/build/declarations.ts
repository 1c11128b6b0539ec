import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';

/** The text of one declaration file for an entry: its exports and every type that they reference, from any file. */
export function declarations(root: string, entryFile: string, types: readonly string[]): string {
  const emitted = emitDeclarations(root, entryFile, types);
  const known = new Map<string, ts.Statement>();
  const packages = new Map<string, string[]>();
  const exported: { name: string; typeOnly: boolean }[] = [];
  for (const [file, text] of emitted) {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const entry = file === entryFile.replace(/\.ts$/, '.d.ts');
    for (const statement of source.statements) {
      if (ts.isExportDeclaration(statement)) {
        if (entry) exported.push(...exportsOf(statement));
      } else if (ts.isImportDeclaration(statement)) {
        for (const [from, name] of packageImports(statement))
          packages.set(from, [...new Set([...(packages.get(from) ?? []), name])].sort());
      } else {
        if (entry && ts.isFunctionDeclaration(statement))
          throw new Error('An entry must only export from other files. It must not declare functions.');
        for (const name of namesOf(statement)) {
          if (known.has(name))
            throw new Error(`${name} is declared twice. One declaration file cannot contain both.`);
          known.set(name, statement);
        }
      }
    }
  }
  const { statements, mentioned } = reachable(
    exported.map(({ name }) => name),
    known,
  );
  const imports = [...packages].flatMap(([from, names]) => {
    const used = names.filter((name) => mentioned.has(name) && !known.has(name));
    return used.length > 0 ? `import type { ${used.join(', ')} } from '${from}';` : [];
  });
  const parts = [...statements].map((statement) =>
    statement
      .getFullText()
      .trim()
      .replace(/^export /m, ''),
  );
  const list = exported.map(({ name, typeOnly }) => (typeOnly ? `type ${name}` : name));
  const head = imports.length > 0 ? [imports.join('\n')] : [];
  return `${[...head, ...parts, `export { ${list.join(', ')} };`].join('\n\n')}\n`;
}

/**
 * The declarations of every file that the entry imports, by the path of the file. TypeScript 7 writes them, because
 * TypeScript 6, whose parser reads them here, needs seconds for that.
 */
function emitDeclarations(root: string, entryFile: string, types: readonly string[]): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'turntable-declarations-'));
  try {
    const compilerOptions = {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: root,
      outDir: join(folder, 'out'),
      types,
      typeRoots: [join(root, 'node_modules/@types')],
    };
    const config = { extends: join(root, 'tsconfig.json'), files: [entryFile], include: [], compilerOptions };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const compiler = join(root, 'node_modules/typescript-7/bin/tsc');
    const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${entryFile} does not compile.\n${stdout}`);
    return new Map(
      readdirSync(compilerOptions.outDir, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.d.ts'))
        .map((file) => [join(root, file), readFileSync(join(compilerOptions.outDir, file), 'utf8')]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function exportsOf({
  exportClause,
  isTypeOnly,
}: ts.ExportDeclaration): { name: string; typeOnly: boolean }[] {
  if (!exportClause) throw new Error('`export *` is not supported. List the exported names.');
  if (!ts.isNamedExports(exportClause)) throw new Error('Namespace exports are not supported.');
  return exportClause.elements.map((element) => {
    if (element.propertyName) throw new Error(`${element.getText()}: renamed exports are not supported.`);
    return { name: element.name.text, typeOnly: isTypeOnly || element.isTypeOnly };
  });
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = statement as ts.DeclarationStatement;
  return name ? [name.getText()] : [];
}

/** The imports from packages, as pairs of package and name. */
function packageImports({ importClause, moduleSpecifier }: ts.ImportDeclaration): [string, string][] {
  const from = (moduleSpecifier as ts.StringLiteral).text;
  const named = importClause?.namedBindings;
  if (from.startsWith('.') || !named || !ts.isNamedImports(named)) return [];
  return named.elements.map(({ name }) => [from, name.text]);
}

/** The statements that declare `names` and, recursively, the statements that those reference. */
function reachable(names: readonly string[], known: ReadonlyMap<string, ts.Statement>) {
  const found = new Set<ts.Statement>();
  const mentioned = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) reach(node.text);
    node.forEachChild(visit);
  };
  const reach = (name: string): void => {
    mentioned.add(name);
    const statement = known.get(name);
    if (!statement || found.has(statement)) return;
    found.add(statement);
    visit(statement);
  };
  for (const name of names) reach(name);
  return { statements: found, mentioned };
}
