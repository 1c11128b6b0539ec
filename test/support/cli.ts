import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundleForNode } from './node-bundle.ts';
import { oncePerRun } from './once-per-run.ts';

const ROOT = join(import.meta.dirname, '../..');
/** The command line's source. A process needs a second of CPU time to read it, so most tests run the bundle. */
export const SOURCE = join(ROOT, 'src/cli/main.ts');

/** Path of the command line, bundled once per test run. */
export async function bundledCli(): Promise<string> {
  const folder = await oncePerRun('cli', (outdir) =>
    bundleForNode(join(outdir, 'main.mjs'), { entryPoints: [SOURCE] }),
  );
  return join(folder, 'main.mjs');
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const environmentOf = (env: Record<string, string>): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
  NO_COLOR: '1',
  ...env,
});

/** Runs the command line in a process of its own, from the project's root. */
export async function turntable(
  args: readonly string[],
  env: Record<string, string> = {},
  main?: string,
): Promise<Ran> {
  const command = [main ?? (await bundledCli()), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: ROOT, env: environmentOf(env) }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

/** Starts a command and returns its process. */
export async function begin(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<ChildProcessWithoutNullStreams> {
  return spawn(process.execPath, [await bundledCli(), ...args], { cwd: ROOT, env: environmentOf(env) });
}
