/** esbuild plugins of `npm run package`, as serverless.yml names them. */
const { readFileSync } = require('node:fs');
const { basename } = require('node:path');
const { build } = require('esbuild');

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

/** Marks what `lateFiles` itself asks esbuild to resolve. */
const OWN_QUESTION = Symbol('late-files');

/**
 * Puts every module that is imported with `import()` into a file of its own beside the bundle, with copies of what it needs. So a run
 * loads clients of SNS, S3 and Lambda, the credentials of other places than Lambda, and Ajv only if it uses them. Their names begin
 * with that of the function, by which the packager knows what belongs into its archive. Late modules must not depend on the
 * identity of a class or on state that the bundle has too.
 */
const lateFiles = {
  name: 'late-files',
  setup({ initialOptions, onResolve, onEnd, resolve }) {
    const job = basename(initialOptions.entryPoints[0], '.ts');
    const late = new Map();
    initialOptions.metafile = true;
    onResolve({ filter: /./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === OWN_QUESTION) return undefined;
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: OWN_QUESTION });
      if (found.errors.length > 0 || found.external) return undefined;
      const name = `${job}.${lateName(found.path)}`;
      late.set(name, found.path);
      return { path: `./${name}.mjs`, external: true };
    });
    onEnd(async ({ metafile }) => {
      // What the bundle does not contain imports nothing either.
      const imports = Object.values(metafile?.outputs ?? {}).flatMap((output) => output.imports);
      const used = new Set(imports.map(({ path }) => path));
      const entryPoints = Object.fromEntries([...late].filter(([name]) => used.has(`./${name}.mjs`)));
      if (Object.keys(entryPoints).length === 0) return;
      await build({
        ...initialOptions,
        entryPoints,
        plugins: [shortSchemas, smallClients],
        format: 'esm',
        splitting: true,
        outExtension: { '.js': '.mjs' },
        chunkNames: `${job}.[name]-[hash]`,
        // CommonJS packages call `require` for Node's modules.
        banner: {
          js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
        },
        sourcemap: false, // almost all of it is code of packages
      });
    });
  },
};

/** `sns` of src/aws/sns.ts, `credential-provider-ini` of @aws-sdk/credential-provider-ini, `loadSso` of a file in a package. */
function lateName(path) {
  const file = basename(path).replace(/\.[a-z]+$/, '');
  const [, name] = /.*node_modules[\\/](?:@[^\\/]+[\\/])?([^\\/]+)/.exec(path) ?? [];
  const [, part] = /[\\/]submodules[\\/]([^\\/]+)/.exec(path) ?? [];
  return name && file === 'index' ? [name, part].filter(Boolean).join('-') : file;
}

module.exports = [shortSchemas, smallClients, lateFiles];
