import { Argument } from 'commander';
import { ConfigError } from '../../config/index.ts';
import { visibleJson } from '../../config/quote.ts';
import type { Suspendable, Suspension } from '../../core/facts.ts';
import { isInForce, saySuspended, saySuspension, suspendable } from '../../core/guards/suspensions.ts';
import { capitalized } from '../../core/text.ts';
import { written } from '../../jobs/planning.ts';
import type { Ports } from '../../ports.ts';
import { callerOf } from '../caller.ts';
import {
  type CommonOptions,
  type Context,
  command,
  configOf,
  contextOf,
  portsOf,
  requireValidEnvironment,
} from '../context.ts';
import { durationOption } from '../duration.ts';
import { UsageError } from '../failure.ts';
import { rejectFuture } from '../present.ts';
import { record } from '../recorded.ts';
import { print } from '../suggested.ts';
import { sayResume } from '../views/suspensions.ts';
import { visible } from '../views/text.ts';

interface SuspendOptions extends CommonOptions {
  readonly for?: string;
  readonly reason?: string;
}

const ALL = 'all';
type Named = Suspendable | typeof ALL;

const activity = () => new Argument('<activity>', 'what to suspend or resume').choices([...suspendable, ALL]);

const chosen = (named: Named): readonly Suspendable[] => (named === ALL ? suspendable : [named]);

/** Suspend and resume do not need the configuration, so that they work if it is invalid. */
export const suspendCommand = () =>
  command('suspend', 'suspend purging, lowering, or all, from the next run on, without a deployment')
    .addArgument(activity())
    .option('--for <duration>', 'length of the suspension: 90m, 12h, 3d, or 2w (default: until resume)')
    .option('--reason <text>', 'reason to show in plans and logs')
    .action(async (named: Named, options: SuspendOptions) => {
      const context = contextOf(options);
      requireValidEnvironment(context);
      const { now, json } = context;
      rejectFuture('suspend', now);
      const end = options.for === undefined ? {} : { until: now + durationOption('--for', options.for) };
      const why = options.reason === undefined ? {} : { reason: reasonOption(options.reason) };
      const ports = portsOf(context);
      // A suspension is too urgent to fail without the earlier ones.
      const [stored, by] = await Promise.all([ports.state.suspensions().catch(() => []), callerOf(ports)]);
      const earlier = stored.filter((one) => isInForce(one, now));
      const suspensions = chosen(named).map(
        (what): Suspension => ({ what, since: now, ...end, ...why, ...(by !== undefined && { by }) }),
      );
      for (const suspension of suspensions) {
        await ports.state.suspend(suspension);
        await record(context, ports, { command: 'suspend', message: saySuspension(suspension) });
      }
      if (json) return printJson(named, suspensions.map(withReplaced(earlier)));
      for (const suspension of suspensions) report(context, suspension, earlier);
    });

const replacedBy = ({ what }: Suspension, earlier: readonly Suspension[]): Suspension | undefined =>
  earlier.find((one) => one.what === what);

function report(context: Context, suspension: Suspension, earlier: readonly Suspension[]): void {
  const replaced = replacedBy(suspension, earlier);
  const resume = sayResume(suspension.what, context.environment);
  print(context, `${visible(saySuspension(suspension))} ${resume}`);
  if (replaced)
    print(
      context,
      visible(`This replaces an earlier suspension: ${saySuspension(replaced)} ${saySuspended(replaced)}`),
    );
}

const withReplaced = (earlier: readonly Suspension[]) => (suspension: Suspension) => {
  const replaced = replacedBy(suspension, earlier);
  return { ...written(suspension), ...(replaced && { replaced: written(replaced) }) };
};

/** One object, or a list of them for `all`. */
function printJson(named: Named, results: readonly object[]): void {
  console.log(visibleJson(named === ALL ? results : results[0]));
}

/** Characters. Every hold and every log line repeats the reason. */
const LONGEST_REASON = 200;

/** @throws UsageError */
function reasonOption(text: string): string {
  if (text.length <= LONGEST_REASON) return text;
  throw new UsageError(`--reason has ${text.length} characters, and the limit is ${LONGEST_REASON}.`);
}

export const resumeCommand = () =>
  command('resume', 'resume purging, lowering, or all')
    .addArgument(activity())
    .action(async (named: Named, options: CommonOptions) => {
      const context = contextOf(options);
      requireValidEnvironment(context);
      const { now, json } = context;
      rejectFuture('resume', now);
      const ports = portsOf(context);
      const inForce = (await ports.state.suspensions('to-resume')).filter((one) => isInForce(one, now));
      const results: object[] = [];
      for (const what of chosen(named)) {
        const wasSuspended = inForce.some((one) => one.what === what);
        if (wasSuspended) {
          await resume(what, ports, now);
          await record(context, ports, { command: 'resume', message: `${capitalized(what)} resumes.` });
        }
        const disabled = what === 'purging' ? purgeDisabledFor(context) : undefined;
        results.push({ what, suspended: false, ...(disabled && { purgeDisabledFor: disabled.groups }) });
        if (!json) print(context, `${sayResumed(what, context, wasSuspended)}${disabled?.note ?? ''}`);
      }
      if (json) printJson(named, results);
    });

/** The stored end of suspended purging tells the next run to cancel the deletions scheduled before it. */
async function resume(what: Suspendable, { state }: Ports, now: number): Promise<void> {
  if (what === 'purging') await state.suspend({ what, since: now, until: now });
  else await state.resume(what);
}

function sayResumed(what: Suspendable, { environment }: Context, wasSuspended: boolean): string {
  const subject = `${capitalized(what)} in ${environment}`;
  if (!wasSuspended) return `${subject} is not suspended. Nothing was changed.`;
  if (what === 'lowering') return `${subject} resumes with the next run.`;
  return `${subject} resumes with the next run. It cancels the deletions that were scheduled before. Tables that are still due start a new waiting period.`;
}

/** The groups that purge never deletes tables of, suspended or not; undefined without any. */
function purgeDisabledFor(context: Context): { groups: readonly string[]; note: string } | undefined {
  try {
    const { specs, settings } = configOf(context);
    const groups = specs.filter((spec) => !spec.settings.purge.enabled).map(({ name }) => name);
    if (groups.length === 0 && settings.purge.enabled) return undefined;
    const whose = groups.length === specs.length ? '' : ` for ${groups.join(', ')}`;
    return {
      groups,
      note: ` Purge.Enabled is false in settings.json${whose}, so purge deletes none of these tables until that is true.`,
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { groups: [], note: ' The configuration is invalid, so check whether Purge.Enabled is false.' };
  }
}
