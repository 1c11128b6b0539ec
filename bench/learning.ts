/**
 * Compares what versions of Turntable take to learn a month of demand with their default method, and what they then
 * store: `node bench/learning.ts FOLDER...`. Each folder is a checkout with its packages installed. The ratios are to the
 * first one. The first month of a process includes the compilation of the code, which V8 does once in a process. The further ones are the
 * mean of three months in the same process.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { table } from '../src/cli/views/text.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import { configFor } from './fleet.ts';
import { ENVIRONMENT, openVersion } from './version.ts';

const START = Date.parse('2026-11-01T00:00:00Z');
const DAYS = 30;
/** Each measurement is repeated, and the fastest counts: other processes only make it slower. */
const TIMES = 3;
/** Months after the first one in a process. */
const FURTHER = 3;
/** Prints the processor time of a process when it exits, milliseconds. */
const MEASURING = `data:text/javascript,process.on('exit',()=>{const{user,system}=process.cpuUsage();console.error('cpu='+(user+system)/1e3)})`;

/** Days that rise and fall, with noise, peaks of one minute, bursts of eight minutes, and nights without much. */
function demandAt(minute: number): number {
  const noise = ((minute * 7_919) % 97) / 97;
  const daily = 1 + 0.8 * Math.sin((2 * Math.PI * minute) / 1440);
  const peak = minute % 61 === 0 ? 2 : 1;
  const burst = minute % 517 < 8 ? 300 : 0;
  return 200 * daily * (0.7 + 0.6 * noise) * peak + burst;
}

/** Files with a month each. */
function traceFiles(): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'turntable-bench-'));
  const rows = Array.from({ length: DAYS * 1440 }, (_, minute) =>
    [new Date(START + minute * MINUTE_MS).toISOString(), demandAt(minute).toFixed(3)].join(','),
  );
  return Array.from({ length: 1 + FURTHER }, (_, month) => {
    const file = join(folder, `month${month}.csv`);
    writeFileSync(file, ['timestamp,value', ...rows, ''].join('\n'));
    return file;
  });
}

/** Processor time of a backtest of some months in one process, milliseconds. */
function backtested(folder: string, months: readonly string[], method: string): number {
  const args = [
    '--import',
    MEASURING,
    'src/cli/main.ts',
    'backtest',
    '--trace',
    ...months,
    '--method',
    method,
  ];
  const runs = Array.from({ length: TIMES }, () => {
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${folder}: backtest of ${method} failed: ${stderr}`);
    return Number(/cpu=([\d.]+)/.exec(stderr)![1]);
  });
  return Math.min(...runs);
}

/** The default method of a checkout: not every version has the same name for it. */
function defaultMethod(folder: string, trace = months[0]!): string {
  const args = ['src/cli/main.ts', 'backtest', '--trace', trace, '--method', 'on-demand', '--json'];
  const [report] = JSON.parse(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }));
  return report.defaultMethod;
}

/** Bytes that scale stores about one group after a day of demand. */
async function storedBytes(folder: string): Promise<number> {
  const version = await openVersion(folder, configFor(10));
  const noon = START + DAY_MS + 12 * HOUR_MS;
  for (let at = noon - DAY_MS; at < noon; at += MINUTE_MS) {
    const date = new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
    version.record(`${ENVIRONMENT}.Group0.${date}`, at, 60 * demandAt(at / MINUTE_MS));
  }
  for (const at of [noon - HOUR_MS, noon]) await version.run({ job: 'rotate', at });
  for (let minute = 2; minute < 12; minute++)
    await version.run({ job: 'scale', at: noon + minute * MINUTE_MS });
  const bytes = await version.rememberedBytes('Group0');
  await version.close();
  return bytes;
}

const months = traceFiles();
const measured = [];
for (const path of process.argv.slice(2)) {
  const folder = resolve(path);
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();
  const method = defaultMethod(folder);
  // Without what takes as long with any method, such as reading the file.
  const learning = (some: readonly string[]): number =>
    backtested(folder, some, method) - backtested(folder, some, 'on-demand');
  const first = learning(months.slice(0, 1));
  const further = (learning(months) - first) / FURTHER;
  measured.push({ commit, figures: [first, further, await storedBytes(folder)] });
}
const [compared] = measured;
const rows = measured.map(({ commit, figures }) => [
  commit,
  ...figures.flatMap((figure, i) => [figure.toFixed(0), (figure / compared!.figures[i]!).toFixed(2)]),
]);
const titles = ['COMMIT', 'MS, FIRST MONTH', 'RATIO', 'MS, FURTHER MONTH', 'RATIO', 'BYTES A GROUP', 'RATIO'];
console.log(
  table(
    titles.map((title, i) => ({ title, align: i === 0 ? 'left' : 'right' })),
    rows,
  ),
);
