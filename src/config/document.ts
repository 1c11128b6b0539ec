import { findNodeAtLocation, type Node, type ParseError, parseTree } from 'jsonc-parser';
import type { Finding } from './finding.ts';
import type { Path, Problem } from './problem.ts';
import { cut, formatPath, quote, visible } from './quote.ts';
import { type Fault, faultBeforehand, faultsOf } from './syntax.ts';

/** A parsed JSON file with the position of every value. */
export class Document {
  readonly file: string;
  readonly value: unknown;
  readonly #text: string;
  readonly #root: Node | undefined;
  /** Offset of the first character of each line. */
  readonly #lines: readonly number[];
  /** Syntax errors. If there are any, the file has no value to check. */
  readonly syntax: readonly Problem[];
  readonly duplicates: readonly Problem[];

  constructor(file: string, text: string) {
    this.file = visible(file);
    this.#text = text;
    this.#lines = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length)];
    const { root, faults } = parse(text);
    this.#root = root;
    this.syntax = faults.map(({ offset, message, hint }) => this.#problemAt(offset, '', message, hint));
    this.value = root && plain(root);
    this.duplicates = root ? this.#duplicatesIn(root, []) : [];
  }

  problem(finding: Finding): Problem {
    const { at, message, hint } = finding;
    return this.#problemAt(this.#offset(at), formatPath(at), message, hint);
  }

  /** The value at a path, as the file writes it: `"four"`, `1e3`, `an object`. */
  describe(path: Path): string {
    const node = this.#root && findNodeAtLocation(this.#root, [...path]);
    if (!node) return 'missing';
    if (node.type === 'object') return node.children?.length ? 'an object' : 'an empty object';
    if (node.type === 'array') return node.children?.length ? 'an array' : 'an empty array';
    return typeof node.value === 'string'
      ? quote(node.value)
      : cut(this.#text.slice(node.offset, node.offset + node.length));
  }

  /** Offset of a value, or of its key if it has one, because readers look for the key. */
  #offset(path: Path): number {
    const node = this.#root && findNodeAtLocation(this.#root, [...path]);
    const parent = node?.parent;
    return (parent?.type === 'property' ? parent : (node ?? this.#root))?.offset ?? 0;
  }

  #problemAt(offset: number, path: string, message: string, hint?: string): Problem {
    const line = lastAtMost(this.#lines, offset);
    const column = offset - (this.#lines[line] ?? 0) + 1;
    return { file: this.file, line: line + 1, column, path, message, ...(hint ? { hint } : {}) };
  }

  #duplicatesIn(node: Node, path: Path): Problem[] {
    const seen = new Map<string, number>();
    return (node.children ?? []).flatMap((child, i) => {
      if (child.type !== 'property') return this.#duplicatesIn(child, [...path, i]);
      const [key, value] = child.children ?? [];
      const name = String(key?.value);
      const place = [...path, name];
      const found = value ? this.#duplicatesIn(value, place) : [];
      const first = seen.get(name);
      if (first === undefined) seen.set(name, child.offset);
      else {
        const line = this.#problemAt(first, '', '').line;
        const message = `is a duplicate key. The first one is on line ${line}. Remove one of them.`;
        found.unshift(this.#problemAt(child.offset, formatPath(place), message));
      }
      return found;
    });
  }
}

function parse(text: string): { root?: Node; faults: Fault[] } {
  const beforehand = faultBeforehand(text);
  if (beforehand) return { faults: [beforehand] };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  const faults = faultsOf(text, errors);
  return faults.length > 0 ? { faults } : { root, faults };
}

/** If a key occurs twice, the first one counts, as in findNodeAtLocation. */
function plain(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plain);
  if (node.type !== 'object') return node.value;
  const entries = new Map<string, unknown>();
  for (const { children: [key, value] = [] } of node.children ?? [])
    if (value && !entries.has(key?.value)) entries.set(key?.value, plain(value));
  // fromEntries treats `__proto__` like any other key.
  return Object.fromEntries(entries);
}

/** Index of the last number that is at most `limit`, in ascending numbers. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let from = 0;
  let to = numbers.length;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if ((numbers[middle] ?? Infinity) <= limit) from = middle;
    else to = middle;
  }
  return from;
}
