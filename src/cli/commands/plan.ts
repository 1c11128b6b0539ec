import { visibleJson } from '../../config/quote.ts';
import type { Plan } from '../../core/plan.ts';
import { allJobs, makePlan } from '../../jobs/plan.ts';
import { recommendationsFor } from '../../jobs/recommend.ts';
import { type CommonOptions, command, configOf, contextOf, portsOf } from '../context.ts';
import { liesAhead } from '../present.ts';
import { viewPlan } from '../views/plan.ts';
import { shellWord, visible } from '../views/text.ts';
import { write } from '../written.ts';

/** As Terraform has it: 0 for no changes, 2 for changes pending. */
const CHANGES_PENDING = 2;

interface PlanOptions extends CommonOptions {
  readonly out?: string;
  readonly detailedExitcode?: boolean;
}

export const planCommand = () =>
  command('plan', 'show what rotate, purge and scale would do, and do nothing')
    .option('-o, --out <file>', 'write the plan to a file, for apply')
    .option('--detailed-exitcode', 'exit with 2 when changes are pending')
    .action(async (options: PlanOptions) => {
      const context = contextOf(options);
      const config = configOf(context);
      const ports = portsOf(context);
      const { plan: made, observed } = await makePlan(allJobs, config, ports, context.now);
      const plan = {
        ...made,
        recommendations: await recommendationsFor(config, observed, ports, context.now),
      };
      const json = visibleJson(plan, 2);
      console.log(context.json ? json : viewPlan(plan));
      if (options.out !== undefined) {
        write(options.out, `${json}\n`);
        if (!context.json)
          console.log(`\nWrote ${visible(options.out)}${useOf(plan, options.out, context.now)}`);
      }
      if (options.detailedExitcode && plan.actions.length > 0) process.exitCode = CHANGES_PENDING;
    });

/** What the file of a plan is good for. */
function useOf({ actions }: Plan, file: string, now: number): string {
  if (liesAhead(now)) return ', to look at: apply carries out no plan for a time to come.';
  if (actions.length === 0) return ': there is nothing to carry out.';
  return `. To carry out exactly this, within an hour: turntable apply ${shellWord(file)}`;
}
