import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Region, credentials and endpoints come from where the SDK always takes them. */
export function awsClients(): { dynamodb: DynamoDBClient; cloudwatch: CloudWatchClient } {
  return { dynamodb: new DynamoDBClient({}), cloudwatch: new CloudWatchClient({}) };
}
