/**
 * Bundles the command line once per test run. A process that starts from the source needs a second of CPU time to read it.
 * The child processes also share a cache of compiled code, which lasts as long as the run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the bundled command line. */
    readonly commandLine: string;
    /** A folder of the run, see `once-per-run.ts`. */
    readonly sharedFolder: string;
  }
}

const root = join(import.meta.dirname, '../..');

export default async function bundle(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'turntable-tests-'));
  const commandLine = join(folder, 'cli.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outfile: commandLine,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    // CommonJS packages in the bundle call `require` for Node's modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  process.env.NODE_COMPILE_CACHE ??= join(folder, 'compiled');
  project.provide('commandLine', commandLine);
  project.provide('sharedFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
