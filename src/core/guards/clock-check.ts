import { actionKinds } from '../action-kinds.ts';
import { sayInstant } from '../calendar/instant.ts';
import { MINUTE_MS } from '../calendar/period.ts';
import type { Action, Draft } from '../plan.ts';
import { withoutLowering } from './lowering.ts';
import { type Reduced, reduceActions } from './reduce.ts';

/** A smaller difference between two clocks is accepted. */
export const TOLERATED_MS = 5 * MINUTE_MS;

/** The instant of a run, and the times of this machine's clock and AWS's clock. All are epoch milliseconds. */
export interface Times {
  /** The instant of the run. */
  readonly run: number;
  readonly machine: number;
  readonly service: number;
}

/** Why this machine's clock cannot be trusted; undefined if it can. */
export function clockFault({ machine, service }: Omit<Times, 'run'>): string | undefined {
  if (Math.abs(machine - service) <= TOLERATED_MS) return undefined;
  return `This machine's clock says ${sayInstant(machine)}, but AWS's clock says ${sayInstant(service)}. Correct this machine's clock.`;
}

/** Why a run or a plan must not do anything irreversible; undefined if it may. */
export function timeFault(
  oldestEventMs: number,
  times: Times,
  what: 'run' | 'plan' = 'run',
): string | undefined {
  const { run, service } = times;
  const wrong = (how: string): string =>
    `The ${what} is for ${sayInstant(run)}, but AWS's clock says ${sayInstant(service)}. The ${what} is too ${how}.`;
  if (run - service > TOLERATED_MS) return wrong('early');
  if (service - run > oldestEventMs) return wrong('late');
  return clockFault(times);
}

/** What is wrong with the time of a run. */
export interface TimeFault {
  readonly message: string;
  /** Whether at least two answers from AWS show it and none contradicts it. A single answer might itself be wrong. */
  readonly certain: boolean;
}

/**
 * The fault of a run's time, by how far each of AWS's answers shows the machine's clock to be ahead, in milliseconds.
 * One faulty answer is enough for an uncertain fault.
 */
export function faultFrom(
  readings: readonly number[],
  faultOf: (aheadMs: number) => string | undefined,
): TimeFault | undefined {
  const faults = readings.map(faultOf);
  const message = faults.findLast((fault) => fault !== undefined);
  if (message === undefined) return undefined;
  return { message, certain: faults.length > 1 && !faults.includes(undefined) };
}

/**
 * A draft without the actions that a wrong time makes harmful. Nothing is purged or lowered. Tables are still created
 * while the fault is uncertain, because a missing table is worse than an extra one. If a table is not created, its
 * other actions are held too.
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
