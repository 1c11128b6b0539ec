import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type CallLimits, limitCalls, usualLimits } from './call-limits.ts';
import { rejectingIncomplete } from './complete-answers.ts';
import { keptConnections } from './connections.ts';
import { notingOperations } from './error-words.ts';
import { translate } from './errors.ts';
import { pacing } from './pace.ts';

/** Tries of a call. The SDK's own default differs by service and version. A run repeats what failed after all others. */
const ATTEMPTS = 3;

/** For calls that AWS limits to about 10 per second in the whole account. Other callers need some of them. */
const LIMITED = { attempts: 10, perSecond: 8 } as const;

export interface AwsClients {
  readonly dynamodb: DynamoDBClient;
  /** For calls that AWS limits to a few per second. It slows down by itself, without slowing other calls. */
  readonly limited: DynamoDBClient;
  /** For calls that the caller repeats by itself, in an order that repetitions of the SDK would delay. */
  readonly once: DynamoDBClient;
  readonly cloudwatch: CloudWatchClient;
}

/** The region and the profile that a person named. What is undefined comes from the SDK's usual sources. */
export interface Chosen {
  readonly region?: string;
  readonly profile?: string;
}

/** SDK clients. `workers`: how many processes share the account's quotas. Region, credentials and endpoints come from the SDK's usual sources, but not retries or timeouts. */
export function awsClients(
  limits: CallLimits = usualLimits,
  perSecond: number = LIMITED.perSecond,
  chosen: Chosen = {},
  workers = 1,
): AwsClients {
  const common = { ...keptSettings(limits), ...chosen };
  const isThrottled = (error: unknown) => translate(error).code === 'throttled';
  const prepared = <C extends DynamoDBClient | CloudWatchClient>(client: C): C =>
    limitCalls(notingOperations(rejectingIncomplete(client)), limits);
  const limited = new DynamoDBClient({ ...common, maxAttempts: LIMITED.attempts });
  return {
    dynamodb: prepared(new DynamoDBClient(common)),
    limited: prepared(pacing(limited, perSecond / workers, isThrottled)),
    once: prepared(new DynamoDBClient({ ...clientSettings(limits), ...chosen, maxAttempts: 1 })),
    cloudwatch: prepared(new CloudWatchClient(common)),
  };
}

/** The settings of every SDK client. */
export function clientSettings({ connectMs, silenceMs }: CallLimits) {
  const requestHandler = {
    connectionTimeout: connectMs,
    requestTimeout: silenceMs,
    socketTimeout: silenceMs,
    // Otherwise the SDK only warns.
    throwOnRequestTimeout: true,
  };
  return { requestHandler, retryMode: 'standard', maxAttempts: ATTEMPTS };
}

/** Those of a client that uses the connections of earlier runs. It has to try again, because they can be broken. */
export function keptSettings(limits: CallLimits) {
  const own = clientSettings(limits);
  return { ...own, requestHandler: { ...own.requestHandler, ...keptConnections() } };
}
