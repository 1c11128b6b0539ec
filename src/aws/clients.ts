import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Tries enough to outlast a burst: the SDK learns the rate that is allowed while it is refused. */
const LIMITED_ATTEMPTS = 10;

/** A call that hangs must end well within the grace that a lease gives: without the switch the SDK only warns. */
const requestHandler = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/** Region, credentials and endpoints come from where the SDK always takes them. */
export function awsClients(): {
  dynamodb: DynamoDBClient;
  /** For calls that AWS limits to a few a second: it slows down by itself, and nothing else with it. */
  limited: DynamoDBClient;
  cloudwatch: CloudWatchClient;
} {
  return {
    dynamodb: new DynamoDBClient({ requestHandler }),
    limited: new DynamoDBClient({ requestHandler, retryMode: 'adaptive', maxAttempts: LIMITED_ATTEMPTS }),
    cloudwatch: new CloudWatchClient({ requestHandler }),
  };
}
