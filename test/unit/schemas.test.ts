import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { JSONSchema } from 'json-schema-to-typescript';
import { expect, test } from 'vitest';
import { rangeOf } from '../../scripts/generate/wording.ts';

const folder = join(import.meta.dirname, '../../schemas');
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as JSONSchema;

const ajv = new Ajv({ strict: true });
ajv.addKeyword({ keyword: 'errorMessage', schemaType: 'string' });

test.each(readdirSync(folder))('%s is a valid JSON Schema', (file) => {
  expect([ajv.validateSchema(read(file)), ajv.errors]).toEqual([true, null]);
});

/** The parts of a schema that limit the length of a string. */
function limited(schema: unknown, path: readonly string[] = []): [path: string, schema: JSONSchema][] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { type, maxLength } = schema as JSONSchema;
  if (type === 'string' && maxLength !== undefined) return [[path.join('.'), schema as JSONSchema]];
  return Object.entries(schema).flatMap(([key, part]) => limited(part, [...path, key]));
}

test.each(readdirSync(folder).flatMap((file) => limited(read(file), [file])))(
  'the reference says whether %s can be empty',
  (_, schema) => {
    expect(rangeOf(schema).startsWith(', 0 to')).toBe(ajv.validate(schema, ''));
  },
);

test.each([
  ['eu-west-1', true],
  ['ap-northeast-3', true],
  ['mx-central-1', true],
  ['cn-northwest-1', true],
  ['us-gov-west-1', true],
  ['us-isob-east-1', true],
  ['eusc-de-east-1', true],
  ['eu-wst-1', false],
  ['us-esat-1', false],
  ['eu-west1', false],
  ['eu-west-1a', false],
  ['eu-west', false],
])('whether %s can be the Region of a replica: %s', (region, expected) => {
  const { definitions } = read('tables.schema.json') as {
    definitions: { Replica: { properties: { RegionName: JSONSchema } } };
  };
  expect(ajv.validate(definitions.Replica.properties.RegionName, region)).toBe(expected);
});
