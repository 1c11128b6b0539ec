import { sayInstant } from '../../calendar/instant.ts';
import { shift } from '../../calendar/period.ts';
import { handoverMs } from '../../capacity/handover.ts';
import { tableOf } from '../../fleet.ts';
import type { TableState } from '../../observed.ts';
import type { TableContext } from '../../table-context.ts';
import { busy, superseded } from '../../throughput.ts';
import { takeOver } from '../handover.ts';
import { toOnDemand, toProvisioned } from './switch.ts';
import { eachUnits } from './units.ts';

/**
 * A coming table takes over as the current one is billed by then. Until shortly before its period it stays as it was
 * made, on demand, so that it costs nothing while it waits. True where it is to be switched.
 */
export function billLikeCurrent(subject: TableContext): boolean {
  const { table, state, now } = subject;
  const { start } = table.period;
  const mode = modeOfCurrent(subject);
  if (!mode || mode === state.billingMode || (busy(state) ?? superseded(state, now))) return false;
  const as = `billed as the table before it when its period begins ${sayInstant(start)}`;
  if (mode === 'PAY_PER_REQUEST') {
    if (now < start - handoverMs({ read: 0, write: 0 })) return false;
    return toOnDemand(subject, { reason: 'warm-up', message: `On demand from now on, ${as}` });
  }
  const throughput = eachUnits(subject, (resource) => takeOver(subject, resource));
  if (!throughput || now < start - Math.max(...throughput.map(handoverMs))) return false;
  const change = { reason: 'warm-up', message: `Provisioned from now on, ${as}` } as const;
  toProvisioned(subject, change, () => throughput);
  return true;
}

/** As this run leaves it; undefined where another table comes first, there is none, or it has yet to be read. */
function modeOfCurrent({ draft, observed, table, now }: TableContext): TableState['billingMode'] | undefined {
  const { spec, period } = table;
  const current = tableOf(spec, shift(spec.scheme, period.start, -1), now);
  if (current.phase !== 'active' || !observed.names.has(current.name)) return undefined;
  const standing = draft.ask(observed, current, 'description')?.value?.billingMode;
  const switched = draft.actions.find((one) => one.kind === 'billing' && one.table === current.name);
  return switched?.kind === 'billing' ? switched.billingMode : standing;
}
