import { Option } from 'commander';
import { visibleJson } from '../../config/quote.ts';
import type { Plan } from '../../core/plan.ts';
import type { Config } from '../../core/spec.ts';
import { leftUndone, type Result } from '../../jobs/apply.ts';
import { type Applied, applyPlan } from '../../jobs/apply-plan.ts';
import { allJobs, makePlan } from '../../jobs/plan.ts';
import type { Ports } from '../../ports.ts';
import { leaseOwner } from '../../runtime.ts';
import { canAsk, confirm } from '../confirm.ts';
import { type CommonOptions, type Context, command, configOf, contextOf, portsOf } from '../context.ts';
import { CommandFailed, UsageError } from '../failure.ts';
import { readPlan } from '../plan-file.ts';
import { mustBePresent } from '../present.ts';
import { stopOnSignal } from '../stop.ts';
import { viewPlan } from '../views/plan.ts';
import { countResults, viewResult } from '../views/results.ts';
import { visible } from '../views/text.ts';

interface ApplyOptions extends CommonOptions {
  readonly yes?: boolean;
}

export const applyCommand = () =>
  command('apply', 'carry out a plan: exactly what it says, or nothing where the world has changed')
    .argument('[file]', 'plan written by plan --out; without it a plan is made and shown first')
    .addOption(new Option('-y, --yes', 'do not ask'))
    .action(async (file: string | undefined, options: ApplyOptions) => {
      const given = file === undefined ? undefined : readPlan(file);
      const context = contextOf(given ? withPlan(options, given) : options);
      mustBePresent('apply', context.now);
      const config = configOf(context);
      if (!given && !options.yes) mustBeAskable(context);
      const ports = portsOf(context);
      const show = (shown: Plan): void => {
        if (!context.json) console.log(`${viewPlan(shown)}${shown.actions.length > 0 ? '\n' : ''}`);
      };
      // What a file says is shown once it is known to be true.
      if (given) return carryOut(given, config, ports, context, show);
      const { plan } = await makePlan(allJobs, config, ports, context.now);
      show(plan);
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
  const { stop, ignore } = stopOnSignal();
  try {
    const applied = await applyPlan(plan, config, ports, {
      owner,
      onResult,
      stop,
      ...(onVerified && { onVerified }),
    });
    if (applied.refused !== undefined) throw new CommandFailed(refusal(applied.refused, applied.message));
    report(context, plan, applied.results);
    for (const note of applied.notes) console.error(visible(note));
  } finally {
    ignore();
  }
}

/** A plan knows its environment and its instant; saying another one is a mistake. @throws UsageError */
function withPlan(options: ApplyOptions, plan: Plan): ApplyOptions {
  if (options.env !== undefined && options.env !== plan.environment) {
    throw new UsageError(`The plan is for ${plan.environment}, and --env says ${options.env}.`);
  }
  if (options.at !== undefined) throw new UsageError(`The plan is for ${plan.at}; --at cannot change that.`);
  return { ...options, env: plan.environment, at: plan.at };
}

/** @throws UsageError where nobody can answer */
function mustBeAskable(context: Context): void {
  if (!canAsk(context)) throw new UsageError('Nobody is there to ask: add --yes, or give a plan file.');
}

function refusal(refused: NonNullable<Applied['refused']>, message: string): string {
  if (refused === 'clock') return `Nothing was done. ${message}`;
  const recommendations =
    refused === 'leased' ? 'Try again when it is through.' : 'Make a new plan and look at it.';
  return `Nothing was done. ${message} ${recommendations}`;
}

function report({ json }: Context, plan: Plan, results: readonly Result[]): void {
  if (json) console.log(visibleJson({ environment: plan.environment, at: plan.at, results }, 2));
  else if (results.length > 0) console.log(`\n${countResults(results)}`);
  if (results.some(leftUndone)) process.exitCode = 1;
}
