import { stateTableName } from '../core/calendar/naming.ts';
import type { Ports } from '../ports.ts';

/** Where a command acts. */
export interface Place {
  readonly region: string;
  /** undefined if neither STS nor DynamoDB told it. */
  readonly account?: string;
}

/**
 * Asks where calls go to. If STS cannot be reached, as in a network without a way to it, the ARN of the state table names the
 * account.
 * @throws ServiceError `refused` if no region is set
 */
export async function placeOf(ports: Ports, environment: string): Promise<Place> {
  const { caller } = ports;
  if (!caller) throw new Error('The ports have no caller.');
  const region = await caller.region();
  const account =
    (await caller.identity().catch(() => undefined))?.account ?? (await accountOfState(ports, environment));
  return { region, ...(account !== undefined && { account }) };
}

/** arn:aws:dynamodb:<region>:<account>:table/<name> */
async function accountOfState({ tables }: Ports, environment: string): Promise<string | undefined> {
  const state = await tables.describe(stateTableName(environment)).catch(() => undefined);
  return state?.arn.split(':')[4];
}
