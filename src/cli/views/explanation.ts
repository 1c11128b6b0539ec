import { sayInstant } from '../../core/calendar/instant.ts';
import { monthOf } from '../../core/cost.ts';
import { capitalized } from '../../core/text.ts';
import { type Explanation, HISTORY_DAYS } from '../../jobs/explain.ts';
import type { Throughput } from '../../jobs/status.ts';
import { viewHistory } from './history.ts';
import { fittingWidth, wrap } from './layout.ts';
import { type KnownPlace, viewPlace } from './place.ts';
import { actionRow } from './plan.ts';
import { sayReplicas } from './status.ts';
import { viewSuspensions } from './suspensions.ts';
import { grouped, plural, sayBytes, style, visible } from './text.ts';

/** With the cure of each hold, as Markdown. */
type Explained = Omit<Explanation, 'holds'> &
  KnownPlace & { readonly holds: readonly (Explanation['holds'][number] & { readonly todo: string })[] };

type Demand = Explanation['demand'][number];

const sayTime = (iso: string): string => sayInstant(Date.parse(iso));

const line = (text: string, indent = '  '): string => wrap(visible(text), fittingWidth(), indent);
/** A line whose continuation is further to the right. The text is safe to print. */
const item = (text: string): string => wrap(text, fittingWidth() - 2, '  ').replaceAll('\n  ', '\n    ');

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length > 0 ? [[style.heading(title), ...lines].join('\n')] : [];

/** Formats the explanation of a table: its capacity, what is held, and what comes next. */
export function viewExplanation(explained: Explained): string {
  const { table, at, environment, suspensions, recommendations } = explained;
  const heading = `${viewPlace(table.name, explained)}, as of ${sayTime(at)}:`;
  return [
    wrap(heading, fittingWidth()),
    sayTable(explained)
      .map((text) => line(text))
      .join('\n'),
    ...(suspensions
      ? viewSuspensions(suspensions, environment).map((text) => wrap(text, fittingWidth()))
      : [
          style.bad(
            '! Could not read the suspensions. Until they can be read, nothing is purged or lowered.',
          ),
        ]),
    ...section('Capacity', sayCapacity(explained)),
    ...section(
      'Billing mode',
      explained.billing.map((text) => line(text)),
    ),
    ...section('Now', explained.actions.map(sayAction)),
    ...section('Held', explained.holds.flatMap(sayHold)),
    ...section(
      'Next',
      explained.next.map(({ at: when, what }) =>
        item(visible(`${when === undefined ? 'At the next run' : sayTime(when)}: ${what}`)),
      ),
    ),
    ...section(
      'Recommendations',
      recommendations.map(({ message }) => item(`${style.good('$')} ${visible(message)}`)),
    ),
    sayHistory(explained),
  ].join('\n\n');
}

/** Formats why a table is not managed. */
export const viewOther = (name: string, why: string): string =>
  wrap(`${style.heading(visible(name))}: ${visible(why)}`, fittingWidth());

function sayTable({ table, spec, unmanaged }: Explained): string[] {
  const { phase, status, createdAt, sizeBytes, cost } = table;
  const created = createdAt === null ? '' : `, created ${sayTime(createdAt)}`;
  const month = cost
    ? `, USD ${cost.throughput === null ? 'at least ' : ''}${monthOf(cost).toFixed(2)} per month`
    : '';
  const exists =
    status === 'MISSING'
      ? `The table does not exist. By its period, it is ${phase}.`
      : `Phase ${phase}, status ${status}${created}, ${sayBytes(sizeBytes)}${month}.`;
  const span =
    spec.from === null || spec.to === null
      ? 'It does not rotate.'
      : `Its period is ${sayTime(spec.from)} to ${sayTime(spec.to)}.`;
  const rotation =
    spec.scheme === 'none' ? '' : `, RotationScheme ${spec.scheme}, PurgeRotation ${spec.purgeRotation}`;
  return [
    exists,
    `Spec ${spec.group}${rotation}, ${SAY_BILLING[spec.billing]}. ${span}`,
    ...sayReplicas(table).map((replicas) => `${capitalized(replicas)}.`),
    ...(unmanaged === undefined ? [] : [`Turntable does not manage it: ${unmanaged}`]),
  ];
}

const SAY_BILLING: Readonly<Record<Explanation['spec']['billing'], string>> = {
  'on-demand': 'on-demand',
  provisioned: 'provisioned',
  auto: 'billing mode chosen by scale',
};

function sayCapacity(explained: Explained): string[] {
  const { demand, decreases, table } = explained;
  if (demand.length === 0) {
    if (table.billingMode === 'PAY_PER_REQUEST')
      return [line('The table is on-demand, so there is no capacity to choose.')];
    if (explained.spec.billing === 'on-demand' && table.billingMode === 'PROVISIONED')
      return [
        line(
          'The table is provisioned, but its spec says on-demand. Turntable does not change its capacity.',
        ),
      ];
    return table.status === 'MISSING' ? [] : [line(`A table that is ${table.status} cannot be changed.`)];
  }
  return [
    ...demand.flatMap((one) => sayDemand(one, explained)),
    ...decreases.map(({ index, today, nextAt }) => {
      const of = index === undefined ? '' : ` of index ${index}`;
      const next = nextAt <= explained.at ? 'now' : `at ${sayTime(nextAt)}`;
      return line(
        `Decreases${of} today: ${today}. DynamoDB allows 4 in a UTC day, then one per hour. The next is possible ${next}.`,
      );
    }),
  ];
}

function sayDemand(one: Demand, { table }: Explained): string[] {
  const { index, dimension, provisioned, min, max, method, wants, why } = one;
  const own: Throughput | undefined =
    index === undefined ? table : table.indexes.find(({ name }) => name === index);
  const usage = own?.[dimension];
  const consumed =
    usage?.consumed === null || usage?.consumed === undefined
      ? 'consumption unknown'
      : `${Number(usage.consumed.toFixed(1))}/s consumed`;
  const throttled = usage?.refused
    ? `, ${plural(Math.round(usage.refused.requests), 'request')} throttled in ${plural(usage.refused.minutes, 'minute')}`
    : '';
  const name = `${index === undefined ? '' : `Index ${index}, `}${dimension}s`;
  const wanted = wants === null ? '' : ` ${method} wants ${grouped(wants)}.`;
  return [
    item(
      `${visible(capitalized(name))}: ${grouped(provisioned)} provisioned, ${consumed}${throttled}, minimum ${grouped(min)}, maximum ${grouped(max)}.${wanted}`,
    ),
    ...why.map((sentence) => line(sentence, '    ')),
  ];
}

function sayAction(action: Explained['actions'][number]): string {
  const [sign, , kind, why] = actionRow(action);
  return item(`${sign} ${kind}: ${why}`);
}

function sayHold({ kind, message, reason, todo, urgent }: Explained['holds'][number]): string[] {
  const head = `${style.hold('!')} ${style.hold(`${kind} held`)}${urgent ? ' (urgent)' : ''}:`;
  const why = `${head} ${visible(message)} ${style.faint(`[${reason}]`)}`;
  return [item(why), ...(todo === 'Nothing.' ? [] : [line(`To do: ${todo}`, '    ')])];
}

function sayHistory({ history, spec, environment }: Explained): string {
  if ('error' in history) return style.bad(line(`Could not read the history: ${history.error}`, ''));
  const heading = style.heading(`History of the last ${HISTORY_DAYS} days, times in UTC`);
  const more = `For more: turntable history ${spec.group} --since 30d --env ${environment}`;
  return `${viewHistory(history, heading)}\n${style.faint(more)}`;
}
