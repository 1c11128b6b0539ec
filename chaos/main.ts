/** `npm run chaos -- --histories N --seed S`, and `--history K` to see one of them again. docs/safety.md explains it. */
import { progressOn } from '../src/cli/progress.ts';
import { asked } from './asked.ts';
import { drive, type Played } from './drive.ts';
import { isEmbedded } from './play.ts';

const LAST_STEPS = 20;

const { seed, single, numbers } = asked();

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
const met = new Map<string, number>();

function onPlayed(played: Played): void {
  progress.step(`histories, ${total.violations} violations`);
  total.violations += played.violations.length;
  for (const key of ['faults', 'checks', 'crashes', 'runs'] as const) total[key] += played[key];
  for (const key of ['created', 'deleted', 'resized'] as const) total[key] += played.counts[key];
  for (const [what, times] of played.met) met.set(what, (met.get(what) ?? 0) + times);
  if (single) console.log(played.timeline.join('\n'));
  if (played.violations.length > 0) report(played);
}

function report({ history, violations, timeline }: Played): void {
  progress.done();
  console.log(`\nHistory ${history} of seed ${seed}, ${isEmbedded(history) ? 'embedded AWS' : 'simulated'}:`);
  if (!single) for (const line of timeline.slice(-LAST_STEPS)) console.log(`  ${line}`);
  for (const { rule, message } of violations) console.log(`  VIOLATION (${rule}): ${message}`);
  console.log(`  Again: npm run chaos -- --seed ${seed} --history ${history}`);
}

await drive({ seed, histories: numbers, onPlayed });
progress.done();
const most = [...met].sort(([a, times], [b, others]) => others - times || a.localeCompare(b));
console.log(`met: ${most.map(([what, times]) => `${what} ${times}`).join(', ')}`);
const { runs, crashes, created, deleted, resized } = total;
console.log(
  `seed ${seed}: ${runs} runs, ${crashes} crashed; ${created} tables made, ${deleted} deleted, ${resized} resized`,
);
console.log(
  `histories ${numbers.length}, faults ${total.faults}, checks ${total.checks}, violations ${total.violations}`,
);
process.exitCode = total.violations > 0 ? 1 : 0;
