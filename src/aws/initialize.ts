import {
  CreateTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { ServiceError } from '../core/failure.ts';
import type { Initialized } from '../ports.ts';
import { translate } from './errors.ts';
import { HISTORY_EXPIRES_AT } from './history-items.ts';

/**
 * Creates the state table if it does not exist, and turns its time to live on if it is off.
 * @throws ServiceError `refused` if time to live has another attribute, and what the SDK throws
 */
export async function initialize(client: DynamoDBClient, TableName: string): Promise<Initialized> {
  const created = await client
    .send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'Kind', AttributeType: 'S' },
          { AttributeName: 'Id', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'Kind', KeyType: 'HASH' },
          { AttributeName: 'Id', KeyType: 'RANGE' },
        ],
        DeletionProtectionEnabled: true,
      }),
    )
    .then(() => true)
    .catch((error: unknown) => {
      if (translate(error).code === 'in-use') return false;
      throw error;
    });
  await waitUntilTableExists({ client, maxWaitTime: 120, minDelay: 0.1, maxDelay: 5 }, { TableName });
  const timeToLiveEnabled = await enableTimeToLive(client, TableName).catch((error: unknown) => {
    const { code, message } = translate(error);
    const standing = `The state table ${TableName} exists, but time to live could not be turned on: ${message}`;
    throw new ServiceError(code, standing, { cause: error });
  });
  return { created, timeToLiveEnabled };
}

/** Returns whether it was off. */
async function enableTimeToLive(client: DynamoDBClient, TableName: string): Promise<boolean> {
  const { TimeToLiveDescription: { TimeToLiveStatus: status, AttributeName: attribute } = {} } =
    await client.send(new DescribeTimeToLiveCommand({ TableName }));
  if (status === 'ENABLED' || status === 'ENABLING') {
    if (attribute === HISTORY_EXPIRES_AT) return false;
    throw new ServiceError(
      'refused',
      `It is on for the attribute ${attribute}. Turn it off, wait an hour, and run the command again, so that it can be on for ${HISTORY_EXPIRES_AT}.`,
    );
  }
  const TimeToLiveSpecification = { AttributeName: HISTORY_EXPIRES_AT, Enabled: true };
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  return true;
}
