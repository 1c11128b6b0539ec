import { join, resolve } from 'node:path';
import ts from 'typescript';

/** The text of one declaration file for an entry: its exports and every type that they reference, from any file. */
export function declarations(root: string, entryFile: string, types: readonly string[]): string {
  const emitted = emitDeclarations(root, entryFile, types);
  const known = new Map<string, ts.Statement>();
  const packages = new Map<string, string[]>();
  const exported: { name: string; typeOnly: boolean }[] = [];
  for (const [file, text] of emitted) {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const entry = resolve(file) === entryFile.replace(/\.ts$/, '.d.ts');
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

/** The declarations of every file that the entry imports, by path. */
function emitDeclarations(root: string, entryFile: string, types: readonly string[]): Map<string, string> {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: [entryFile] },
    ts.sys,
    root,
  );
  const program = ts.createProgram([entryFile], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    types: [...types],
  });
  const problems = ts.getPreEmitDiagnostics(program);
  if (problems.length > 0) throw new Error(ts.formatDiagnostics(problems, formatHost(root)));
  const emitted = new Map<string, string>();
  program.emit(undefined, (file, text) => emitted.set(file, text));
  return emitted;
}

const formatHost = (root: string): ts.FormatDiagnosticsHost => ({
  getCurrentDirectory: () => root,
  getCanonicalFileName: (file) => file,
  getNewLine: () => '\n',
});

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
