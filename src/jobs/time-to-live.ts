import { isFailure, Superseded } from '../core/failure.ts';
import type { Action } from '../core/plan.ts';
import type { Ports } from '../ports.ts';
import { activeTable } from './active.ts';

/** Another change in the last hour, which DescribeTimeToLive no longer shows. */
const tooSoon = /multiple times|fixed interval/i;

/**
 * Enables or disables time to live, unless an earlier try without an answer has. DynamoDB accepts one change per hour.
 * @throws ServiceError, and Superseded if the last change was less than an hour ago
 */
export async function setTimeToLive(
  { table, attribute, enabled }: Extract<Action, { kind: 'time-to-live' }>,
  ports: Ports,
): Promise<void> {
  const { tables } = ports;
  await activeTable(table, ports);
  try {
    await tables.setTimeToLive(table, attribute, enabled);
  } catch (error) {
    if (!isFailure(error, 'refused')) throw error;
    const { attribute: current, changing } = await tables.timeToLive(table);
    if (current === (enabled ? attribute : undefined)) return;
    if (!changing && !tooSoon.test(error.message)) throw error;
    throw new Superseded(
      'DynamoDB accepts one change of Time to Live per hour. A run after that hour changes it.',
      { cause: error },
    );
  }
}
