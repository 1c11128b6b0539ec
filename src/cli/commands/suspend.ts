import { Argument } from 'commander';
import { visibleJson } from '../../config/quote.ts';
import { sayStop, stoppable } from '../../core/guards/suspensions.ts';
import type { Stop, Stoppable } from '../../core/observed.ts';
import { capitalised } from '../../core/text.ts';
import { type CommonOptions, command, contextOf, environmentMustBeRight, portsOf } from '../context.ts';
import { durationOption } from '../duration.ts';
import { UsageError } from '../failure.ts';
import { sayResume } from '../views/suspensions.ts';
import { visible } from '../views/text.ts';

interface StopOptions extends CommonOptions {
  readonly for?: string;
  readonly reason?: string;
}

const what = () => new Argument('<what>', 'what to stop or resume').choices(stoppable);

/** Neither reads the configuration: they have to work when that is what is wrong. */
export const stopCommand = () =>
  command('stop', 'stop purging or lowering at once, without a deployment; the next run of each job obeys')
    .addArgument(what())
    .option('--for <duration>', 'for so long, as in 90m, 12h, 3d, 2w (default: until it is resumed)')
    .option('--reason <text>', 'why, for whoever sees it')
    .action(async (stopped: Stoppable, options: StopOptions) => {
      const context = contextOf(options);
      environmentMustBeRight(context);
      const { now, json } = context;
      const stop: Stop = {
        what: stopped,
        since: now,
        ...(options.for !== undefined && { until: now + durationOption('--for', options.for) }),
        ...(options.reason !== undefined && { reason: reasonOption(options.reason) }),
      };
      await portsOf(context).state.stop(stop);
      if (json) return console.log(visibleJson(stop));
      console.log(`${visible(sayStop(stop))} ${sayResume(stopped, context.environment)}`);
    });

/** Every hold and every log repeats it. */
const LONGEST_REASON = 200;

/** @throws UsageError */
function reasonOption(text: string): string {
  if (text.length <= LONGEST_REASON) return text;
  throw new UsageError(`--reason has ${text.length} characters; ${LONGEST_REASON} are allowed.`);
}

export const resumeCommand = () =>
  command('resume', 'let purging or lowering go on that was stopped')
    .addArgument(what())
    .action(async (resumed: Stoppable, options: CommonOptions) => {
      const context = contextOf(options);
      environmentMustBeRight(context);
      const { state } = portsOf(context);
      const { now, environment } = context;
      // An end that is kept tells the next run that the sentences from before it have lapsed.
      if (resumed === 'purging') await state.stop({ what: resumed, since: now, until: now });
      else await state.resume(resumed);
      if (context.json) return console.log(visibleJson({ what: resumed, stopped: false }));
      console.log(`${capitalised(resumed)} goes on in ${environment} with the next run.`);
    });
