import { ask } from '../../ask.ts';
import { sayInstant } from '../../calendar/instant.ts';
import { stepped } from '../../calendar/rotation.ts';
import { handoverMs } from '../../capacity/handover.ts';
import type { TableState } from '../../facts.ts';
import { tableOf } from '../../fleet.ts';
import { type Answer, nothing, type Outcome } from '../../outcome.ts';
import type { TableContext } from '../../table-context.ts';
import { busy, superseded } from '../../throughput.ts';
import { handoverUnits } from '../decisions/handover.ts';
import { toOnDemand, toProvisioned } from './switch.ts';
import { eachUnits } from './units.ts';

/**
 * Gives an upcoming table the billing mode of the current table, shortly before its period starts. Until then it stays
 * on-demand, so that it costs nothing. The outcome has no action if no switch is due.
 */
export function billLikeCurrent(context: TableContext): Outcome {
  const { table, state, now } = context;
  const start = table.period.start - table.spec.queueMs;
  const mode = modeOfCurrent(context);
  if ('pending' in mode) return mode.pending;
  if (!mode.value || mode.value === state.billingMode || (busy(state) ?? superseded(state, now)))
    return nothing;
  const why = `matches the current table before its period starts at ${sayInstant(table.period.start)}`;
  if (mode.value === 'PAY_PER_REQUEST') {
    if (now < start - handoverMs({ read: 0, write: 0 })) return nothing;
    return toOnDemand(context, { reason: 'warm-up', message: `Switch to on-demand: ${why}` });
  }
  const throughput = eachUnits(context, (resource) => handoverUnits(context, resource));
  if ('pending' in throughput) return throughput.pending;
  if (!throughput.value || now < start - Math.max(...throughput.value.map(handoverMs))) return nothing;
  const change = { reason: 'warm-up', message: `Switch to provisioned: ${why}` } as const;
  return toProvisioned(context, change, () => throughput);
}

/**
 * The current table's mode after this run; undefined if the current table does not exist, or if another table comes
 * first.
 */
function modeOfCurrent({
  observed,
  table,
  now,
  soFar,
}: TableContext): Answer<TableState['billingMode'] | undefined> {
  const { spec, period } = table;
  const current = tableOf(spec, stepped(spec, period.start, -1), now);
  if (current.phase !== 'active' || !observed.names.has(current.name)) return { value: undefined };
  const state = ask(observed, current, 'description');
  if ('pending' in state) return state;
  const switched = soFar.actionsOf(current.name).find(({ kind }) => kind === 'billing');
  return { value: switched?.kind === 'billing' ? switched.billingMode : state.value?.billingMode };
}
