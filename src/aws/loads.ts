import {
  type BulkOperationDescription,
  DescribeBulkOperationCommand,
  type DynamoDBClient,
  StartBulkPutItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { BulkLoad } from '../core/archives.ts';
import type { LoadClient } from '../ports.ts';
import { ifThere, translated } from './errors.ts';

/**
 * Loads of items from S3: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/BulkPutItems.Requesting.html
 * `open` is called with the first call.
 */
export function awsLoads(open: () => DynamoDBClient): LoadClient {
  let opened: DynamoDBClient | undefined;
  const client = () => (opened ??= open());
  return {
    async start(TableName, { token: ClientToken, bucket: S3Bucket, prefix, format, errorsPrefix }) {
      const answer = await translated(() =>
        client().send(
          new StartBulkPutItemsCommand({
            TableName,
            ClientToken,
            InputS3Configuration: {
              S3Bucket,
              S3KeyPrefix: prefix,
              InputFormat: format,
              InputCompressionType: 'GZIP',
            },
            OutputS3Configuration: { S3Bucket, S3KeyPrefix: errorsPrefix, OutputType: ['ERROR'] },
          }),
        ),
      );
      return loadFrom(answer.BulkOperationDescription);
    },
    async describe(BulkOperationArn) {
      const answer = await ifThere(() =>
        client().send(new DescribeBulkOperationCommand({ BulkOperationArn })),
      );
      return answer && loadFrom(answer.BulkOperationDescription);
    },
  };
}

const known = ['IN_PROGRESS', 'COMPLETED', 'COMPLETED_WITH_ERRORS', 'FAILED'] as const;

/** A missing value becomes one with which the load does not count as complete. */
function loadFrom(found: BulkOperationDescription = {}): BulkLoad {
  const why = [found.FailureCode, found.FailureMessage].filter(Boolean).join(': ');
  const status = known.find((one) => one === found.BulkOperationStatus);
  return {
    arn: found.BulkOperationArn ?? '',
    // A load that a person cancels ends in another status.
    status: status ?? (found.EndTime ? 'FAILED' : 'IN_PROGRESS'),
    processed: found.ProcessedItemCount ?? 0,
    failed: found.FailedItemCount ?? 0,
    ...(why && { failure: why }),
  };
}
