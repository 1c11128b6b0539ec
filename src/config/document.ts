import { findNodeAtLocation, type Node, type ParseError, parseTree } from 'jsonc-parser';
import type { Finding } from './finding.ts';
import type { Path, Problem } from './problem.ts';
import { cut, quote, sayPath, visible } from './quote.ts';
import { type Fault, faultBeforehand, faultsOf } from './syntax.ts';

/** A JSON file that keeps in mind where everything stands. */
export class Document {
  readonly file: string;
  readonly value: unknown;
  readonly #text: string;
  readonly #root: Node | undefined;
  /** Offset of each line's first character. */
  readonly #lines: readonly number[];
  /** What keeps the text from being JSON; nothing else can be said about it then. */
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
    return this.#problemAt(this.#offset(at), sayPath(at), message, hint);
  }

  /** The value at a place as it is written there: `"four"`, `1e3`, `an object`. */
  describe(path: Path): string {
    const node = this.#root && findNodeAtLocation(this.#root, [...path]);
    if (!node) return 'missing';
    if (node.type === 'object') return 'an object';
    if (node.type === 'array') return 'an array';
    return typeof node.value === 'string'
      ? quote(node.value)
      : cut(this.#text.slice(node.offset, node.offset + node.length));
  }

  /** Where a value begins; for what has a key, where the key begins, for that is what the eye looks for. */
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
        const message = `is set a second time; the first is in line ${line}. Keep one of them.`;
        found.unshift(this.#problemAt(child.offset, sayPath(place), message));
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

/** Where a key comes twice the first counts, as it does for findNodeAtLocation. */
function plain(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plain);
  if (node.type !== 'object') return node.value;
  const entries = new Map<string, unknown>();
  for (const { children: [key, value] = [] } of node.children ?? [])
    if (value && !entries.has(key?.value)) entries.set(key?.value, plain(value));
  // fromEntries makes `__proto__` a key like any other.
  return Object.fromEntries(entries);
}

/** Index of the last of ascending numbers that is not above `limit`. */
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
