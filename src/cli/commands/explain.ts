import { quote, visibleJson } from '../../config/quote.ts';
import { didYouMean } from '../../config/suggest.ts';
import { type Subject, subjectOf } from '../../core/explaining/subject.ts';
import type { Table } from '../../core/fleet.ts';
import { holdReasons } from '../../core/reasons.ts';
import type { Config } from '../../core/spec.ts';
import { explainTable } from '../../jobs/explain.ts';
import { placeOf } from '../../jobs/place.ts';
import { type CommonOptions, type Context, command, configOf, contextOf, portsOf } from '../context.ts';
import { UsageError } from '../failure.ts';
import { print } from '../suggested.ts';
import { viewExplanation, viewOther } from '../views/explanation.ts';

export const explainCommand = () =>
  command('explain', 'explain the capacity of a table, its holds, and what happens to it next')
    .argument('<table>', 'name of a table. A group name stands for its current table')
    .action(async (name: string, options: CommonOptions) => {
      const context = contextOf(options);
      const config = configOf(context);
      const subject = subjectOf(config, name, context.now);
      if ('managed' in subject) await explain(subject.managed, config, context);
      else await explainOther(subject, config, context);
    });

async function explain(table: Table, config: Config, context: Context): Promise<void> {
  const ports = portsOf(context);
  const [explanation, place] = await Promise.all([
    explainTable(table, config, ports, context.now),
    placeOf(ports, context.environment),
  ]);
  const holds = explanation.holds.map((hold) => ({ ...hold, todo: holdReasons[hold.reason].todo }));
  const whole = { ...explanation, ...place, holds };
  if (context.json) console.log(visibleJson(whole, 2));
  else print(context, viewExplanation(whole));
}

/** An existing table that no spec has is explained. Otherwise the name is mistyped. @throws UsageError */
async function explainOther(
  { other, why, meant }: Extract<Subject, { other: string }>,
  config: Config,
  context: Context,
): Promise<void> {
  const names = await portsOf(context).tables.list();
  if (!names.includes(other)) {
    const suffix = /\.\d+$/.exec(other)?.[0] ?? '';
    const likely = config.specs.map(({ name }) => `${config.environment}.${name}${suffix}`);
    const hint = meant ? `Did you mean ${quote(meant)}?` : didYouMean(other, [...names, ...likely]);
    const known = `Known groups: ${config.specs.map(({ name }) => name).join(', ') || 'none'}.`;
    throw new UsageError([`Unknown table ${quote(other)}.`, why ?? known, ...(hint ? [hint] : [])].join(' '));
  }
  const reason = why ?? 'No spec of tables.json produces this name, so Turntable never changes the table.';
  const answer = { environment: config.environment, table: { name: other }, unmanaged: reason };
  if (context.json) console.log(visibleJson(answer, 2));
  else print(context, viewOther(other, reason));
}
