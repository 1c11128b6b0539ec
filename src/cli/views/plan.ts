import { parseInstant, sayInstant } from '../../core/calendar/instant.ts';
import type { Action, Hold, Plan } from '../../core/plan.ts';
import { viewRecommendations } from './recommendations.ts';
import { viewSuspensions } from './suspensions.ts';
import { align, plural, style, visible } from './text.ts';

const signs: Readonly<Record<Action['kind'], string>> = {
  create: style.create('+'),
  raise: style.change('~'),
  lower: style.change('~'),
  'time-to-live': style.change('~'),
  recovery: style.change('~'),
  protection: style.change('~'),
  billing: style.change('~'),
  'table-class': style.change('~'),
  'schedule-deletion': style.remove('~'),
  'back-up': style.remove('~'),
  'cancel-deletion': style.change('~'),
  delete: style.remove('-'),
};

/** The plan for people: what happens to which table and why, what is held, and one line that counts. */
export function viewPlan(plan: Plan): string {
  const { actions, holds } = plan;
  const at = sayInstant(parseInstant(plan.at) ?? 0);
  const groups = [...new Set([...actions, ...holds].map(({ group }) => group))].sort();
  const body = groups.map((name) => {
    const own = <T extends { group: string }>(items: readonly T[]): T[] =>
      items.filter(({ group }) => group === name);
    const rows = [...own(actions).map(actionRow), ...own(holds).map(holdRow)];
    return `  ${style.heading(visible(name))}\n${align(rows, '    ')}`;
  });
  const heading =
    actions.length > 0
      ? `${style.heading(plan.environment)}, as of ${at}:`
      : holds.length > 0
        ? `${style.good('No changes now')}, ${holds.length} held: ${plan.environment} at ${at}.`
        : `${style.good('No changes.')} ${plan.environment} is as its specs want it at ${at}.`;
  const parts = [heading, ...viewSuspensions(plan.suspensions ?? [], plan.environment), ...body];
  if (plan.recommendations?.length) parts.push(viewRecommendations(plan.recommendations));
  if (actions.length > 0) parts.push(`${style.heading('Plan:')} ${count(plan)}.`);
  return parts.join('\n\n');
}

const explained = ({ message, reason }: Action | Hold): string =>
  `${visible(message)} ${style.faint(`[${reason}]`)}`;

export const actionRow = (action: Action): string[] => [
  signs[action.kind],
  visible(action.table),
  action.kind,
  explained(action),
];

export const holdRow = (hold: Hold): string[] => [
  style.hold('!'),
  visible(hold.table),
  style.hold(`${hold.kind} held`),
  explained(hold),
];

function count({ actions, holds }: Plan): string {
  const of = (...kinds: Action['kind'][]): number =>
    actions.filter(({ kind }) => kinds.includes(kind)).length;
  const condemned = of('schedule-deletion');
  const backedUp = of('back-up');
  return [
    `${of('create')} to create`,
    `${of('raise', 'lower', 'billing', 'table-class', 'time-to-live', 'recovery', 'protection', 'cancel-deletion')} to change`,
    ...(condemned > 0 ? [`${condemned} to condemn`] : []),
    ...(backedUp > 0 ? [`${backedUp} to back up`] : []),
    `${of('delete')} to delete`,
    ...(holds.length > 0 ? [plural(holds.length, 'held', 'held')] : []),
  ].join(', ');
}
