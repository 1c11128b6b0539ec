import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Enough attempts for a burst of calls: the SDK learns the allowed rate while its calls are throttled. */
const LIMITED_ATTEMPTS = 10;

/** A hanging call has to fail before its lease ends. Without `throwOnRequestTimeout`, the SDK only warns. */
const requestHandler = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/** SDK clients. Region, credentials and endpoints come from the SDK's usual sources. */
export function awsClients(): {
  dynamodb: DynamoDBClient;
  /** For calls that AWS limits to a few per second. This client slows down by itself, without slowing other calls. */
  limited: DynamoDBClient;
  cloudwatch: CloudWatchClient;
} {
  return {
    dynamodb: new DynamoDBClient({ requestHandler }),
    limited: new DynamoDBClient({ requestHandler, retryMode: 'adaptive', maxAttempts: LIMITED_ATTEMPTS }),
    cloudwatch: new CloudWatchClient({ requestHandler }),
  };
}
