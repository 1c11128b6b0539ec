import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../schemas');

test.each(readdirSync(folder))('%s is a valid JSON Schema', (file) => {
  const ajv = new Ajv({ strict: true });
  ajv.addKeyword({ keyword: 'errorMessage', schemaType: 'string' });
  expect([ajv.validateSchema(JSON.parse(readFileSync(join(folder, file), 'utf8'))), ajv.errors]).toEqual([
    true,
    null,
  ]);
});
