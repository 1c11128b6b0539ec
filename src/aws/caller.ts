import type { STSClient } from '@aws-sdk/client-sts';
import { ServiceError } from '../core/failure.ts';
import type { Caller } from '../ports.ts';
import { type CallLimits, limitCalls, usualLimits } from './call-limits.ts';
import { type Chosen, clientSettings } from './clients.ts';
import { notingOperations } from './error-words.ts';
import { translated } from './errors.ts';

/** What is used of the SDK's STS client. */
export type StsSdk = Pick<typeof import('@aws-sdk/client-sts'), 'GetCallerIdentityCommand' | 'STSClient'>;

/** A network can have no way to STS. Commands then do without, so they do not wait long for it. */
const BRIEF: CallLimits = { ...usualLimits, callMs: 10_000 };

/**
 * The caller by STS. The region follows the same rule as that of the other clients. `load` is called with the first use, so
 * that a client that loads late costs nothing.
 */
export function awsCaller(
  load: () => Promise<StsSdk> | StsSdk,
  chosen: Chosen = {},
  limits: CallLimits = BRIEF,
): Caller {
  let client: STSClient | undefined;
  const connected = async (sdk: StsSdk): Promise<STSClient> => {
    const settings = { ...clientSettings(limits), maxAttempts: 1, ...chosen };
    client ??= limitCalls(notingOperations(new sdk.STSClient(settings)), limits);
    return client;
  };
  return {
    region: () => translated(async () => (await connected(await load())).config.region()),
    identity: () =>
      translated(async () => {
        const sdk = await load();
        const sts = await connected(sdk);
        const { Account: account, Arn: arn } = await sts.send(new sdk.GetCallerIdentityCommand({}));
        if (!account || !arn) throw new ServiceError('unavailable', 'STS did not say who calls AWS.');
        return { account, arn };
      }),
  };
}
