import { sayInstant } from '../calendar/instant.ts';
import type { Table } from '../fleet.ts';
import type { TableState } from '../observed.ts';
import { drainedAt, expiresAt } from '../phase.ts';
import type { Action, Draft, Hold } from '../plan.ts';
import { plannedUnits, warmFrom } from '../rotating/planned.ts';

/** The weightiest first: what becomes of the table, then of its capacity and settings. */
const weight: readonly (Action | Hold)['kind'][] = [
  'delete',
  'back-up',
  'schedule-deletion',
  'cancel-deletion',
  'create',
  'read',
  'raise',
  'billing',
  'lower',
  'table-class',
  'time-to-live',
  'recovery',
  'protection',
];

/** What happens to a table next: the weightiest that a plan does or holds, else what its period has in store. */
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
  const [first] = [...due, ...held].sort((a, b) => weight.indexOf(a.kind) - weight.indexOf(b.kind));
  const coming = inStore(table, state, now);
  return [first?.text, coming].filter(Boolean).join('; ');
}

function inStore(table: Table, state: TableState | undefined, now: number): string {
  const { spec, period, phase } = table;
  switch (phase) {
    case 'upcoming': {
      const readyFrom = parkedUntil(table, state, now);
      return readyFrom === undefined
        ? `begins ${sayInstant(period.start)}`
        : `ready from ${sayInstant(readyFrom)}`;
    }
    case 'active':
      return Number.isFinite(period.end) ? `ends ${sayInstant(period.end)}` : '';
    case 'draining':
      return `drained ${sayInstant(drainedAt(spec, period))}`;
    case 'outdated': {
      const expiry = expiresAt(spec, period);
      return Number.isFinite(expiry) ? `expires ${sayInstant(expiry)}` : 'keep-tag';
    }
    case 'expired':
      return '';
  }
}

/** When a coming table is raised that still stands below what its period will need. */
function parkedUntil(
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
