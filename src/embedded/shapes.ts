/** Checks requests against the shapes of the API, as AWS does before it looks at their values. */
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import { NormalizedSchema } from '@smithy/core/schema';
import type { Json } from './engine.ts';
import { AwsError, validation } from './failure.ts';

const models: Record<string, unknown> = { ...cloudwatch, ...dynamodb };
const inputs = new Map<string, NormalizedSchema | undefined>();

/** Those that have been loaded. Even a loaded module takes time to import again. */
const loaded = new Set<() => Promise<object>>();

/** Adds the shapes of a client that takes too long to load for those who do not call its service. */
export async function withShapes(load: () => Promise<object>): Promise<void> {
  if (loaded.has(load)) return;
  Object.assign(models, { ...(await load()), ...models });
  loaded.add(load);
}

/** The input of an operation in the SDK's model of the service; undefined if the SDK has none. */
function inputOf(operation: string): NormalizedSchema | undefined {
  if (!inputs.has(operation)) {
    const model = models[`${operation}Input$`] ?? models[`${operation}Request$`];
    inputs.set(operation, model ? NormalizedSchema.of(model as never) : undefined);
  }
  return inputs.get(operation);
}

/**
 * The input without its members that are null, which count as absent.
 * @throws AwsError SerializationException if a value has another type than the API says, ValidationException for null in a list
 */
export function shaped(operation: string, input: unknown): Json {
  if (!isObject(input)) throw mismatch('The body is not a JSON object.');
  const schema = inputOf(operation);
  return schema ? (checked(schema, input, operation) as Json) : input;
}

const mismatch = (message: string): AwsError => new AwsError('SerializationException', message);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Numbers that JSON does not have are written as texts. */
const NOT_FINITE: readonly unknown[] = ['NaN', 'Infinity', '-Infinity'];

function checked(schema: NormalizedSchema, value: unknown, path: string): unknown {
  const expecting = (what: string): AwsError => mismatch(`${path} must be ${what}.`);
  if (schema.isStructSchema() || schema.isUnionSchema()) {
    if (!isObject(value)) throw expecting('an object');
    return membersOf(value, path, (name) => schema.getMemberSchemas()[name]);
  }
  if (schema.isMapSchema()) {
    if (!isObject(value)) throw expecting('an object');
    return membersOf(value, path, () => schema.getValueSchema());
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw expecting('a list');
    return value.map((one, i) => {
      if (one === null)
        throw validation(
          `1 validation error detected: Value at '${path}.${i + 1}.member' failed to satisfy constraint: Member must not be null`,
        );
      return checked(schema.getValueSchema(), one, `${path}.${i + 1}`);
    });
  }
  if ((schema.isStringSchema() || schema.isBlobSchema()) && typeof value !== 'string')
    throw expecting('a string');
  if (schema.isBooleanSchema() && typeof value !== 'boolean') throw expecting('true or false');
  if (schema.isNumericSchema() && typeof value !== 'number' && !NOT_FINITE.includes(value))
    throw expecting('a number');
  return value;
}

/** The members that are not null. AWS ignores members that the API does not have, and so do the operations. */
function membersOf(
  value: Json,
  path: string,
  schemaOf: (name: string) => NormalizedSchema | undefined,
): Json {
  const entries = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    if (member === null) return [];
    const schema = schemaOf(name);
    return [[name, schema ? checked(schema, member, `${path}.${name}`) : member]];
  });
  return Object.fromEntries(entries);
}
