import type { Observed } from '../observed.ts';
import type { Draft } from '../plan.ts';
import { createsAndRaises } from './lease.ts';

/**
 * What a run may do if a newer version of Turntable has written to the state table. This version does not know what the
 * records mean, so it creates missing tables and raises capacity, and holds everything else.
 */
export function withoutNewerState(draft: Draft, { newerState }: Observed): Draft {
  return newerState === undefined ? draft : createsAndRaises(draft, 'newer-state', newerState);
}
