/** `npm run chaos -- --histories N --seed S`, and `--history K` to see one of them again. docs/safety.md explains it. */
import { parseArgs } from 'node:util';
import { progressOn } from '../src/cli/progress.ts';
import { drive, type Played } from './drive.ts';
import { isEmbedded } from './play.ts';

const LAST_STEPS = 20;

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    history: { type: 'string' },
  },
});
const seed = wholeNumber('seed', values.seed);
const single = values.history === undefined ? undefined : wholeNumber('history', values.history);
const numbers =
  single === undefined
    ? Array.from({ length: wholeNumber('histories', values.histories) }, (_, i) => i + 1)
    : [single];

const progress = progressOn(process.stderr, numbers.length);
const total = {
  faults: 0,
  checks: 0,
  violations: 0,
  crashes: 0,
  runs: 0,
  created: 0,
  deleted: 0,
  resized: 0,
};

function onPlayed(played: Played): void {
  progress.step(`histories, ${total.violations} violations`);
  total.violations += played.violations.length;
  for (const key of ['faults', 'checks', 'crashes', 'runs'] as const) total[key] += played[key];
  for (const key of ['created', 'deleted', 'resized'] as const) total[key] += played.counts[key];
  if (single !== undefined) console.log(played.timeline.join('\n'));
  if (played.violations.length > 0) report(played);
}

function report({ history, violations, timeline }: Played): void {
  progress.done();
  console.log(`\nHistory ${history} of seed ${seed}, ${isEmbedded(history) ? 'embedded AWS' : 'simulated'}:`);
  if (single === undefined) for (const line of timeline.slice(-LAST_STEPS)) console.log(`  ${line}`);
  for (const { rule, message } of violations) console.log(`  VIOLATION (${rule}): ${message}`);
  console.log(`  Again: npm run chaos -- --seed ${seed} --history ${history}`);
}

await drive({ seed, histories: numbers, onPlayed });
progress.done();
const { runs, crashes, created, deleted, resized } = total;
console.log(
  `seed ${seed}: ${runs} runs, ${crashes} crashed; ${created} tables made, ${deleted} deleted, ${resized} resized`,
);
console.log(
  `histories ${numbers.length}, faults ${total.faults}, checks ${total.checks}, violations ${total.violations}`,
);
process.exitCode = total.violations > 0 ? 1 : 0;

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  console.error(`--${option} ${text}: must be a whole number above 0.`);
  process.exit(2);
}
