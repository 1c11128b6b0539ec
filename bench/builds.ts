/** Builds of the library, and figures of several builds side by side. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { table } from '../src/cli/views/text.ts';
import type * as Client from '../src/client/index.ts';
import type * as Library from '../src/index.ts';

export interface Build {
  readonly createResolver: typeof Library.createResolver;
  readonly createRotatingClient: typeof Client.createRotatingClient;
}

/** The build in a folder such as `dist`. Default: the sources. */
export async function buildIn(folder?: string): Promise<Build> {
  const load = (file: string): Promise<Build> => import(pathToFileURL(resolve(folder ?? 'src', file)).href);
  return folder === undefined
    ? { ...(await load('index.ts')), ...(await load('client/index.ts')) }
    : { ...(await load('index.js')), ...(await load('client.js')) };
}

/** What one process has measured, by case. Less is better. */
export type Figures = Readonly<Record<string, number>>;

const run = promisify(execFile);

/** Measures a build in a process of its own, so that the compiler's decisions for one build do not affect another. */
async function figuresOf(script: string, folder: string, args: readonly string[]): Promise<Figures> {
  const { stdout } = await run(process.execPath, [script, '--json', folder, ...args]);
  return JSON.parse(stdout) as Figures;
}

/**
 * Measures builds in turns, each as often, in changing order, and returns a table. A ratio compares two figures of the same turn, so that
 * it depends less on what else the machine does. The table has the median, the lowest and the highest ratio to the first build.
 */
export async function compare(
  script: string,
  folders: readonly string[],
  turns: number,
  args: readonly string[] = [],
): Promise<string> {
  const measured = folders.map((): Figures[] => []);
  for (let turn = 0; turn < turns; turn += 1) {
    const order = [...folders.keys()];
    for (const i of turn % 2 === 0 ? order : order.reverse())
      measured[i]!.push(await figuresOf(script, folders[i]!, args));
  }
  const right = (title: string) => ({ title, align: 'right' as const });
  return table(
    [{ title: 'CASE' }, { title: 'BUILD' }, right('MEDIAN'), right('× FIRST'), right('FROM'), right('TO')],
    Object.keys(measured[0]![0]!).flatMap((what) =>
      folders.map((folder, i) => {
        const figures = measured[i]!.map((each) => each[what]!);
        const ratios = figures.map((figure, turn) => figure / measured[0]![turn]![what]!);
        const shown = [median(ratios), Math.min(...ratios), Math.max(...ratios)].map((ratio) =>
          ratio.toFixed(2),
        );
        return [what, folder, median(figures).toFixed(2), ...shown];
      }),
    ),
  );
}

/** The median of numbers in any order. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}
