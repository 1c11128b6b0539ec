/** esbuild plugins of `npm run package`, as serverless.yml names them. */
const { globSync, readFileSync } = require('node:fs');
const { basename, join } = require('node:path');
const { build } = require('esbuild');

/** Keywords that only people and editors read. */
const WORDS = new Set(['description', 'examples', 'title']);
/** Keywords that settling a valid configuration reads. What else a schema demands, src/generated/conforms.ts has as code. */
const SETTLING = new Set([
  '$ref',
  'allOf',
  'type',
  'properties',
  'additionalProperties',
  'items',
  'definitions',
  'default',
]);
/** Keywords whose keys are names, not keywords. */
const NAMES = new Set(['properties', 'definitions']);
/** A keyword whose value has the rule for the name of an environment. */
const WHOLE = 'propertyNames';

/** A JSON Schema with those keywords alone that `isKept` accepts. */
function reduced(schema, isKept, keysAreNames = false) {
  if (Array.isArray(schema)) return schema.map((one) => reduced(one, isKept));
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(([key]) => keysAreNames || key === WHOLE || isKept(key));
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      key === WHOLE ? value : reduced(value, isKept, !keysAreNames && NAMES.has(key)),
    ]),
  );
}

/** Keeps what nobody reads there of the schemas out of every Lambda function. */
const shortSchemas = (isKept) => ({
  name: 'short-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]schemas[\\/][a-z]+\.schema\.json$/ }, ({ path }) => ({
      contents: JSON.stringify(reduced(JSON.parse(readFileSync(path, 'utf8')), isKept)),
      loader: 'json',
    }));
  },
});

/** `const _h = "http";` and other names in the schemas of the SDK. */
const NAME = /^const (_\w+) = (".*?");$/gm;

/** `n0_registry.registerError(LimitExceededException$, LimitExceededException);` */
const ERROR = /^n0_registry\.registerError\((\w+)\$, \1\);$/gm;
/** Errors whose classes the code of a job uses, and with that their own members. */
const USED_ERRORS = new Set(
  globSync('src/{aws,jobs}/**/*.ts', { cwd: join(__dirname, '..') })
    .map((file) => readFileSync(join(__dirname, '..', file), 'utf8'))
    .flatMap((text) => [...text.matchAll(/\binstanceof (\w+)/g)].map(([, name]) => name)),
);

/**
 * Lets esbuild drop the operations that no job calls, and the classes of errors that a job knows by name alone: the SDK throws its
 * base class with the same name and message instead. Their schemas have computed keys, `[_h]: …`, whose values it takes for side
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
        contents: text
          .replace(/\[(_\w+)\]:/g, (key, name) => (names.has(name) ? `${names.get(name)}:` : key))
          .replace(ERROR, (line, error) => (USED_ERRORS.has(error) ? line : '')),
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
        plugins: [shortSchemas((key) => !WORDS.has(key)), smallClients], // explanations read the rest
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

module.exports = [shortSchemas((key) => SETTLING.has(key)), smallClients, lateFiles];
