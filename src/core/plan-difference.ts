import type { Action, Plan } from './plan.ts';

/** How an action of a plan differs from the plan that was created again. */
export interface Difference {
  /** `vanished`: only the plan has it. `appeared`: only the new one has it. `changed`: both have it, with another content. */
  readonly change: 'vanished' | 'appeared' | 'changed';
  readonly kind: Action['kind'];
  readonly table: string;
  /** What the plan says. */
  readonly was?: string;
  /** What the new plan says: the action, or why it is held. */
  readonly now?: string;
}

/** The actions in which two plans of the same jobs and instant differ, in the order of the plans. */
export function differencesOf(plan: Plan, fresh: Plan): Difference[] {
  const before = byKey(plan.actions);
  const after = byKey(fresh.actions);
  const gone = [...before].flatMap(([key, action]): Difference[] => {
    const other = after.get(key);
    if (other === undefined) return [vanished(action, fresh)];
    return JSON.stringify(other) === JSON.stringify(action) ? [] : [changed(action, other)];
  });
  const added = [...after].filter(([key]) => !before.has(key)).map(([, action]) => appeared(action));
  return [...gone, ...added];
}

/** A plan has at most one action of a kind for a table, job and subject: a function, or the Region of a replica. */
function byKey(actions: readonly Action[]): ReadonlyMap<string, Action> {
  const subjectOf = (action: Action): unknown => {
    if ('function' in action) return action.function;
    return 'region' in action ? action.region : undefined;
  };
  return new Map(
    actions.map((action) => [
      JSON.stringify([action.job, action.kind, action.table, subjectOf(action)]),
      action,
    ]),
  );
}

const subject = ({ kind, table }: Action) => ({ kind, table });

function vanished(action: Action, { holds }: Plan): Difference {
  const hold = holds.find(({ table, kind }) => table === action.table && kind === action.kind);
  return {
    change: 'vanished',
    ...subject(action),
    was: action.message,
    ...(hold && { now: `Held: ${hold.message}` }),
  };
}

const appeared = (action: Action): Difference => ({
  change: 'appeared',
  ...subject(action),
  now: action.message,
});

/** The messages say what differs, unless only data such as the input of CreateTable does. */
function changed(action: Action, other: Action): Difference {
  const messages = action.message === other.message ? {} : { was: action.message, now: other.message };
  return { change: 'changed', ...subject(action), ...messages };
}

/** So many are shown. */
const SHOWN = 10;

const words: Readonly<Record<Difference['change'], string>> = {
  vanished: 'no longer planned',
  appeared: 'newly planned',
  changed: 'changed',
};

/** One line per difference: `- create production.X.20261121: no longer planned.` */
export function sayDifferences(differences: readonly Difference[]): string[] {
  const lines = differences.slice(0, SHOWN).map(sayDifference);
  const rest = differences.length - SHOWN;
  return rest > 0 ? [...lines, `  and ${rest} more differences`] : lines;
}

function sayDifference({ change, kind, table, was, now }: Difference): string {
  const line = `  ${kind} ${table}: ${words[change]}.`;
  if (change !== 'changed') return now === undefined ? line : `${line} ${now}`;
  return was === undefined ? `${line} Its data differs.` : `${line} Before: ${was} Now: ${now}`;
}
