import { actionKinds } from '../../core/action-kinds.ts';
import { parseInstant, sayInstant } from '../../core/calendar/instant.ts';
import { needsAttention, refusesGroup } from '../../core/failing-holds.ts';
import type { Plan } from '../../core/plan.ts';
import type { CostChange } from '../../core/plan-cost.ts';
import { sayShortages } from '../../core/shortage.ts';
import { placeIn, viewClosed } from './closed.ts';
import { escaped, tableHead, tableRow } from './markdown.ts';
import { viewPlace } from './place.ts';
import { actionRow, countActions, holdRows, sayRefusedGroups } from './plan.ts';
import { sayShown } from './shown.ts';
import { viewSuspensions } from './suspensions.ts';
import { grouped, plural } from './text.ts';

/** GitHub rejects a comment with more characters than 65,536. What surrounds the rows needs some of them. */
const LONGEST = 60_000;

/** Marks the comment of an environment, so that a workflow finds it and writes it again. */
export const planMarker = (environment: string): string => `<!-- turntable plan ${environment} -->`;

/** Formats the plan for a pull request: sums, cost, and a table of actions and holds for each group. */
export function viewPlanMarkdown(plan: Plan, costs: readonly CostChange[], longest = LONGEST): string {
  const { actions, holds, environment } = plan;
  const at = sayInstant(parseInstant(plan.at) ?? 0);
  const refused = holds.filter(refusesGroup);
  const warnings = [sayShortages(holds), ...(refused.length > 0 ? [sayRefusedGroups(refused)] : [])];
  const head = [
    `${planMarker(environment)}\n### Turntable plan of ${escaped(placeIn(viewPlace(environment, plan), plan))}`,
    `As of ${at}: ${sayCounts(plan)} ${escaped(sayShown(plan.groups))}`.trimEnd(),
    ...(costs.length > 0 ? [sayCosts(costs)] : []),
    ...warnings.filter(Boolean).map((text) => `> [!WARNING]\n> ${escaped(text)}`),
    ...[...viewClosed(plan), ...viewSuspensions(plan.suspensions ?? [], environment)].map(
      (text) => `> [!IMPORTANT]\n> ${escaped(text.replace(/^\W+/, ''))}`,
    ),
    ...viewTips(plan, longest / 4),
  ];
  const space = longest - head.join('\n\n').length;
  const groups = [...new Set([...actions, ...holds].map(({ group }) => group))].sort();
  const { parts, omitted } = viewGroups(plan, groups, costs, space);
  const rows = omitted > 0 ? viewGroups(plan, byUrgency(plan, groups), costs, space).parts : parts;
  return [...head, ...rows].join('\n\n');
}

/** The recommendations, as far as `space` characters allow. */
function viewTips({ recommendations = [] }: Plan, space: number): string[] {
  const tips = recommendations.map(({ group, message }) => `> [!TIP]\n> ${escaped(`${group}: ${message}`)}`);
  const ends = endsOf(tips);
  const fitting = tips.filter((_, i) => ends[i]! < space);
  const rest = tips.length - fitting.length;
  return rest > 0 ? [...fitting, `> [!TIP]\n> ${plural(rest, 'more recommendation')} left out.`] : fitting;
}

/** If not all groups fit, a reviewer has to see those that lose a table, and those that need an operator. */
function byUrgency({ actions, holds }: Plan, groups: readonly string[]): string[] {
  const deleting = new Set(
    actions.filter(({ kind }) => actionKinds[kind].change === 'delete').map(({ group }) => group),
  );
  const urgent = new Set(holds.filter(needsAttention).map(({ group }) => group));
  const scheduling = new Set(
    actions.filter(({ kind }) => kind === 'schedule-deletion').map(({ group }) => group),
  );
  const ranks = [deleting, urgent, scheduling];
  const rankOf = (group: string): number => {
    const rank = ranks.findIndex((one) => one.has(group));
    return rank < 0 ? ranks.length : rank;
  };
  return [...groups].sort((a, b) => rankOf(a) - rankOf(b));
}

function sayCounts(plan: Plan): string {
  const { actions, holds } = plan;
  if (actions.length > 0) return `**${countActions(plan)}.**`;
  if (holds.length > 0) return `**No changes now.** ${plural(holds.length, 'action')} held.`;
  if (plan.closed) return '**No changes.**';
  return '**No changes.** The tables match the configuration.';
}

/** The tables of the groups, as far as `space` characters allow, and how many rows are left out. */
function viewGroups(
  plan: Plan,
  groups: readonly string[],
  costs: readonly CostChange[],
  space: number,
): { readonly parts: readonly string[]; readonly omitted: number } {
  const parts: string[] = [];
  let left = space;
  let omitted = 0;
  for (const name of groups) {
    const own = <T extends { group: string }>(items: readonly T[]): T[] =>
      items.filter(({ group }) => group === name);
    const rows = [...own(plan.actions).map(actionRow), ...holdRows(own(plan.holds))].map(tableRow);
    const lines = [headingOf(name, costs), '', tableHead(['', 'table', 'change', 'reason'])];
    left -= lines.join('\n').length;
    const ends = endsOf(rows);
    const fitting = rows.filter((_, i) => ends[i]! < left);
    left = fitting.length < rows.length ? 0 : left - (ends.at(-1) ?? 0);
    omitted += rows.length - fitting.length;
    if (fitting.length > 0) parts.push([...lines, ...fitting].join('\n'));
  }
  if (omitted > 0)
    parts.push(`${plural(omitted, 'more row')} left out, because a comment on GitHub cannot be longer.`);
  return { parts, omitted };
}

/** Where each row ends, in characters. */
function endsOf(rows: readonly string[]): number[] {
  let end = 0;
  return rows.map((row) => {
    end += row.length + 1;
    return end;
  });
}

function headingOf(name: string, costs: readonly CostChange[]): string {
  const cost = costs.find(({ group }) => group === name);
  return `#### ${escaped(name)}${cost ? `: ${sayChange(cost)}` : ''}`;
}

const money = (usd: number): string => grouped(usd.toFixed(2));

const sayChange = ({ before, after }: Pick<CostChange, 'before' | 'after'>): string =>
  money(before) === money(after)
    ? `USD ${money(after)} per month`
    : `USD ${money(before)} → ${money(after)} per month`;

function sayCosts(costs: readonly CostChange[]): string {
  const total = (of: 'before' | 'after' | 'onDemand' | 'unread'): number =>
    costs.reduce((all, cost) => all + cost[of], 0);
  const [onDemand, unread] = [total('onDemand'), total('unread')];
  return [
    `Provisioned throughput and storage: ${sayChange({ before: total('before'), after: total('after') })}.`,
    ...(onDemand > 0 ? [`On-demand requests of ${plural(onDemand, 'table')} are not included.`] : []),
    ...(unread > 0
      ? [`${plural(unread, 'table')} could not be read and ${unread === 1 ? 'is' : 'are'} not included.`]
      : []),
  ].join(' ');
}
