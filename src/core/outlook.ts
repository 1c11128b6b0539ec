import type { Table } from './fleet.ts';
import { sayInstant } from './instant.ts';
import { drainedAt, expiresAt, warmFrom } from './phase.ts';
import type { Draft } from './plan.ts';

/** What happens to a table next: what a plan does or holds now, or what its period has in store. */
export function outlook(
  table: Table,
  { actions, holds }: Pick<Draft, 'actions' | 'holds'>,
  now: number,
): string {
  const action = actions.find((candidate) => candidate.table === table.name);
  if (action) return `${action.kind} now`;
  const hold = holds.find((candidate) => candidate.table === table.name && candidate.reason !== 'draining');
  if (hold) return `${hold.kind} held: ${hold.reason}`;
  return coming(table, now);
}

function coming({ spec, period, phase }: Table, now: number): string {
  const expiry = expiresAt(spec, period);
  switch (phase) {
    case 'upcoming':
      return spec.resources.length > 0 && now < warmFrom(spec, period)
        ? `full from ${sayInstant(warmFrom(spec, period))}`
        : `begins ${sayInstant(period.start)}`;
    case 'active':
      return Number.isFinite(period.end) ? `ends ${sayInstant(period.end)}` : '';
    case 'draining':
      return `steps down ${sayInstant(drainedAt(spec, period))}`;
    case 'outdated':
    case 'expired':
      return Number.isFinite(expiry) ? `expires ${sayInstant(expiry)}` : 'kept';
  }
}
