import { actionKinds, type Change } from '../../core/action-kinds.ts';
import { parseInstant, sayInstant } from '../../core/calendar/instant.ts';
import { refusesGroup } from '../../core/failing-holds.ts';
import type { Action, Hold, Plan } from '../../core/plan.ts';
import { sayShortages } from '../../core/shortage.ts';
import { placeIn, viewClosed } from './closed.ts';
import { foldHolds } from './fold-holds.ts';
import { align } from './layout.ts';
import { viewPlace } from './place.ts';
import { viewRecommendations } from './recommendations.ts';
import { sayShown } from './shown.ts';
import { viewSuspensions } from './suspensions.ts';
import { plural, style, visible } from './text.ts';

/** The sign of an action, and how the last line counts it: always, or only if there are any. */
const changes: Readonly<Record<Change, { sign: string; counted: string; always: boolean }>> = {
  create: { sign: style.create('+'), counted: 'to create', always: true },
  change: { sign: style.change('~'), counted: 'to change', always: true },
  'schedule-deletion': { sign: style.remove('~'), counted: 'to schedule for deletion', always: false },
  'back-up': { sign: style.remove('~'), counted: 'to back up', always: false },
  archive: { sign: style.remove('~'), counted: 'to export to S3', always: false },
  delete: { sign: style.remove('-'), counted: 'to delete', always: true },
};

/** Formats the plan: the actions and holds of each group with their reasons, and a line of totals. */
export function viewPlan(plan: Plan): string {
  const { actions, holds } = plan;
  const at = sayInstant(parseInstant(plan.at) ?? 0);
  const groups = [...new Set([...actions, ...holds].map(({ group }) => group))].sort();
  const body = groups.map((name) => {
    const own = <T extends { group: string }>(items: readonly T[]): T[] =>
      items.filter(({ group }) => group === name);
    const rows = [...own(actions).map(actionRow), ...holdRows(own(holds))];
    return `  ${style.heading(visible(name))}\n${align(rows, '    ')}`;
  });
  const place = placeIn(viewPlace(plan.environment, plan), plan);
  const heading =
    actions.length > 0
      ? `${place}, as of ${at}:`
      : holds.length > 0
        ? `${style.good('No changes now.')} ${plural(holds.length, 'action')} held in ${place}, as of ${at}.`
        : plan.closed
          ? `${style.good('No changes.')} As of ${at}: ${place}.`
          : `${style.good('No changes.')} The tables of ${place} match the configuration, as of ${at}.`;
  const shown = sayShown(plan.groups).trimEnd();
  const parts = [
    shown ? `${heading}\n${shown}` : heading,
    ...viewClosed(plan),
    ...viewSuspensions(plan.suspensions ?? [], plan.environment),
    ...body,
  ];
  if (plan.recommendations?.length) parts.push(viewRecommendations(plan.recommendations));
  if (actions.length > 0) parts.push(`${style.heading('Plan:')} ${countActions(plan)}.`);
  const short = sayShortages(holds);
  if (short) parts.push(style.bad(short));
  const refused = holds.filter(refusesGroup);
  if (refused.length > 0) parts.push(style.bad(sayRefusedGroups(refused)));
  return parts.join('\n\n');
}

/** What happens to groups that the configuration refuses. */
export const sayRefusedGroups = (refused: readonly Hold[]): string =>
  `Turntable only raises tables of ${refused.map(({ group }) => visible(group)).join(', ')} until the configuration is corrected.`;

const explained = ({ message, reason }: Action | Hold): string =>
  `${visible(message)} ${style.faint(`[${reason}]`)}`;

export const actionRow = (action: Action): string[] => [
  changes[actionKinds[action.kind].change].sign,
  visible(action.table),
  action.kind,
  explained(action),
];

/** One row per hold, or a few and their count if there are many of one kind and reason. */
export const holdRows = (holds: readonly Hold[]): string[][] =>
  foldHolds(holds, holdRow, ({ kind, reason }, count) => [
    style.hold('!'),
    `and ${count} more`,
    style.hold(`${kind} held`),
    `For the same reason. --json shows each. ${style.faint(`[${reason}]`)}`,
  ]);

const holdRow = (hold: Hold): string[] => [
  style.hold('!'),
  visible(hold.table),
  style.hold(`${hold.kind} held`),
  explained(hold),
];

/** What a table of several places says about each plan. */
export const planColumns = [{ title: 'ACCOUNT' }, { title: 'PLAN' }];

export const planCells = (plan: Plan): string[] => [visible(plan.account ?? 'unknown'), countActions(plan)];

/** `1 to create, 2 to change, 0 to delete, 1 held` */
export function countActions({ actions, holds }: Plan): string {
  const counts = (Object.keys(changes) as Change[]).flatMap((change) => {
    const { counted, always } = changes[change];
    const own = actions.filter(({ kind }) => actionKinds[kind].change === change).length;
    return own > 0 || always ? [`${own} ${counted}`] : [];
  });
  return [...counts, ...(holds.length > 0 ? [`${holds.length} held`] : [])].join(', ');
}
