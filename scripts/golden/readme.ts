import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { GoldenFiles } from './golden-files.ts';

const FILE = 'README.md';
const COMMAND = '$ npm start';
const OMITTED = '…';

/** Lines that share less than this with a printed line show something else. */
const SHORTEST_COMMON = 12;

/** The README with the excerpt of the demo's output renewed. */
export function readme(): GoldenFiles {
  const stdout = execFileSync(process.execPath, ['src/demo/main.ts'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, NO_COLOR: '1' },
  });
  return new Map([[FILE, withOutput(readFileSync(FILE, 'utf8'), stdout.split('\n'))]]);
}

/**
 * Replaces each line in the console blocks of `page` by the printed line that it shows: an equal line, or the most
 * similar one below the line before it.
 * @throws Error if no printed line is similar to a line of the page
 */
export function withOutput(page: string, printed: readonly string[]): string {
  let next = 0;
  const renewed = (line: string): string => {
    if (line === '' || line === OMITTED || line === COMMAND) return line;
    const found = indexOfShown(line, printed, next);
    if (found === undefined)
      throw new Error(`npm start prints nothing similar to this line of ${FILE}: ${line}`);
    next = found + 1;
    return printed[found] ?? line;
  };
  return page.replace(/(?<=```console\n)[^`]*(?=```)/g, (block) => block.split('\n').map(renewed).join('\n'));
}

function indexOfShown(line: string, printed: readonly string[], from: number): number | undefined {
  const equal = printed.indexOf(line, from);
  if (equal >= 0) return equal;
  const lengths = printed.slice(from).map((candidate) => commonLength(line, candidate));
  const longest = Math.max(0, ...lengths);
  return longest < SHORTEST_COMMON ? undefined : from + lengths.indexOf(longest);
}

/** How many characters two lines have in common at their start. */
function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
