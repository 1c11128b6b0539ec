/**
 * Compares a steady half hour of checkouts: `node bench/steady.ts [OPTIONS] CHECKOUT...`. 1,000 daily groups have 10,000 tables, as
 * bench/midnight.ts plays them. The checkouts take turns minute by minute, so that other work of the machine slows them alike. Ratios are to
 * the first checkout. *Ratio of a minute* is the median of those of the same minute, with the quartiles.
 *
 * --saved FOLDER  keeps what the runs before have left, for another comparison. Default: nowhere
 */
import { type ChildProcess, fork } from 'node:child_process';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { table } from '../src/cli/views/text.ts';
import type { MidnightSums } from './midnight.ts';
import { commitOf } from './packaged.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { saved: { type: 'string' } },
});
const STEADY = ['--groups=1000', '--retained=9', '--memory=512', '--from=12:06', '--minutes=30', '--json'];
/** One learned group stands for ten. The last 31 runs before look at every table once. */
const BEFORE = ['--copied=100', '--learn=40'];

interface Player {
  readonly commit: string;
  readonly child: ChildProcess;
  readonly printed: Promise<string>;
}

async function playerOf(checkout: string): Promise<Player> {
  const commit = await commitOf(resolve(checkout));
  const saved = values.saved === undefined ? [] : [`--learned=${join(values.saved, `${commit}.learned`)}`];
  const child = fork(
    join(import.meta.dirname, 'midnight.ts'),
    [`--checkout=${checkout}`, ...STEADY, ...BEFORE, ...saved],
    { stdio: ['ignore', 'pipe', 'ignore', 'ipc'] },
  );
  return { commit, child, printed: text(child.stdout!) };
}

/** Resolves when a player waits for its next minute, or has played all; false then. */
const isWaiting = (child: ChildProcess): Promise<boolean> =>
  new Promise((resolve) => {
    const waits = () => {
      child.off('exit', ends);
      resolve(true);
    };
    const ends = () => {
      child.off('message', waits);
      resolve(false);
    };
    child.once('message', waits);
    child.once('exit', ends);
  });

const players = await Promise.all(positionals.map(playerOf));
await Promise.all(players.map(({ child }) => isWaiting(child)));
for (let playing = players; playing.length > 0; ) {
  const left: Player[] = [];
  for (const player of playing) {
    player.child.send('go');
    if (await isWaiting(player.child)) left.push(player);
  }
  playing = left;
  process.stderr.write('.');
}
process.stderr.write('\n');

const all = await Promise.all(
  players.map(async ({ commit, printed }) => ({
    commit,
    sums: JSON.parse((await printed).trim().split('\n').at(-1)!) as MidnightSums,
  })),
);
const { sums: first } = all[0]!;
const right = (title: string) => ({ title, align: 'right' as const });
const titles = [
  'CALLS A MINUTE',
  'MOST',
  'CPU S',
  'RATIO',
  'RATIO OF A MINUTE',
  'RUN S',
  'RATIO',
  'DEAREST RUN S',
  'USD A MONTH',
];
const rows = all.map(({ commit, sums }) => {
  const ratios = sums.cpuSeconds.map((own, i) => own / first.cpuSeconds[i]!).sort((a, b) => a - b);
  const quantile = (part: number): string => ratios[Math.floor(part * (ratios.length - 1))]!.toFixed(2);
  return [
    commit,
    sums.meanCalls.toFixed(0),
    String(sums.mostCalls),
    sums.meanCpuSeconds.toFixed(2),
    (sums.meanCpuSeconds / first.meanCpuSeconds).toFixed(2),
    `${quantile(0.5)} (${quantile(0.25)} to ${quantile(0.75)})`,
    sums.meanSeconds.toFixed(1),
    (sums.meanSeconds / first.meanSeconds).toFixed(2),
    sums.dearestSeconds.toFixed(1),
    sums.usdPerMonth.toFixed(2),
  ];
});
console.log(table([{ title: 'COMMIT' }, ...titles.map(right)], rows));
