import { actionKinds } from '../action-kinds.ts';
import { sayInstant } from '../calendar/instant.ts';
import type { TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import { drainedAt, expiresAt } from '../phase.ts';
import type { Action, Draft, Hold } from '../plan.ts';
import { plannedUnits, warmFrom } from '../rotating/planned.ts';

/** An operator has to repair a table that cannot be used, so nothing else about it matters more. */
const USE_RANK = -1;
/** A failed read ranks after creation, consumers, replicas and deletion, and before changes of capacity and settings. */
const READ_RANK = 9;

function rankOf(kind: (Action | Hold)['kind']): number {
  if (kind === 'use') return USE_RANK;
  return kind === 'read' ? READ_RANK : actionKinds[kind].outlookRank;
}

/** What happens to a table next: the most important action or hold of a plan, and the next event of its period. */
export function outlook(
  table: Table,
  state: TableState | undefined,
  { actions, holds }: Pick<Draft, 'actions' | 'holds'>,
  now: number,
): string {
  const due = actions
    .filter((action) => action.table === table.name)
    .map(({ kind }) => ({ kind, text: `${kind} due` }));
  const held = holds
    .filter((hold) => hold.table === table.name && hold.reason !== 'draining')
    .map(({ kind, reason }) => ({ kind, text: `${kind} held: ${reason}` }));
  const [first] = [...due, ...held].sort((a, b) => rankOf(a.kind) - rankOf(b.kind));
  return [first?.text, nextEvent(table, state, now)].filter(Boolean).join('; ');
}

function nextEvent(table: Table, state: TableState | undefined, now: number): string {
  const { spec, period, phase } = table;
  switch (phase) {
    case 'upcoming': {
      const readyFrom = raisedFrom(table, state, now);
      return readyFrom === undefined
        ? `starts ${sayInstant(period.start)}`
        : `ready from ${sayInstant(readyFrom)}`;
    }
    case 'active':
      return Number.isFinite(period.end) ? `ends ${sayInstant(period.end)}` : '';
    case 'draining':
      return `drain window ends ${sayInstant(drainedAt(spec, period))}`;
    case 'outdated': {
      const expiry = expiresAt(spec, period);
      return Number.isFinite(expiry) ? `expires ${sayInstant(expiry)}` : 'retained';
    }
    case 'expired':
      return '';
  }
}

/** When rotate raises an upcoming table that is still below full capacity; undefined if it is not. */
export function raisedFrom(
  { spec, period }: Table,
  state: TableState | undefined,
  now: number,
): number | undefined {
  if (state?.billingMode === 'PAY_PER_REQUEST') return undefined;
  const instants = spec.resources.flatMap((resource) => {
    const own = state?.capacities.find(({ index }) => index === resource.index);
    const readyFrom = warmFrom(spec, resource, period);
    const full = plannedUnits(spec, resource, period, period.start);
    return own && now < readyFrom && (own.read < full.read || own.write < full.write) ? [readyFrom] : [];
  });
  return instants.length > 0 ? Math.min(...instants) : undefined;
}
