/** esbuild plugins of `npm run package`, as serverless.yml names them. */
const { readFileSync } = require('node:fs');

/** Keywords that only people and editors read. */
const WORDS = new Set(['description', 'examples', 'title']);
/** Keywords whose keys are names, not keywords. */
const NAMES = new Set(['properties', 'definitions']);

/** A JSON Schema without the words that validation does not need. */
function withoutWords(schema, keysAreNames = false) {
  if (Array.isArray(schema)) return schema.map((one) => withoutWords(one));
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(([key]) => keysAreNames || !WORDS.has(key));
  return Object.fromEntries(
    entries.map(([key, value]) => [key, withoutWords(value, !keysAreNames && NAMES.has(key))]),
  );
}

/** Keeps the descriptions of the schemas, 18 kB, out of every Lambda function. */
const shortSchemas = {
  name: 'short-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]schemas[\\/][a-z]+\.schema\.json$/ }, ({ path }) => ({
      contents: JSON.stringify(withoutWords(JSON.parse(readFileSync(path, 'utf8')))),
      loader: 'json',
    }));
  },
};

/** `const _h = "http";` and other names in the schemas of the SDK. */
const NAME = /^const (_\w+) = (".*?");$/gm;

/**
 * Lets esbuild drop the operations that no job calls. Their schemas have computed keys, `[_h]: …`, whose values it takes for side
 * effects. As texts, they are the same keys. Of its package.json, a client needs the version alone.
 */
const smallClients = {
  name: 'small-clients',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@aws-sdk[\\/][a-z-]+[\\/]package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
    onLoad({ filter: /[\\/](client-[a-z]+|nested-clients)[\\/].*[\\/]schemas_0\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const names = new Map([...text.matchAll(NAME)].map(([, name, value]) => [name, value]));
      return {
        contents: text.replace(/\[(_\w+)\]:/g, (key, name) =>
          names.has(name) ? `${names.get(name)}:` : key,
        ),
        loader: 'js',
      };
    });
  },
};

module.exports = [shortSchemas, smallClients];
