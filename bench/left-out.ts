/**
 * Chooses constants of `predictive` on the traces of all sources but one, and judges them on the traces of that one, for each source in
 * turn: `node bench/left-out.ts [FILE:CONSTANT=VALUE|VALUE...]...`. Values are TypeScript expressions, and files are those of
 * src/core/scaling/methods/predictive. The settings are all combinations. Without arguments, some of choose.ts around the present ones.
 * Each setting is a copy of src, so it needs no parameter of the method, and replays each trace once.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figuresOf } from '../src/backtest/figures.ts';
import { replays } from '../src/backtest/methods.ts';
import { minutesOf } from '../src/backtest/trace.ts';
import { geometricMean, markdown, percent, sources, traces } from './capacity-page.ts';
import { isSteady, NEGLIGIBLE, throttlesMore } from './tracking.ts';

const ROOT = join(import.meta.dirname, '..');
const MEAN = 500;
const USUAL = [
  'choose.ts:OF_BASELINE=0.7|0.85|1',
  'choose.ts:DEARER=2|5|10',
  'choose.ts:AHEAD=720|1440|2880',
];

interface Constant {
  readonly file: string;
  readonly name: string;
  readonly value: string;
}
type Setting = readonly Constant[];

/** What `predictive` does on a trace in a setting. */
interface Result {
  /** Its cost, relative to that of target tracking. */
  readonly ratio: number;
  readonly throttled: number;
  readonly more: boolean;
}

function constantsOf(argument: string): Constant[] {
  const [, file, name, values] = /^([\w-]+\.ts):(\w+)=(.+)$/.exec(argument) ?? [];
  if (!file) throw new Error(`${argument} is invalid. It must be like choose.ts:AHEAD=720|1440.`);
  return values!.split('|').map((value) => ({ file, name: name!, value: value.trim() }));
}

const given = process.argv.slice(2);
const settings = (given.length > 0 ? given : USUAL)
  .map(constantsOf)
  .reduce<Setting[]>((all, some) => all.flatMap((one) => some.map((constant) => [...one, constant])), [[]]);
const say = (setting: Setting): string => setting.map(({ name, value }) => `${name} ${value}`).join(', ');

/** The replay of a copy of src with other constants. */
async function replayWith(setting: Setting): Promise<typeof replays.predictive> {
  const folder = mkdtempSync(join(tmpdir(), 'turntable-left-out-'));
  for (const part of ['src', 'package.json'])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  for (const { file, name, value } of setting) {
    const path = join(folder, 'src/core/scaling/methods/predictive', file);
    const before = readFileSync(path, 'utf8');
    const declared = new RegExp(`^((?:export )?const ${name}\\b[^=]*= )[^;]*;`, 'm');
    if (!declared.test(before)) throw new Error(`${file} has no constant ${name}.`);
    writeFileSync(
      path,
      before.replace(declared, (_, start: string) => `${start}${value};`),
    );
  }
  const methods = (await import(join(folder, 'src/backtest/methods.ts'))) as { replays: typeof replays };
  rmSync(folder, { recursive: true });
  return methods.replays.predictive;
}

const compared = traces.flatMap((trace) => {
  const series = minutesOf(trace, MEAN);
  const tracking = figuresOf(series, replays['target-tracking-70']!(series, {}));
  return isSteady(tracking) ? [{ series, tracking, source: sources.get(trace.name)! }] : [];
});

/** The results of each setting, one for each trace. */
const results: Result[][] = [];
for (const setting of settings) {
  const replay = (await replayWith(setting))!;
  results.push(
    compared.map(({ series, tracking }) => {
      const figures = figuresOf(series, replay(series, {}));
      const ratio = figures.costRelative! / tracking.costRelative!;
      return { ratio, throttled: figures.throttledShare, more: throttlesMore(figures, tracking, NEGLIGIBLE) };
    }),
  );
  const all = results.at(-1)!;
  const more = all.filter((one) => one.more).length;
  console.log(
    `${say(setting)}: ${geometricMean(all.map(({ ratio }) => ratio)).toFixed(4)}, more throttled: ${more}`,
  );
}

/** The number of the setting that is cheapest on some traces, among those with the fewest that are throttled more. */
function bestOn(isUsed: (trace: number) => boolean): number {
  const scores = results.map((all) => {
    const used = all.filter((_, trace) => isUsed(trace));
    return {
      more: used.filter(({ more }) => more).length,
      mean: geometricMean(used.map(({ ratio }) => ratio)),
    };
  });
  return scores.reduce(
    (best, { more, mean }, i) =>
      more < scores[best]!.more || (more === scores[best]!.more && mean < scores[best]!.mean) ? i : best,
    0,
  );
}

const fitted = bestOn(() => true);
const chosen = compared.map(({ source }) => bestOn((trace) => compared[trace]!.source !== source));
const summary = (of: (trace: number) => Result): string[] => {
  const all = compared.map((_, trace) => of(trace));
  return [
    `**${geometricMean(all.map(({ ratio }) => ratio)).toFixed(4)}**`,
    String(all.filter(({ more }) => more).length),
  ];
};
const fittedMean = summary((trace) => results[fitted]![trace]!);
const leftOutMean = summary((trace) => results[chosen[trace]!]![trace]!);
console.log(`\nFitted on all traces: ${say(settings[fitted]!)}\n`);
console.log(
  markdown([
    ['trace', 'source', 'fitted', 'throttled %', 'left out', 'throttled %', 'chosen without the source'],
    ...compared.map(({ series, source }, trace) => [
      series.name,
      source,
      ...[fitted, chosen[trace]!].flatMap((i) => {
        const { ratio, throttled, more } = results[i]![trace]!;
        return [ratio.toFixed(4), `${percent(throttled)}${more ? ', more' : ''}`];
      }),
      say(settings[chosen[trace]!]!),
    ]),
    ['geometric mean, traces that throttle more', '', ...fittedMean, ...leftOutMean, ''],
  ]),
);
