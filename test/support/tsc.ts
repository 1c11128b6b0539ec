import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The native compiler, 7, needs a tenth of the processor time of the others, but it no longer has some old options. */
const compilers = { 5: 'typescript-5/bin/tsc', 6: 'typescript/bin/tsc', 7: 'typescript-7/bin/tsc' } as const;

export type TypeScript = keyof typeof compilers;

/** The errors of TypeScript in code that is compiled from the folder `cwd`, one per line. */
export function typeErrors(args: readonly string[], cwd: string, version: TypeScript = 7): Promise<string[]> {
  const compiler = fileURLToPath(new URL(`../../node_modules/${compilers[version]}`, import.meta.url));
  const command = [compiler, '--pretty', 'false', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd }, (error, stdout, stderr) => {
      const lines = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
      resolve(error && lines.length === 0 ? [error.message] : lines);
    });
  });
}
