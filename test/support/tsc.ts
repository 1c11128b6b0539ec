import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The native compiler needs a tenth of the processor time of TypeScript 6, but it no longer has some old options. */
const compilers = { 6: 'typescript/bin/tsc', 7: 'typescript-7/bin/tsc' } as const;

/** The errors of TypeScript in code that is compiled from the folder `cwd`, one per line. */
export function typeErrors(
  args: readonly string[],
  cwd: string,
  version: keyof typeof compilers = 7,
): Promise<string[]> {
  const compiler = fileURLToPath(new URL(`../../node_modules/${compilers[version]}`, import.meta.url));
  const command = [compiler, '--pretty', 'false', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd }, (error, stdout, stderr) => {
      const lines = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
      resolve(error && lines.length === 0 ? [error.message] : lines);
    });
  });
}
