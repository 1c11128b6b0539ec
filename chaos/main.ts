/** `npm run chaos -- --histories N --seed S`, and `--history K` to repeat one of them. docs/safety.md explains it. */
import { progressOn } from '../src/cli/progress.ts';
import { isEmbedded } from './embedded-histories.ts';
import { parseOptions, UsageError } from './options.ts';
import { type PlayedHistory, playAll } from './play-all.ts';
import { Tally } from './tally.ts';

const LAST_STEPS = 20;

const { seed, single, numbers } = optionsOrExit();

const progress = progressOn(process.stderr, numbers.length);
const tally = new Tally();

function optionsOrExit(): ReturnType<typeof parseOptions> {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

function onPlayed(played: PlayedHistory): void {
  progress.step(`histories, ${tally.violations} violations`);
  tally.add(played);
  if (single) console.log(played.timeline.join('\n'));
  if (played.violations.length > 0) report(played);
}

function report({ history, violations, timeline }: PlayedHistory): void {
  progress.done();
  console.log(
    `\nHistory ${history} of seed ${seed}, ${isEmbedded(history) ? 'embedded AWS' : 'simulated AWS'}:`,
  );
  if (!single) for (const line of timeline.slice(-LAST_STEPS)) console.log(`  ${line}`);
  for (const { rule, message } of violations) console.log(`  VIOLATION (${rule}): ${message}`);
  console.log(`  To repeat it: npm run chaos -- --seed ${seed} --history ${history}`);
}

await playAll({ seed, histories: numbers, onPlayed });
progress.done();
for (const line of tally.lines(seed)) console.log(line);
process.exitCode = tally.exitCode();
