import type { Node } from 'yaml';
import type { SourceProblem } from './report.ts';

/** A path of keys and indexes. */
export type YamlPath = readonly (string | number)[];

/** A value that contains no others, and its line. */
export interface Leaf {
  readonly path: YamlPath;
  readonly value: unknown;
  readonly line: number;
}

export interface YamlSource {
  /** In the order of the file. */
  readonly leaves: readonly Leaf[];
  readonly problems: readonly SourceProblem[];
}

/** A configuration has fewer values and levels. Aliases can multiply values, or contain themselves. */
const MOST_VALUES = 10_000;
const DEEPEST = 20;

/** Reads YAML with the line of each value. Aliases are followed where they are used. Only this loads the parser. */
export async function readYaml(text: string): Promise<YamlSource> {
  const { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const problems = document.errors.map(({ pos, message }) => ({
    line: lineAt(pos[0]),
    message: `is not valid YAML: ${message}.`,
  }));
  const leaves: Leaf[] = [];
  let visited = 0;
  let deepest = 0;
  const visit = (node: unknown, path: YamlPath, line: number): void => {
    visited++;
    if (visited > MOST_VALUES || path.length > DEEPEST) return;
    deepest = Math.max(deepest, path.length);
    if (isAlias(node)) return visit(node.resolve(document), path, line);
    if (isMap(node))
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : String(key);
        visit(value, [...path, name], lineAt((key as Node).range?.[0] ?? 0));
      }
    else if (isSeq(node))
      node.items.forEach((item, i) => void visit(item, [...path, i], lineAt((item as Node).range?.[0] ?? 0)));
    else leaves.push({ path, value: isScalar(node) ? node.value : undefined, line });
  };
  if (problems.length === 0) visit(document.contents, [], 1);
  const message = `has more than ${MOST_VALUES} values, or is nested deeper than ${DEEPEST} levels.`;
  if (visited > MOST_VALUES || deepest === DEEPEST) problems.push({ line: 1, message });
  return { leaves, problems };
}

/** `schema_config.configs[0].index.prefix` */
export const sayPath = (path: YamlPath): string =>
  path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${part}`)).join('');
