/** Which hosts calls of DynamoDB go to, by what the SDK makes of its settings, and whether they answer. */
import {
  DynamoDBClient,
  type DynamoDBClientConfig,
  ListTablesCommand,
  ListTagsOfResourceCommand,
} from '@aws-sdk/client-dynamodb';
import type { Host } from '../core/facts.ts';
import { type CallLimits, limitCalls } from './call-limits.ts';
import { notingOperations } from './error-words.ts';
import { translate } from './errors.ts';

/**
 * Sends a call that names no table, and one that names a table by its ARN. Without an account in the credentials, only the
 * second goes to the host of the account. Without an ARN, only the first is sent. @throws what the SDK throws if it finds no host, as without a region
 */
export async function hostsOf(
  tableArn: string | undefined,
  settings: DynamoDBClientConfig,
  limits: CallLimits,
): Promise<Host[]> {
  const client = limitCalls(notingOperations(new DynamoDBClient({ ...settings, maxAttempts: 1 })), limits);
  const seen = notingHosts(client);
  const found = new Map<string, Host>();
  for (const command of [
    new ListTablesCommand({ Limit: 1 }),
    ...(tableArn === undefined ? [] : [new ListTagsOfResourceCommand({ ResourceArn: tableArn })]),
  ]) {
    const error = await (client.send as (one: typeof command) => Promise<unknown>)(command).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const { name, answered } = seen();
    if (name === undefined) throw error;
    // One answer shows that the host can be reached.
    if (answered) found.set(name, { name });
    else if (!found.has(name)) found.set(name, { name, error: translate(error).message });
  }
  client.destroy();
  return [...found.values()];
}

/** The host of the last call, and whether it gave an answer of HTTP. */
function notingHosts(client: DynamoDBClient): () => { name: string | undefined; answered: boolean } {
  let last: { name: string | undefined; answered: boolean } = { name: undefined, answered: false };
  client.middlewareStack.add(
    (next) => async (args) => {
      const { hostname } = args.request as { hostname?: string };
      last = { name: hostname, answered: false };
      const answered = await next(args);
      last = { name: hostname, answered: true };
      return answered;
    },
    // Behind the parser of answers, which throws the errors of AWS.
    { step: 'deserialize', priority: 'low', name: 'notingHosts' },
  );
  return () => last;
}
