import { NumberValue } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bookmark, readCursor, writeCursor } from '../../src/client/cursor.ts';

const bookmark: Bookmark = {
  group: 'Events',
  kind: 'query',
  index: undefined,
  from: 1_795_219_200_000,
  to: undefined,
  order: 'newest-first',
  position: { open: [['production.Events.20261121', { Key: 'ä→𝄞', Timestamp: 1.5 }]], last: 'x' },
};

describe('a cursor', () => {
  it('is opaque, safe in a URL, and says where a read stands', () => {
    const cursor = writeCursor(bookmark);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(readCursor(cursor, 'Events', 'query')).toEqual(bookmark);
  });

  it('keeps every kind of key', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(part, part, (Key, Sort) => {
        const open = [['t', { Key, Sort }]] as const;
        const cursor = writeCursor({ ...bookmark, position: { open, last: 't' } });
        const { position } = readCursor(cursor, 'Events', 'query');
        // JSON has no negative zero, and neither has DynamoDB.
        const plain = (value: unknown) => (Object.is(value, -0) ? 0 : value);
        expect(position.open[0]![1]).toEqual({ Key: plain(Key), Sort: plain(Sort) });
      }),
    );
  });

  it.each([12345678901234567890n, NumberValue.from('12345678901234567890')])('keeps %s exactly', (Key) => {
    const cursor = writeCursor({ ...bookmark, position: { open: [['t', { Key }]], last: 't' } });
    const { Key: found } = readCursor(cursor, 'Events', 'query').position.open[0]![1]!;
    expect(String(found)).toBe('12345678901234567890');
  });

  it.each<[string, string, string, 'query' | 'scan', string | undefined]>([
    ['another group', 'Logs', 'is of a query of "Events"', 'query', undefined],
    ['another kind of read', 'Events', 'is of a query of "Events"', 'scan', undefined],
    ['an index', 'Events', 'is of a query of "Events"', 'query', 'ByKind'],
  ])('is not taken for one of %s', (_, group, message, kind, index) => {
    expect(() => readCursor(writeCursor(bookmark), group, kind, index)).toThrow(message);
  });

  it.each(['[1,"Events","query"]', '[1,"Events","query",null,null,null,null,null,[["t",{"a":null}]]]'])(
    'that somebody has made up is refused: %s',
    (content) => {
      expect(() => readCursor(btoa(content), 'Events', 'query')).toThrow('The cursor is none.');
    },
  );

  it('of another version is refused', () => {
    expect(() => readCursor(btoa('[2,"Events"]'), 'Events', 'query')).toThrow(
      'The cursor has version 2; this client reads 1. Begin again without it.',
    );
  });
});
