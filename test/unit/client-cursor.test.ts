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
  it('is safe in a URL, and restores the position of a read', () => {
    const cursor = writeCursor(bookmark);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(readCursor(cursor, 'Events', 'query')).toEqual(bookmark);
  });

  it('preserves every type of key', () => {
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

  it.each([12345678901234567890n, NumberValue.from('12345678901234567890')])(
    'preserves %s exactly',
    (Key) => {
      const cursor = writeCursor({ ...bookmark, position: { open: [['t', { Key }]], last: 't' } });
      const { Key: found } = readCursor(cursor, 'Events', 'query').position.open[0]![1]!;
      expect(String(found)).toBe('12345678901234567890');
    },
  );

  it.each<[string, string, string, 'query' | 'scan', string | undefined]>([
    ['another group', 'Logs', 'belongs to a query of "Events"', 'query', undefined],
    ['another kind of read', 'Events', 'belongs to a query of "Events"', 'scan', undefined],
    ['an index', 'Events', 'belongs to a query of "Events"', 'query', 'ByKind'],
  ])('rejects a cursor of %s', (_, group, message, kind, index) => {
    expect(() => readCursor(writeCursor(bookmark), group, kind, index)).toThrow(message);
  });

  it.each(['[1,"Events","query"]', '[1,"Events","query",null,null,null,null,null,[["t",{"a":null}]]]'])(
    'rejects a forged cursor: %s',
    (content) => {
      expect(() => readCursor(btoa(content), 'Events', 'query')).toThrow('The cursor is invalid.');
    },
  );

  it('rejects a cursor of another version', () => {
    expect(() => readCursor(btoa('[2,"Events"]'), 'Events', 'query')).toThrow(
      'The cursor has version 2, and this client reads version 1. Start again without it.',
    );
  });
});
