/** `npm run chaos -- --histories N --seed S`, and `--history K` to see one of them again. docs/safety.md explains it. */
import { progressOn } from '../src/cli/progress.ts';
import { asked } from './asked.ts';
import { drive, type Played } from './drive.ts';
import { isEmbedded } from './play.ts';
import { Tally } from './tally.ts';

const LAST_STEPS = 20;

const { seed, single, numbers } = asked();

const progress = progressOn(process.stderr, numbers.length);
const tally = new Tally();

function onPlayed(played: Played): void {
  progress.step(`histories, ${tally.violations} violations`);
  tally.add(played);
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
for (const line of tally.lines(seed)) console.log(line);
process.exitCode = tally.exitCode();
