import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../cli/program.ts';
import { viewResult } from '../cli/views/results.ts';
import { style } from '../cli/views/text.ts';
import type { Job } from '../core/plan.ts';
import { plannerOf } from '../core/planners.ts';
import { handlerOf } from '../handler.ts';
import type { Summary } from '../jobs/run.ts';

/** On the embedded AWS a table stays CREATING or UPDATING for 50 milliseconds of real time. The demo's clock is virtual. */
const SETTLE_MS = 70;

const handlers = {
  rotate: handlerOf(plannerOf('rotate')),
  purge: handlerOf(plannerOf('purge')),
  scale: handlerOf(plannerOf('scale')),
};

export function chapter(title: string, text: string): void {
  console.log(`\n${style.heading(`▌ ${title}`)}\n${style.faint(text)}\n`);
}

/** Prints a command line as a user types it, and runs it. */
export async function type(...args: string[]): Promise<void> {
  console.log(`${style.faint('$')} turntable ${args.join(' ')}`);
  const code = await run(args);
  if (code !== 0) throw new Error(`turntable ${args.join(' ')} exited with ${code}.`);
}

/** Sends a scheduled event to one of the deployed handlers. */
export async function invoke(job: Job, at: number): Promise<Summary> {
  const summary = await handlers[job]({ time: new Date(at).toISOString() });
  await sleep(SETTLE_MS);
  return summary;
}

export function show({ results }: Summary, indent = '  '): void {
  results.forEach((result, i) => {
    console.log(
      `${indent}${viewResult(result, i + 1, results.length)}  ${style.faint(result.action.message)}`,
    );
  });
}
