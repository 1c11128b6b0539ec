import { Ajv, type SchemaObject } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';

/** The schemas that every run checks files against, with the names of the functions that do. */
const conforming: Readonly<Record<string, string>> = {
  tables: 'isTables',
  settings: 'isSettings',
  prices: 'isPrices',
};

/** Keywords that do not affect whether a value conforms. */
const WORDS = new Set(['description', 'examples', 'title', 'default', 'errorMessage', 'writeOnly']);
/** Keywords whose keys are names, not keywords. */
const NAMES = new Set(['properties', 'definitions']);

/**
 * A module with a function for each schema, which says whether a value conforms to it. Ajv writes the code. What it would tell of
 * the reasons is most of that, and is left out.
 */
export async function conformsOf(
  root: string,
  schemaOf: (name: string) => SchemaObject | undefined,
): Promise<string> {
  const names = Object.keys(conforming);
  const contents = names.map((name) => `export { default as ${conforming[name]} } from 'schema:${name}';`);
  const { outputFiles } = await build({
    stdin: { contents: contents.join('\n'), resolveDir: root },
    bundle: true,
    format: 'esm',
    target: 'esnext',
    minifySyntax: true,
    write: false,
    plugins: [
      {
        name: 'schemas',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^schema:/ }, ({ path }) => ({ path: path.slice(7), namespace: 'schema' }));
          onResolve({ filter: /\.schema\.json$/ }, ({ path }) => ({ path, external: true }));
          onLoad({ filter: /.*/, namespace: 'schema' }, ({ path }) => ({
            contents: codeOf(path, schemaOf(path)!),
            resolveDir: root,
          }));
        },
      },
    ],
  });
  return [
    '// Generated from schemas/*.schema.json by scripts/generate.ts: do not edit, run `npm run generate`.',
    '// @ts-nocheck\n',
    outputFiles[0]!.text,
  ].join('\n');
}

/** The code of one schema. It names the parts of the schema in the file that the bundle contains anyway. */
function codeOf(name: string, schema: SchemaObject): string {
  const ajv = new Ajv({
    strict: true,
    allowUnionTypes: true,
    inlineRefs: false, // a function for each definition
    messages: false,
    allErrors: true, // without it, the code also records whether there was an error
    code: { source: true, esm: true },
  });
  const bare = withoutWords(schema) as SchemaObject;
  // A part of these that does not match is no violation.
  if (/"(anyOf|oneOf|contains|if)":/.test(JSON.stringify(bare)))
    throw new Error(`${name}.schema.json has a keyword of which one part can fail.`);
  const code = standalone.default(ajv, ajv.compile(bare));
  const places = new Map([
    [JSON.stringify(bare), 'schema'],
    ...Object.entries(bare.definitions ?? {}).map(
      ([key, part]) => [JSON.stringify(part), `schema.definitions.${key}`] as const,
    ),
  ]);
  const named = code.replace(/const (schema\d+) = (\{.*?\});/g, (whole, id: string, json: string) => {
    const place = places.get(json);
    return place ? `const ${id} = ${place};` : whole;
  });
  const file = `import schema from '../../schemas/${name}.schema.json' with { type: 'json' };\n`;
  return file + withoutReasons(named);
}

/** The same decisions without the errors that explain them: the first one suffices, so the function returns. */
function withoutReasons(code: string): string {
  const bare = code
    .replace(
      /const (err\d+) = \{instancePath.*?\};if\(vErrors === null\)\{vErrors = \[\1\];\}else \{vErrors\.push\(\1\);\}errors\+\+;/g,
      'return false;',
    )
    .replace(
      /if\(!\((validate\d+\(.*?), \{instancePath.*?rootData\}\)\)\)\{vErrors = .*?errors = vErrors\.length;\}/g,
      'if(!$1))return false;',
    )
    .replace(/(function validate\d+\(data), \{.*?\}=\{\}\)/g, '$1)')
    .replace(/validate\d+\.errors = vErrors;/g, '');
  if (/instancePath|parentData/.test(bare)) throw new Error('Ajv writes other code than expected.');
  return bare;
}

function withoutWords(schema: unknown, keysAreNames = false): unknown {
  if (Array.isArray(schema)) return schema.map((part) => withoutWords(part));
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(([key]) => keysAreNames || !WORDS.has(key));
  return Object.fromEntries(
    entries.map(([key, part]) => [key, withoutWords(part, !keysAreNames && NAMES.has(key))]),
  );
}
