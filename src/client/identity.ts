import type { Key } from './table-keys.ts';
import type { RotatingOptions } from './types.ts';

/**
 * A text that is equal for keys that DynamoDB considers equal, whatever their JavaScript types. A bigint or a Buffer, for
 * example, comes back as a number or a Uint8Array. A value that cannot be a key equals no other value.
 */
export const identity = ({ key }: Pick<RotatingOptions, 'key'>, attributes: Key): string =>
  JSON.stringify(key.map((name) => canonical(attributes[name])));

let invalidValues = 0;

function canonical(value: unknown): string {
  if (typeof value === 'string') return `S:${value}`;
  const number = numeralOf(value);
  if (number !== undefined) return `N:${decimal(number)}`;
  if (value instanceof ArrayBuffer) return `B:${hex(new Uint8Array(value))}`;
  if (ArrayBuffer.isView(value))
    return `B:${hex(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))}`;
  invalidValues += 1;
  return `?:${invalidValues}`;
}

/** A number as it is sent: a number, a bigint or a NumberValue. undefined for any other value. */
export function numeralOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  const wrapped = typeof value === 'object' && value !== null && 'value' in value ? value.value : undefined;
  return typeof wrapped === 'string' && NUMERAL.test(wrapped) ? wrapped : undefined;
}

const NUMERAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

/** One form for 10, 1e1 and 10.0: the digits without leading and trailing zeros, and an exponent. */
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
