/**
 * Builds the published packages: the library for application code and its document client (ES modules, CommonJS and
 * types), and the command line, which packages/cli publishes. The output does not depend on the machine or the time.
 * Usage: `node scripts/build.ts [FOLDER]`. The default folder is dist/.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { declarations } from './build/declarations.ts';

const root = join(import.meta.dirname, '..');
const out = resolve(process.argv[2] ?? join(root, 'dist'));

const libraryEntry = join(root, 'src/index.ts');
const clientEntry = join(root, 'src/client/index.ts');
const commandEntry = join(root, 'src/cli/main.ts');

/** Neutral platform, because the resolver also runs in browsers and edge runtimes. */
const library: BuildOptions = {
  absWorkingDir: root,
  entryPoints: [libraryEntry],
  bundle: true,
  platform: 'neutral',
  target: 'es2022',
};

/** The application provides the SDK. All other dependencies of the client are bundled. */
const client: BuildOptions = {
  ...library,
  entryPoints: [clientEntry],
  platform: 'node',
  external: ['@aws-sdk/*'],
  target: 'node20',
};

const command: BuildOptions = {
  absWorkingDir: root,
  entryPoints: [commandEntry],
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
};

function report(file: string): void {
  const path = join(out, file);
  console.log(`${relative(process.cwd(), path).padEnd(20)} ${String(statSync(path).size).padStart(8)} bytes`);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

for (const [name, options, entry, ambient] of [
  ['index', library, libraryEntry, []],
  ['client', client, clientEntry, ['node']],
] as const) {
  await build({ ...options, format: 'esm', outfile: join(out, `${name}.js`) });
  await build({ ...options, format: 'cjs', outfile: join(out, `${name}.cjs`) });
  const types = declarations(root, entry, ambient);
  writeFileSync(join(out, `${name}.d.ts`), types);
  writeFileSync(join(out, `${name}.d.cts`), types);
  for (const ending of ['js', 'cjs', 'd.ts', 'd.cts']) report(`${name}.${ending}`);
}

if (existsSync(commandEntry)) {
  const file = join(out, 'cli.js');
  await build({ ...command, outfile: file });
  if (!readFileSync(file, 'utf8').startsWith('#!/usr/bin/env node\n'))
    throw new Error('src/cli/main.ts must start with `#!/usr/bin/env node`, so that a shell can run it.');
  chmodSync(file, 0o755);
  report('cli.js');
}

const small = await build({ ...library, format: 'esm', minify: true, write: false });
const code = small.outputFiles[0]!.contents;
console.log(
  `Size of the resolver in an application: ${code.length} bytes minified, ${gzipSync(code).length} bytes gzipped (limit: 2,000).`,
);
