import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { inject } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
/** The command line's source. A process needs a second of CPU time to read it, so most tests run the bundle. */
export const SOURCE = join(ROOT, 'src/cli/main.ts');

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
export function turntable(
  args: readonly string[],
  env: Record<string, string> = {},
  main = inject('commandLine'),
): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, ...args],
      { cwd: ROOT, env: environmentOf(env) },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
      },
    );
  });
}

/** Starts a command and returns its process. */
export function begin(args: readonly string[], env: Record<string, string> = {}) {
  return spawn(process.execPath, [inject('commandLine'), ...args], { cwd: ROOT, env: environmentOf(env) });
}
