import { visibleJson } from '../../config/quote.ts';
import { allJobs } from '../../core/jobs.ts';
import type { Plan } from '../../core/plan.ts';
import { sayUnlisted } from '../../core/rotating/environment.ts';
import { placeOf } from '../../jobs/place.ts';
import { makePlan } from '../../jobs/plan.ts';
import { costOfPlan } from '../../jobs/plan-cost.ts';
import { recommendationsFor } from '../../jobs/recommend.ts';
import { type CommonOptions, type Context, command, configOf, contextOf, portsOf } from '../context.ts';
import { UsageError } from '../failure.ts';
import { repeatedOptions } from '../given.ts';
import { groupsNamed } from '../group.ts';
import { isFuture } from '../present.ts';
import { print } from '../suggested.ts';
import { viewPlan } from '../views/plan.ts';
import { viewPlanMarkdown } from '../views/plan-markdown.ts';
import { shellWord, visible } from '../views/text.ts';
import { write } from '../written.ts';

/** As in Terraform: 0 if there are no changes, 2 if changes are pending. */
const CHANGES_PENDING = 2;

interface PlanOptions extends CommonOptions {
  readonly out?: string;
  readonly detailedExitcode?: boolean;
  readonly markdown?: boolean;
}

export const planCommand = () =>
  command('plan', 'show the changes that rotate, purge, and scale would make')
    .argument('[groups...]', 'show only these groups. Caps and account limits still count the whole fleet')
    .option('-o, --out <file>', 'write the plan to this file, for apply')
    .option('--markdown', 'print Markdown with sums and costs, for a pull request on GitHub')
    .option('--detailed-exitcode', 'exit with code 2 if changes are pending')
    .action(async (named: string[], options: PlanOptions) => {
      if (options.json && options.markdown)
        throw new UsageError('--json and --markdown cannot be used together. Choose one.');
      const context = contextOf(options);
      const config = configOf(context);
      const groups = groupsNamed(config, named);
      const ports = portsOf(context);
      const [{ plan: made, observed }, place] = await Promise.all([
        makePlan(allJobs, config, ports, context.now, { groups }),
        placeOf(ports, context.environment),
      ]);
      const plan = {
        ...made,
        ...place,
        recommendations: (await recommendationsFor(config, observed, ports, context.now)).filter(
          ({ group }) => groups?.includes(group) ?? true,
        ),
      };
      const json = visibleJson(plan, 2);
      if (context.json) console.log(json);
      else if (options.markdown)
        console.log(viewPlanMarkdown(plan, await costOfPlan(plan, config, observed, ports, context.now)));
      else print(context, viewPlan(plan));
      // Standard output is only the comment, or only JSON.
      const say = options.markdown ? console.error : console.log;
      if (!context.json && config.unlisted) say(`\n${sayUnlisted(config)}`);
      if (options.out !== undefined) {
        write(options.out, `${json}\n`);
        if (!context.json) say(`\nWrote ${visible(options.out)}${useOf(plan, options.out, context)}`);
      }
      if (options.detailedExitcode && plan.actions.length > 0) process.exitCode = CHANGES_PENDING;
    });

/** What the user can do with the plan file. */
function useOf({ actions }: Plan, file: string, { now, given }: Context): string {
  if (isFuture(now)) return ' for preview only: apply rejects a plan for a future time.';
  if (actions.length === 0) return '. The plan has no changes to apply.';
  return `. To apply exactly this plan within one hour: turntable apply ${shellWord(file)}${repeatedOptions(given)}`;
}
