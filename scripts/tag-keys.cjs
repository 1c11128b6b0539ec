/** The keys of all tags that rotate sets when it creates tables: Turntable's own, and those in config/tables.json. */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parse } = require('jsonc-parser');

const OWN = ['environment', 'spec', 'scheme', 'period', 'created-at'].map((key) => `turntable:${key}`);

/** The keys of every `Tags`, at any depth. */
function keysIn(value) {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'Tags' && Array.isArray(inner) ? inner.map((tag) => String(tag?.Key)) : keysIn(inner),
  );
}

/** osls runs in the folder of serverless.yml. A file that is not valid fails when its bundle starts, not here. */
module.exports = () => {
  const text = readFileSync(join(process.cwd(), 'config/tables.json'), 'utf8');
  return [...new Set([...OWN, ...keysIn(parse(text))])];
};
