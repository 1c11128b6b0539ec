import { NumberValue } from '@aws-sdk/lib-dynamodb';
import { RotatingError } from './failure.ts';
import type { Attributes, Key } from './types.ts';

/** Tables that have been begun, with the key after which each goes on; and the one that was begun last. */
export interface Position {
  readonly open: readonly (readonly [table: string, after: Key | undefined])[];
  readonly last: string | undefined;
}

/** What makes one read the same as another; a cursor belongs to it, and brings `range` and `order` along. */
export interface Bookmark {
  readonly group: string;
  readonly kind: 'query' | 'scan';
  readonly index: string | undefined;
  readonly from: number | string | undefined;
  readonly to: number | string | undefined;
  readonly order: 'oldest-first' | 'newest-first' | 'unordered';
  readonly position: Position;
}

const VERSION = 1;

/** Base64url of a JSON array that begins with the version: what is in it is nobody else's business. */
export function writeCursor({ group, kind, index, from, to, order, position }: Bookmark): string {
  const open = position.open.map(([table, after]) => [table, after ? written(after) : null]);
  const content = [VERSION, group, kind, index, from, to, order, position.last, open];
  return toBase64Url(JSON.stringify(content.map((part) => part ?? null)));
}

/** @throws RotatingError `invalid-cursor` */
export function readCursor(cursor: string, group: string, kind: Bookmark['kind'], index?: string): Bookmark {
  const [version, ...content] = parse(cursor);
  if (version !== VERSION)
    throw invalid(
      version === undefined ? 'is none' : `has version ${String(version)}; this client reads ${VERSION}`,
    );
  const [ofGroup, ofKind, ofIndex, from, to, order, last, open] = content.map((part) => part ?? undefined);
  if (ofGroup !== group || ofKind !== kind || ofIndex !== index)
    throw invalid(
      `is of a ${String(ofKind)} of "${String(ofGroup)}"${ofIndex ? `, ${String(ofIndex)}` : ''}`,
    );
  return {
    group,
    kind,
    index,
    from: from as Bookmark['from'],
    to: to as Bookmark['to'],
    order: order as Bookmark['order'],
    position: { last: last as string | undefined, open: lanesOf(open) },
  };
}

const invalid = (what: string, cause?: unknown): RotatingError =>
  new RotatingError('invalid-cursor', `The cursor ${what}. Begin again without it.`, { cause });

function parse(cursor: string): unknown[] {
  try {
    const content: unknown = JSON.parse(fromBase64Url(cursor));
    if (Array.isArray(content)) return content;
  } catch (error) {
    throw invalid('is none', error);
  }
  throw invalid('is none');
}

/** Cursors come back from browsers and bookmarks: what is in one may be anything. */
function lanesOf(open: unknown): Position['open'] {
  try {
    const lanes = open as readonly (readonly [string, Attributes | null])[];
    return lanes.map(([table, after]) => [table, after ? revived(after) : undefined]);
  } catch (error) {
    throw invalid('is none', error);
  }
}

/** A key as JSON can hold it. Numbers that the document client does not make JavaScript numbers stay exact. */
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
      const { B, N } = value as { B?: string; N?: string };
      if (B !== undefined) return [name, Uint8Array.from(atob(B), (char) => char.charCodeAt(0))];
      return [name, N === undefined ? value : NumberValue.from(N)];
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
