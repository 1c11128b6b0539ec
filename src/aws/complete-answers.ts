/** An answer without what AWS always sends is an error. It never means that nothing is there, or that a call succeeded. */
import { ServiceError } from '../core/failure.ts';

/**
 * What the answer of each operation always has, also if it is empty: paths of members. `no body`: AWS sends none. Of PutItem
 * and DeleteItem, AWS sends an object, which can be empty.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations.html
 */
const always: Readonly<Record<string, readonly string[] | 'no body'>> = {
  BatchGetItem: ['Responses', 'UnprocessedKeys'],
  BatchWriteItem: ['UnprocessedItems'],
  CreateEventSourceMapping: ['UUID', 'State'],
  CreateBackup: ['BackupDetails'],
  CreateTable: ['TableDescription'],
  DeleteEventSourceMapping: ['UUID', 'State'],
  DeleteItem: [],
  DeleteMessage: 'no body',
  DeleteTable: ['TableDescription'],
  DescribeBackup: ['BackupDescription.BackupDetails'],
  DescribeBulkOperation: ['BulkOperationDescription.BulkOperationStatus'],
  DescribeContinuousBackups: ['ContinuousBackupsDescription.ContinuousBackupsStatus'],
  DescribeExport: ['ExportDescription.ExportArn', 'ExportDescription.ExportStatus'],
  DescribeKinesisStreamingDestination: ['KinesisDataStreamDestinations'],
  DescribeLimits: [
    'AccountMaxReadCapacityUnits',
    'AccountMaxWriteCapacityUnits',
    'TableMaxReadCapacityUnits',
    'TableMaxWriteCapacityUnits',
  ],
  DescribeTable: ['Table.TableName', 'Table.TableStatus'],
  DescribeTimeToLive: ['TimeToLiveDescription.TimeToLiveStatus'],
  EnableKinesisStreamingDestination: ['DestinationStatus'],
  ExportTableToPointInTime: ['ExportDescription.ExportArn'],
  GetCallerIdentity: ['Arn'],
  GetEventSourceMapping: ['UUID', 'State'],
  GetMetricData: ['MetricDataResults'],
  ListEventSourceMappings: ['EventSourceMappings'],
  ListBackups: ['BackupSummaries'],
  ListExports: ['ExportSummaries'],
  ListTables: ['TableNames'],
  ListTagsOfResource: ['Tags'],
  Publish: ['MessageId'],
  PutItem: [],
  Query: ['Items'],
  RestoreTableFromBackup: ['TableDescription'],
  Scan: ['Count'],
  SendMessageBatch: ['Successful'],
  StartBulkPutItems: [
    'BulkOperationDescription.BulkOperationArn',
    'BulkOperationDescription.BulkOperationStatus',
  ],
  TagResource: 'no body',
  UpdateContinuousBackups: ['ContinuousBackupsDescription'],
  UpdateTable: ['TableDescription'],
  UpdateTimeToLive: ['TimeToLiveSpecification'],
};

/** What DescribeTable always has of a table that is not DELETING. */
const ofTable: readonly string[] = [
  'Table.TableArn',
  'Table.TableId',
  'Table.CreationDateTime',
  'Table.KeySchema',
  'Table.ProvisionedThroughput',
];

/** The part of the SDK's middleware that this file uses. */
interface Answering {
  readonly middlewareStack: {
    add(middleware: never, options: { step: 'deserialize'; priority: 'high'; name: string }): void;
  };
}

interface Answered {
  readonly output: object;
  /** Node's stream, after the SDK has read it. */
  readonly response: { readonly statusCode?: number; readonly body?: { readonly readableDidRead?: boolean } };
}

type Next = (args: unknown) => Promise<Answered>;

/** A client that throws if an answer lacks what AWS always sends. Changes the client. */
export function rejectingIncomplete<C extends Answering>(client: C): C {
  const middleware =
    (go: Next, { commandName = '' }: { commandName?: string }) =>
    async (args: unknown) => {
      const answered = await go(args);
      const operation = commandName.replace(/Command$/, '');
      const expected = always[operation];
      if (!expected) throw new Error(`complete-answers.ts does not list ${operation}.`);
      const lack = lackOf(expected, answered);
      if (lack === undefined) return answered;
      throw new ServiceError(
        'unavailable',
        `${operation} got ${lack} (HTTP ${answered.response.statusCode}). If this happens again, check AWS_ENDPOINT_URL and proxies.`,
      );
    };
  client.middlewareStack.add(middleware as never, {
    step: 'deserialize',
    priority: 'high',
    name: 'rejectingIncomplete',
  });
  return client;
}

function lackOf(expected: readonly string[] | 'no body', { output, response }: Answered): string | undefined {
  if (expected === 'no body') return undefined;
  if (response.body?.readableDidRead === false) return 'an empty answer';
  const { Table } = output as { readonly Table?: { readonly TableStatus?: string } };
  const all = Table && Table.TableStatus !== 'DELETING' ? [...expected, ...ofTable] : expected;
  const missing = all.find((path) => !has(output, path.split('.')));
  return missing === undefined ? undefined : `an answer without ${missing}`;
}

const has = (value: unknown, [first, ...rest]: readonly string[]): boolean => {
  if (first === undefined) return value !== undefined && value !== null;
  return value instanceof Object && has((value as Record<string, unknown>)[first], rest);
};
