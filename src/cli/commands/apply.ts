import { Option } from 'commander';
import { visibleJson } from '../../config/quote.ts';
import { needsAttention } from '../../core/failing-holds.ts';
import { allJobs } from '../../core/jobs.ts';
import type { Plan } from '../../core/plan.ts';
import { sayDifferences } from '../../core/plan-difference.ts';
import type { Config } from '../../core/spec.ts';
import { leftUndone, type Result } from '../../jobs/apply.ts';
import { type Applied, applyPlan } from '../../jobs/apply-plan.ts';
import { placeOf } from '../../jobs/place.ts';
import { makePlan } from '../../jobs/plan.ts';
import type { Ports } from '../../ports.ts';
import { leaseOwner } from '../../runtime.ts';
import { canPrompt, confirm } from '../confirm.ts';
import { type CommonOptions, type Context, command, configOf, contextOf, portsOf } from '../context.ts';
import { CommandFailed, UsageError } from '../failure.ts';
import { groupsNamed } from '../group.ts';
import { readPlan } from '../plan-file.ts';
import { rejectFutureChanges } from '../present.ts';
import { requireSamePlace } from '../same-place.ts';
import { reportInterruption, stopOnSignal } from '../stop.ts';
import { print } from '../suggested.ts';
import { viewPlan } from '../views/plan.ts';
import { countResults, viewResult } from '../views/results.ts';
import { plural, visible } from '../views/text.ts';

type Refused = Extract<Applied, { readonly message: string }>;

interface ApplyOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly group?: readonly string[];
}

export const applyCommand = () =>
  command('apply', 'apply exactly the changes of a plan, or nothing if the plan is stale')
    .argument('[file]', 'plan file from `plan --out`. Default: create and show a plan, then prompt')
    .option('--group <names...>', 'create a plan of only these groups')
    .addOption(new Option('-y, --yes', 'skip the prompt'))
    .action(async (file: string | undefined, options: ApplyOptions) => {
      const given = file === undefined ? undefined : readPlan(file);
      const context = contextOf(given ? withPlan(options, given) : options);
      rejectFutureChanges('apply', context.now);
      const config = configOf(context);
      const groups = groupsNamed(config, options.group);
      if (!given && !options.yes) requirePrompt(context);
      const ports = portsOf(context);
      const show = (shown: Plan): void => {
        if (!context.json) print(context, `${viewPlan(shown)}${shown.actions.length > 0 ? '\n' : ''}`);
      };
      // The content of a file is shown only after it is verified.
      if (given) {
        const place = await placeOf(ports, context.environment);
        requireSamePlace(given, place);
        return carryOut(given, config, ports, context, (fresh) => show({ ...fresh, ...place }));
      }
      const [{ plan }, place] = await Promise.all([
        makePlan(allJobs, config, ports, context.now, { groups }),
        placeOf(ports, context.environment),
      ]);
      show({ ...plan, ...place });
      if (plan.actions.length === 0) return report(context, plan, []);
      if (!options.yes) await confirm();
      return carryOut(plan, config, ports, context);
    });

async function carryOut(
  plan: Plan,
  config: Config,
  ports: Ports,
  context: Context,
  onVerified?: (fresh: Plan) => void,
): Promise<void> {
  let place = 0;
  const total = plan.actions.length;
  const onResult = (result: Result): void => {
    place += 1;
    if (!context.json) console.log(viewResult(result, place, total));
  };
  const owner = leaseOwner('apply');
  const stopping = stopOnSignal();
  try {
    const applied = await applyPlan(plan, config, ports, {
      owner,
      onResult,
      stop: stopping.stop,
      ...(onVerified && { onVerified }),
    });
    if (applied.refused !== undefined) throw refusal(applied);
    report(context, plan, applied.results, applied.remark);
    reportInterruption(stopping, applied.results.some(leftUndone));
    for (const note of applied.notes) console.error(visible(note));
  } finally {
    stopping.ignore();
  }
}

/** The plan sets the environment and the time. @throws UsageError if the options contradict it */
function withPlan(options: ApplyOptions, plan: Plan): ApplyOptions {
  if (options.env !== undefined && options.env !== plan.environment) {
    throw new UsageError(`The plan is for environment ${plan.environment}, but --env is ${options.env}.`);
  }
  if (options.group !== undefined)
    throw new UsageError('The plan says which groups to change, so --group is not accepted.');
  if (options.at !== undefined) throw new UsageError(`The plan is for ${plan.at}, so --at is not accepted.`);
  return { ...options, env: plan.environment, at: plan.at };
}

/** @throws UsageError if a prompt is not possible */
function requirePrompt(context: Context): void {
  if (!canPrompt(context))
    throw new UsageError('Cannot prompt for approval. Use --yes, or pass a plan file.');
}

function refusal({ refused, message, differences = [] }: Refused): CommandFailed {
  const said = `Nothing was applied. ${message}`;
  if (refused === 'clock') return new CommandFailed(said);
  const hint = refused === 'leased' ? 'Try again after that run ends.' : 'Review a new `turntable plan`.';
  const details = differences.length > 0 ? { differences } : undefined;
  return new CommandFailed(`${said} ${hint}`, details, sayDifferences(differences));
}

function report({ json }: Context, plan: Plan, results: readonly Result[], remark?: string): void {
  const { environment, at } = plan;
  if (json) console.log(visibleJson({ environment, at, results, ...(remark && { remark }) }, 2));
  else if (results.length > 0) console.log(`\n${[countResults(results), remark ?? ''].join(' ').trim()}`);
  const troubling = plan.holds.filter(needsAttention).length;
  if (troubling > 0)
    console.error(
      `${plural(troubling, 'hold')} in this plan ${troubling === 1 ? 'needs' : 'need'} an operator.`,
    );
  if (results.some(leftUndone) || troubling > 0) process.exitCode = 1;
}
