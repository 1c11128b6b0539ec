import { Argument } from 'commander';
import { visibleJson } from '../../config/quote.ts';
import type { Suspendable, Suspension } from '../../core/facts.ts';
import { isInForce, saySuspension, suspendable } from '../../core/guards/suspensions.ts';
import { capitalized } from '../../core/text.ts';
import { written } from '../../jobs/plan.ts';
import {
  type CommonOptions,
  type Context,
  command,
  contextOf,
  portsOf,
  requireValidEnvironment,
} from '../context.ts';
import { durationOption } from '../duration.ts';
import { UsageError } from '../failure.ts';
import { rejectFuture } from '../present.ts';
import { print } from '../suggested.ts';
import { sayResume } from '../views/suspensions.ts';
import { visible } from '../views/text.ts';

interface SuspendOptions extends CommonOptions {
  readonly for?: string;
  readonly reason?: string;
}

const activity = () => new Argument('<activity>', 'what to suspend or resume').choices(suspendable);

/** Suspend and resume do not read the configuration, so that they work if it is invalid. */
export const suspendCommand = () =>
  command('suspend', 'suspend purging or lowering, from the next run on, without a deployment')
    .addArgument(activity())
    .option('--for <duration>', 'length of the suspension: 90m, 12h, 3d, or 2w (default: until resume)')
    .option('--reason <text>', 'reason to show in plans and logs')
    .action(async (suspended: Suspendable, options: SuspendOptions) => {
      const context = contextOf(options);
      requireValidEnvironment(context);
      const { now, json } = context;
      rejectFuture('suspend', now);
      const suspension: Suspension = {
        what: suspended,
        since: now,
        ...(options.for !== undefined && { until: now + durationOption('--for', options.for) }),
        ...(options.reason !== undefined && { reason: reasonOption(options.reason) }),
      };
      await portsOf(context).state.suspend(suspension);
      if (json) return console.log(visibleJson(written(suspension)));
      print(context, `${visible(saySuspension(suspension))} ${sayResume(suspended, context.environment)}`);
    });

/** Characters. Every hold and every log line repeats the reason. */
const LONGEST_REASON = 200;

/** @throws UsageError */
function reasonOption(text: string): string {
  if (text.length <= LONGEST_REASON) return text;
  throw new UsageError(`--reason has ${text.length} characters, and the limit is ${LONGEST_REASON}.`);
}

export const resumeCommand = () =>
  command('resume', 'resume purging or lowering')
    .addArgument(activity())
    .action(async (resumed: Suspendable, options: CommonOptions) => {
      const context = contextOf(options);
      requireValidEnvironment(context);
      const { now, environment } = context;
      rejectFuture('resume', now);
      const { state } = portsOf(context);
      const stored = await state.suspensions('to-resume');
      if (!stored.some((one) => one.what === resumed && isInForce(one, now)))
        return report(
          context,
          resumed,
          `${capitalized(resumed)} in ${environment} is not suspended. Nothing was changed.`,
        );
      // The stored end tells the next run to cancel the deletions scheduled before it.
      if (resumed === 'purging') await state.suspend({ what: resumed, since: now, until: now });
      else await state.resume(resumed);
      const canceled =
        resumed === 'purging'
          ? ' It cancels the deletions that were scheduled before. Tables that are still due start a new waiting period.'
          : '';
      report(
        context,
        resumed,
        `${capitalized(resumed)} in ${environment} resumes with the next run.${canceled}`,
      );
    });

const report = ({ json }: Context, what: Suspendable, said: string): void =>
  console.log(json ? visibleJson({ what, suspended: false }) : said);
