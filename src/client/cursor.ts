import { NumberValue } from '@aws-sdk/lib-dynamodb';
import { RotatingError } from './failure.ts';
import type { Attributes, Key } from './table-keys.ts';

/** The tables that a read has started, each with the key after which it continues, and the table it started last. */
export interface Position {
  readonly open: readonly (readonly [table: string, after: Key | undefined])[];
  readonly last: string | undefined;
}

/** Identifies a read and its position. A cursor contains it. */
export interface Bookmark {
  readonly group: string;
  readonly kind: 'query' | 'scan';
  readonly index: string | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly order: (typeof ORDERS)[number];
  /** A hash of the conditions of the read. */
  readonly digest?: string | undefined;
  readonly position: Position;
}

export const ORDERS = ['oldest-first', 'newest-first', 'unordered'] as const;

const VERSION = 1;

/** Base64url of a JSON array that starts with the version. Its content is internal and can change. */
export function writeCursor(bookmark: Bookmark): string {
  const { group, kind, index, from, to, order, position, digest } = bookmark;
  const open = position.open.map(([table, after]) => [table, after ? written(after) : null]);
  const content = [VERSION, group, kind, index, from, to, order, position.last, open, digest];
  return toBase64Url(JSON.stringify(content.map((part) => part ?? null)));
}

/** @throws RotatingError `invalid-cursor` */
export function readCursor(
  cursor: string,
  group: string,
  kind: Bookmark['kind'],
  index?: string,
  digest?: string,
): Bookmark {
  const [version, ...content] = parse(cursor);
  if (version !== VERSION)
    throw invalidCursor(
      version === undefined
        ? 'is invalid'
        : `has version ${String(version)}, and this client reads version ${VERSION}`,
    );
  const [ofGroup, ofKind, ofIndex, from, to, order, last, open, ofDigest] = content.map(
    (part) => part ?? undefined,
  );
  if (ofGroup !== group || ofKind !== kind || ofIndex !== index)
    throw invalidCursor(
      `belongs to a ${String(ofKind)} of "${String(ofGroup)}"${ofIndex ? `, index ${String(ofIndex)}` : ''}`,
    );
  const known = ORDERS.find((each) => each === order);
  if (!isTime(from) || !isTime(to) || !(last === undefined || typeof last === 'string') || !known)
    throw invalidCursor('is invalid');
  const position = { last, open: lanesOf(open) };
  if (ofDigest !== digest) throw invalidCursor(`belongs to another ${kind} of "${group}"`);
  return { group, kind, index, from, to, order: known, digest, position };
}

const isTime = (value: unknown): value is number | undefined =>
  value === undefined || typeof value === 'number';

export const invalidCursor = (what: string, cause?: unknown): RotatingError =>
  new RotatingError('invalid-cursor', `The cursor ${what}. Start again without it.`, { cause });

function parse(cursor: string): unknown[] {
  if (typeof cursor !== 'string') throw invalidCursor('is invalid');
  try {
    const content: unknown = JSON.parse(fromBase64Url(cursor));
    if (Array.isArray(content)) return content;
  } catch (error) {
    throw invalidCursor('is invalid', error);
  }
  throw invalidCursor('is invalid');
}

/** Cursors come back from browsers and bookmarks, so their content can be anything. */
function lanesOf(open: unknown): Position['open'] {
  try {
    const lanes = (open as unknown[]).map(laneOf);
    if (new Set(lanes.map(([table]) => table)).size === lanes.length) return lanes;
  } catch (error) {
    throw invalidCursor('is invalid', error);
  }
  throw invalidCursor('is invalid');
}

function laneOf(lane: unknown): Position['open'][number] {
  const [table, after] = lane as readonly unknown[];
  if (typeof table !== 'string' || typeof (after ?? {}) !== 'object') throw invalidCursor('is invalid');
  return [table, after ? revived(after as Attributes) : undefined];
}

/** A key in a form that JSON can hold. A bigint or a NumberValue stays exact. */
function written(key: Key): Attributes {
  return Object.fromEntries(
    Object.entries(key).map(([name, value]) => {
      if (value instanceof Uint8Array) return [name, { B: btoa(String.fromCharCode(...value)) }];
      if (typeof value === 'object' || typeof value === 'bigint') return [name, { N: String(value) }];
      return [name, value];
    }),
  );
}

function revived(key: Attributes): Key {
  return Object.fromEntries(
    Object.entries(key).map(([name, value]) => {
      const { B, N } = value as { B?: unknown; N?: unknown };
      if (typeof B === 'string') return [name, Uint8Array.from(atob(B), (char) => char.charCodeAt(0))];
      if (typeof N === 'string' && Number.isFinite(Number(N))) return [name, NumberValue.from(N)];
      if (typeof value === 'string' || typeof value === 'number') return [name, value];
      throw invalidCursor('is invalid');
    }),
  );
}

const toBase64Url = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

const fromBase64Url = (text: string): string =>
  new TextDecoder().decode(
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0)),
  );

/** A hash of everything that identifies a read. It prevents mistakes, not forgery: anyone can compute it. */
export function digestOf(parts: unknown): string {
  const text = JSON.stringify(parts, sorted);
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(36);
}

/** Sorts the names of objects, and replaces values that JSON cannot hold. */
function sorted(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { N: String(value) };
  if (value instanceof Set) return { set: [...value] };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
