/** Message attributes: https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html */
import type { Json } from './engine.ts';
import { AwsError } from './failure.ts';

export interface Attribute {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** The query protocol numbers the entries of a map: `MessageAttributes.entry.1.Name`. */
const ENTRY = /^MessageAttributes\.entry\.(\d+)\.(Name|Value\.(?:DataType|StringValue|BinaryValue))$/;
const NAME = /^(?!(?:aws|amazon)\.)(?!\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i;
const TYPE = /^(?:String|Number|Binary)(?:\..+)?$/;

const invalid = (what: string): AwsError =>
  new AwsError('ParameterValueInvalid', `Invalid parameter: Message Reason: ${what}`);

/** The message attributes of a request. @throws AwsError */
export function attributesOf(input: Json): Attribute[] {
  const entries = new Map<string, Record<string, string>>();
  for (const [key, value] of Object.entries(input)) {
    const [, number = '', field = ''] = ENTRY.exec(key) ?? [];
    if (number === '') continue;
    entries.set(number, { ...entries.get(number), [field.replace('Value.', '')]: String(value) });
  }
  const all = [...entries.values()].map(attributeOf);
  if (new Set(all.map(({ name }) => name)).size < all.length) throw invalid('An attribute name is repeated.');
  return all;
}

function attributeOf(entry: Record<string, string>): Attribute {
  const { Name: name = '', DataType: type = '', StringValue, BinaryValue } = entry;
  const value = StringValue ?? BinaryValue ?? '';
  const about = `The message attribute '${name}'`;
  if (!NAME.test(name)) throw invalid(`${about} has an invalid name.`);
  if (!TYPE.test(type)) throw invalid(`${about} has an invalid message attribute type.`);
  if (value === '') throw invalid(`${about} must contain a non-empty message attribute value.`);
  if (type === 'Number' && Number.isNaN(Number(value))) throw invalid(`${about} is not a number.`);
  if (type === 'String.Array' && !isArray(value))
    throw invalid(`${about} must be a JSON array of strings, numbers, booleans or null.`);
  return { name, type, value };
}

function isArray(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((one) => one === null || typeof one !== 'object');
  } catch {
    return false;
  }
}
