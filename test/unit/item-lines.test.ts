/** Lines of the exports and loads of the embedded AWS that are not items, and values that Ion cannot hold. */
import { describe, expect, it } from 'vitest';
import { itemLines } from '../../src/embedded/item-lines.ts';

describe('A line of a load', () => {
  it.each([
    ['DYNAMODB_JSON', '{"Key":{"S":"a"}}', 'does not have an Item'],
    ['DYNAMODB_JSON', '{', 'JSON'],
    ['ION', '$ion_1_0 {Key:"a"}', 'does not have an Item'],
    ['ION', '$ion_1_0 {Item:{Key:a}}', 'The Ion type symbol is not a type of DynamoDB'],
    ['ION', '$ion_1_0 {Item:{Key:2026-12-01T}}', 'The Ion type timestamp is not a type of DynamoDB'],
  ] as const)('is rejected if it is not an item: %s %s', (format, line, message) => {
    expect(() => itemLines[format].read(line)).toThrow(message);
  });
});

it('rejects a number that is not one, instead of exporting it as zero', () => {
  expect(() => itemLines.ION.write({ Key: { N: 'five' } })).toThrow();
});
