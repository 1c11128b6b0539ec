import { visibleJson } from '../../config/quote.ts';
import { allJobs } from '../../core/jobs.ts';
import type { Plan } from '../../core/plan.ts';
import { sayUnlisted } from '../../core/rotating/environment.ts';
import type { Config } from '../../core/spec.ts';
import { placeOf } from '../../jobs/place.ts';
import { makePlan } from '../../jobs/plan.ts';
import { costOfPlan } from '../../jobs/plan-cost.ts';
import { recommendationsFor } from '../../jobs/recommend.ts';
import { type CommonOptions, type Context, configOf, portsOf } from '../context.ts';
import { UsageError } from '../failure.ts';
import { repeatedOptions, withGivenOptions } from '../given.ts';
import { groupsNamed } from '../group.ts';
import { contextsOf, everywhere, jsonOfPlaces, placesCommand, viewPlaces } from '../places.ts';
import { isFuture } from '../present.ts';
import { print } from '../suggested.ts';
import { planCells, planColumns, viewPlan } from '../views/plan.ts';
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
  placesCommand('plan', 'show the changes that rotate, purge, and scale would make')
    .argument('[groups...]', 'show only these groups. Caps and account limits still count the whole fleet')
    .option('-o, --out <file>', 'write the plan to this file, for apply')
    .option('--markdown', 'print Markdown with sums and costs, for a pull request on GitHub')
    .option('--detailed-exitcode', 'exit with code 2 if changes are pending')
    .action(async (named: string[], options: PlanOptions) => {
      if (options.json && options.markdown)
        throw new UsageError('--json and --markdown cannot be used together. Choose one.');
      const contexts = contextsOf(options);
      const [context] = contexts as readonly [Context];
      if (contexts.length > 1) rejectOfOnePlace(options);
      const config = configOf(context);
      const groups = groupsNamed(config, named);
      const { out, markdown = false } = options;
      const plans =
        contexts.length === 1
          ? [await showOne(context, config, { groups, out, markdown })]
          : await showAll(contexts, config, groups);
      if (options.detailedExitcode && plans.some(({ actions }) => actions.length > 0))
        process.exitCode ??= CHANGES_PENDING;
    });

/** @throws UsageError */
function rejectOfOnePlace({ out, markdown }: PlanOptions): void {
  const problems = [
    ...(out === undefined
      ? []
      : ['--out writes the plan of one region and account, which is what apply accepts.']),
    ...(markdown ? ['--markdown describes one region and account.'] : []),
  ];
  if (problems.length > 0)
    throw new UsageError(...problems.map((problem) => `${problem} Name one --region and one --profile.`));
}

async function readOne(context: Context, config: Config, groups: readonly string[] | undefined) {
  const ports = portsOf(context);
  const [{ plan: made, observed }, place] = await Promise.all([
    makePlan(allJobs, config, ports, context.now, { groups }),
    placeOf(ports, context.environment),
  ]);
  const plan: Plan = {
    ...made,
    ...place,
    recommendations: (await recommendationsFor(config, observed, ports, context.now)).filter(
      ({ group }) => groups?.includes(group) ?? true,
    ),
  };
  return { plan, costs: () => costOfPlan(plan, config, observed, ports, context.now) };
}

interface ShowOptions {
  readonly groups: readonly string[] | undefined;
  readonly out: string | undefined;
  readonly markdown: boolean;
}

async function showOne(
  context: Context,
  config: Config,
  { groups, out, markdown }: ShowOptions,
): Promise<Plan> {
  const { plan, costs } = await readOne(context, config, groups);
  const json = visibleJson(plan, 2);
  if (context.json) console.log(json);
  else if (markdown) console.log(viewPlanMarkdown(plan, await costs()));
  else print(context, viewPlan(plan));
  // Standard output is only the comment, or only JSON.
  const say = markdown ? console.error : console.log;
  if (!context.json && config.unlisted) say(`\n${sayUnlisted(config)}`);
  if (out !== undefined) {
    write(out, `${json}\n`);
    if (!context.json) say(`\nWrote ${visible(out)}${useOf(plan, out, context)}`);
  }
  return plan;
}

async function showAll(
  contexts: readonly Context[],
  config: Config,
  groups: readonly string[] | undefined,
): Promise<Plan[]> {
  const answers = await everywhere(
    contexts,
    async (context) => (await readOne(context, config, groups)).plan,
  );
  const { json } = contexts[0]!;
  const view = (plan: Plan, { given }: Context): string => withGivenOptions(viewPlan(plan), given);
  console.log(json ? jsonOfPlaces(answers, 'plan') : viewPlaces(answers, planColumns, planCells, view));
  if (!json && config.unlisted) console.log(`\n${sayUnlisted(config)}`);
  return answers.flatMap((answer) => ('value' in answer ? [answer.value] : []));
}

/** What the user can do with the plan file. */
function useOf({ actions }: Plan, file: string, { now, given }: Context): string {
  if (isFuture(now)) return ' for preview only: apply rejects a plan for a future time.';
  if (actions.length === 0) return '. The plan has no changes to apply.';
  return `. To apply exactly this plan within one hour: turntable apply ${shellWord(file)}${repeatedOptions(given)}`;
}
