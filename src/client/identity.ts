import type { Key, RotatingOptions } from './types.ts';

/**
 * What a key is to DynamoDB, whichever of JavaScript's types says it: what is sent as bigint or Buffer comes back
 * as number and Uint8Array. A value of no key type is like no other.
 */
export const identity = ({ key }: Pick<RotatingOptions, 'key'>, attributes: Key): string =>
  JSON.stringify(key.map((name) => canonical(attributes[name])));

let strangers = 0;

function canonical(value: unknown): string {
  if (typeof value === 'string') return `S:${value}`;
  const number = numeralOf(value);
  if (number !== undefined) return `N:${decimal(number)}`;
  if (value instanceof ArrayBuffer) return `B:${hex(new Uint8Array(value))}`;
  if (ArrayBuffer.isView(value))
    return `B:${hex(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))}`;
  strangers += 1;
  return `?:${strangers}`;
}

/** A number as it is sent, where the value is one in any of the ways that the document client knows. */
export function numeralOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  const wrapped = typeof value === 'object' && value !== null && 'value' in value ? value.value : undefined;
  return typeof wrapped === 'string' && NUMERAL.test(wrapped) ? wrapped : undefined;
}

const NUMERAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

/** The same for 10, 1e1 and 10.0: digits without zeros around them, and where the point stands. */
function decimal(numeral: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMERAL.exec(numeral) ?? [];
  if (whole + fraction === '') return numeral;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
