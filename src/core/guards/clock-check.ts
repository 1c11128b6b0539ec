import { actionKinds } from '../action-kinds.ts';
import { sayInstant } from '../calendar/instant.ts';
import { MINUTE_MS } from '../calendar/period.ts';
import type { Action, Draft } from '../plan.ts';
import { withoutLowering } from './lowering.ts';
import { type Reduced, reduceActions } from './reduce.ts';

/** What clocks may differ by. */
const TOLERATED_MS = 5 * MINUTE_MS;

/** When a run is for, and what the machine's clock and AWS's own say. All epoch milliseconds. */
export interface Times {
  /** The instant of the run. */
  readonly run: number;
  readonly machine: number;
  readonly service: number;
}

/** Why the clock of this machine is not to be trusted; undefined where it is. */
export function clockFault({ machine, service }: Omit<Times, 'run'>): string | undefined {
  if (Math.abs(machine - service) <= TOLERATED_MS) return undefined;
  return `This machine's clock says ${sayInstant(machine)}, AWS's says ${sayInstant(service)}: set it right.`;
}

/** Why a run is not to be trusted with what cannot be undone; undefined where it is. */
export function timeFault(oldestEventMs: number, times: Times): string | undefined {
  const { run, service } = times;
  if (run - service > TOLERATED_MS)
    return `The run is for ${sayInstant(run)}, and AWS's clock says ${sayInstant(service)}: it is not time yet.`;
  if (service - run > oldestEventMs)
    return `The run is for ${sayInstant(run)}, and AWS's clock says ${sayInstant(service)}: it comes too late.`;
  return clockFault(times);
}

/** What is wrong with the time of a run. */
export interface TimeFault {
  readonly message: string;
  /** Two answers of AWS at least say so, and none says otherwise: one alone may itself be wrong. */
  readonly certain: boolean;
}

/** By what each of AWS's answers says of the machine's clock, milliseconds ahead. Any of them is enough for a doubt. */
export function doubtful(
  readings: readonly number[],
  faultOf: (aheadMs: number) => string | undefined,
): TimeFault | undefined {
  const faults = readings.map(faultOf);
  const message = faults.findLast((fault) => fault !== undefined);
  if (message === undefined) return undefined;
  return { message, certain: faults.length > 1 && !faults.includes(undefined) };
}

/**
 * A draft without what a wrong time makes harmful. Nothing is purged or lowered. Tables are still created while the
 * fault is uncertain, because a missing table is worse than one too many. If a table is not created, its other
 * actions are held too.
 */
export function withoutRisks<T extends Pick<Draft, 'actions' | 'holds'>>(draft: T, fault: TimeFault): T {
  const held = (action: Action): boolean => reduced(action, fault).left === undefined;
  const uncreated = new Set(
    draft.actions.filter((action) => action.kind === 'create' && held(action)).map(({ table }) => table),
  );
  return reduceActions(draft, { reason: 'clock-wrong', urgent: true }, (action) =>
    uncreated.has(action.table) ? { held: fault.message } : reduced(action, fault),
  );
}

function reduced(action: Action, { message, certain }: TimeFault): Reduced {
  const allowed = actionKinds[action.kind].underWrongClock;
  if (allowed === 'allowed' || (allowed === 'unless-certain' && !certain)) return { left: action };
  return allowed === 'raises' ? withoutLowering(action, message) : { held: message };
}
