import { Observed } from '../core/observed.ts';
import { recordOf } from '../core/purging/retention.ts';
import { type Confirmation, planConfirmation } from '../core/requests/confirm.ts';
import type { Config, Spec } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { sayHeld, withLease } from './lease.ts';
import { LONGEST_RUN_MS } from './run-times.ts';

/**
 * Finds what the confirmation of a group's retention changes at `now`, epoch milliseconds. Changes nothing.
 * @throws ServiceError if the tables or the state table cannot be read
 */
export async function surveyConfirmation(
  config: Config,
  spec: Spec,
  { tables, state }: Ports,
  now: number,
): Promise<Confirmation> {
  const [names, retentions] = await Promise.all([tables.list(), state.retentions()]);
  return planConfirmation(config, spec, new Observed(names, [], [], new Map(), { retentions }), now);
}

/**
 * Puts the retention of a spec in force. No run of purge is in progress meanwhile, because it would store what it read
 * before. Returns why nothing was confirmed; undefined if it was.
 * @throws ServiceError
 */
export async function confirmRetention(spec: Spec, ports: Ports, owner: string): Promise<string | undefined> {
  const end = ports.clock.now() + LONGEST_RUN_MS;
  const answer = await withLease(ports, { job: 'purge', owner }, end, () =>
    ports.state.recordRetention(spec.name, recordOf(spec, ports.clock.now())),
  );
  return answer.granted ? answer.unreleased : sayHeld('purge', answer);
}
