import { Argument } from 'commander';
import { visibleJson } from '../../config/quote.ts';
import { saySuspension, suspendable } from '../../core/guards/suspensions.ts';
import type { Suspendable, Suspension } from '../../core/observed.ts';
import { capitalised } from '../../core/text.ts';
import { type CommonOptions, command, contextOf, environmentMustBeRight, portsOf } from '../context.ts';
import { durationOption } from '../duration.ts';
import { UsageError } from '../failure.ts';
import { sayResume } from '../views/suspensions.ts';
import { visible } from '../views/text.ts';

interface SuspendOptions extends CommonOptions {
  readonly for?: string;
  readonly reason?: string;
}

const what = () => new Argument('<what>', 'what to suspend or resume').choices(suspendable);

/** Neither reads the configuration: they have to work when that is what is wrong. */
export const suspendCommand = () =>
  command(
    'suspend',
    'suspend purging or lowering at once, without a deployment. The next run of each job obeys',
  )
    .addArgument(what())
    .option('--for <duration>', 'for so long, as in 90m, 12h, 3d, 2w (default: until it is resumed)')
    .option('--reason <text>', 'why, for whoever sees it')
    .action(async (suspended: Suspendable, options: SuspendOptions) => {
      const context = contextOf(options);
      environmentMustBeRight(context);
      const { now, json } = context;
      const suspension: Suspension = {
        what: suspended,
        since: now,
        ...(options.for !== undefined && { until: now + durationOption('--for', options.for) }),
        ...(options.reason !== undefined && { reason: reasonOption(options.reason) }),
      };
      await portsOf(context).state.suspend(suspension);
      if (json) return console.log(visibleJson(suspension));
      console.log(`${visible(saySuspension(suspension))} ${sayResume(suspended, context.environment)}`);
    });

/** Every hold and every log repeats it. */
const LONGEST_REASON = 200;

/** @throws UsageError */
function reasonOption(text: string): string {
  if (text.length <= LONGEST_REASON) return text;
  throw new UsageError(`--reason has ${text.length} characters; ${LONGEST_REASON} are allowed.`);
}

export const resumeCommand = () =>
  command('resume', 'resume purging or lowering that was suspended')
    .addArgument(what())
    .action(async (resumed: Suspendable, options: CommonOptions) => {
      const context = contextOf(options);
      environmentMustBeRight(context);
      const { state } = portsOf(context);
      const { now, environment } = context;
      // An end that is kept tells the next run that the sentences from before it have lapsed.
      if (resumed === 'purging') await state.suspend({ what: resumed, since: now, until: now });
      else await state.resume(resumed);
      if (context.json) return console.log(visibleJson({ what: resumed, suspended: false }));
      console.log(`${capitalised(resumed)} goes on in ${environment} with the next run.`);
    });
