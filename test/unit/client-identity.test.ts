import { NumberValue } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { identity } from '../../src/client/identity.ts';

const of = (value: unknown) => identity({ key: ['K'] }, { K: value });
const bytes = Uint8Array.from([107, 49]);

describe('the identity of a key', () => {
  it.each<[string, unknown, unknown]>([
    ['bigint and number', 12n, 12],
    ['number and NumberValue', 12, NumberValue.from('12')],
    ['spellings of a number', NumberValue.from('1200.0'), NumberValue.from('1.2e3')],
    ['0 and -0', -0, NumberValue.from('0.00')],
    ['small numbers', 1e-7, NumberValue.from('0.0000001')],
    ['Buffer and Uint8Array', Buffer.from('k1'), bytes],
    ['ArrayBuffer and a view', bytes.buffer, Buffer.from('k1')],
    ['a view of a part', new DataView(Uint8Array.from([0, 107, 49, 0]).buffer, 1, 2), bytes],
  ])('is equal for %s', (_, sent, echoed) => {
    expect(of(sent)).toBe(of(echoed));
  });

  it.each<[string, unknown, unknown]>([
    ['a number and its string', 12, '12'],
    ['a negative and a positive number', -12, 12],
    ['10 and 1', 10, 1],
    ['binary and string', Buffer.from('k1'), 'k1'],
    ['values that cannot be keys', new Blob(['a']), new Blob(['a'])],
    ['missing values', undefined, undefined],
  ])('differs for %s', (_, one, other) => {
    expect(of(one)).not.toBe(of(other));
  });
});
