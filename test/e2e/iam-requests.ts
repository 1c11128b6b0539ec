/** What IAM is asked for the calls of the SDK, as the service authorization reference lists it. */
import { type OneOrMany, type Request, sample } from './template-iam.ts';

type Input = Record<string, unknown>;
type Tags = Readonly<Record<string, string>>;

/**
 * The IAM requests of a call. CreateTable with tags also requests TagResource. It remembers the tags of tables, with which IAM
 * evaluates later calls. `topicOf` is the resource of a topic's ARN: in a template it is the id of the topic.
 */
export function iamRequests(
  topicOf = (arn: string) => arn,
): (operation: string, input: Input, region?: string) => Request[] {
  const tagsOf = new Map<string, Tags>();
  /** The regions of the replicas that a table has had. */
  const regionsOf = new Map<string, Set<string>>();
  return function requestsOf(operation: string, input: Input, region: string = sample.region): Request[] {
    // AWS answers it without a permission.
    if (operation === 'GetCallerIdentity') return [];
    if (operation === 'GetObject' || operation === 'PutObject') return objectRequests(operation, input);
    if (operation === 'ListObjectsV2')
      return [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${input.Bucket}` }];
    if (operation === 'ExportTableToPointInTime') return exportRequests(input);
    if (operation === 'StartBulkPutItems') return loadRequests(input);
    if (operation === 'DescribeBulkOperation')
      return [{ action: `dynamodb:${operation}`, resource: ofSample(String(input.BulkOperationArn)) }];
    if (operation === 'DescribeExport')
      return [{ action: `dynamodb:${operation}`, resource: ofSample(String(input.ExportArn)) }];
    if (input.QueueUrl !== undefined) return [queueRequest(operation, String(input.QueueUrl))];
    if (operation === 'Publish')
      return [{ action: 'sns:Publish', resource: topicOf(String(input.TopicArn)) }];
    if (operation === 'GetMetricData') return [{ action: 'cloudwatch:GetMetricData', resource: '*' }];
    if (operation === 'DescribeAlarms')
      return [
        {
          action: 'cloudwatch:DescribeAlarms',
          resource: `arn:aws:cloudwatch:${sample.region}:${sample.account}:alarm:*`,
        },
      ];
    if (operation === 'DescribeScalableTargets')
      return [{ action: `application-autoscaling:${operation}`, resource: '*' }];
    if (operation.endsWith('Mapping') || operation.endsWith('Mappings'))
      return [mappingRequest(operation, input)];
    const [batched] = Object.keys((input.RequestItems ?? {}) as Input);
    const named = (batched ?? input.TableName ?? input.ResourceArn ?? input.BackupArn) as string | undefined;
    if (named === undefined || operation === 'ListBackups')
      return [{ action: `dynamodb:${operation}`, resource: '*' }];
    const table = named.slice(named.indexOf('/') + 1);
    const arnIn = (place: string) => `arn:aws:dynamodb:${place}:${sample.account}:table/${table}`;
    const resource = arnIn(region);
    const ofTable = `${region} ${table}`;
    const { ReplicaUpdates = [] } = input as { readonly ReplicaUpdates?: readonly ReplicaUpdate[] };
    for (const { Create } of ReplicaUpdates)
      if (Create) regionsOf.set(table, (regionsOf.get(table) ?? new Set()).add(Create.RegionName));
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2gt_IAM.html: UpdateTimeToLive in all regions.
    const everywhere = operation === 'UpdateTimeToLive' ? [...(regionsOf.get(table) ?? [])] : [];
    const replicas = replicaRequests(ReplicaUpdates, arnIn, (place) => tagsOf.get(`${place} ${table}`));
    if (operation === 'EnableKinesisStreamingDestination') {
      const stream = `arn:aws:kinesis:${sample.region}:${sample.account}:stream/${String(input.StreamArn).split('/')[1]}`;
      return [
        { action: `dynamodb:${operation}`, resource },
        { action: 'kinesis:ListStreams', resource: '*' },
        { action: 'kinesis:DescribeStream', resource: stream },
        { action: 'kinesis:PutRecords', resource: stream },
      ];
    }
    if (operation === 'RestoreTableFromBackup')
      return restoreRequests(resource, String(input.TargetTableName));
    const tags = input.Tags as { Key: string; Value: string }[] | undefined;
    if (tags && (operation === 'CreateTable' || operation === 'TagResource')) {
      tagsOf.set(ofTable, {
        ...tagsOf.get(ofTable),
        ...Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
      });
      const requested = tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value]);
      const context = { ...Object.fromEntries(requested), 'aws:TagKeys': tags.map(({ Key }) => Key) };
      const asked = [{ action: 'dynamodb:TagResource', resource, context }];
      return operation === 'TagResource'
        ? asked
        : [{ action: 'dynamodb:CreateTable', resource, context }, ...asked];
    }
    return [
      { action: `dynamodb:${operation}`, resource, context: contextOf(input, tagsOf.get(ofTable)) },
      ...replicas,
      ...everywhere.map((place) => ({ action: `dynamodb:${operation}`, resource: arnIn(place) })),
    ];
  };
}

type ReplicaUpdate = Partial<Record<'Create' | 'Delete', { readonly RegionName: string }>>;

/** What DynamoDB asks in the region of a replica: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2gt_IAM.html */
function replicaRequests(
  updates: readonly ReplicaUpdate[],
  arnIn: (region: string) => string,
  tagsIn: (region: string) => Tags | undefined,
): Request[] {
  return updates.flatMap(({ Create, Delete }) => {
    const place = (Create ?? Delete)!.RegionName;
    const actions = Create
      ? [
          ...['CreateTable', 'CreateTableReplica', 'Query', 'Scan', 'UpdateItem', 'PutItem', 'GetItem'],
          ...['DeleteItem', 'BatchWriteItem'],
        ]
      : ['DeleteTable', 'DeleteTableReplica'];
    const context = Delete ? contextOf({}, tagsIn(place)) : {};
    return actions.map((action) => ({ action: `dynamodb:${action}`, resource: arnIn(place), context }));
  });
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: a missing object is denied without ListBucket. It is requested
 * here even if the object exists.
 */
function objectRequests(operation: string, { Bucket, Key, VersionId }: Input): Request[] {
  const bucket = `arn:aws:s3:::${Bucket}`;
  const resource = `${bucket}/${Key}`;
  if (operation === 'PutObject') return [{ action: 's3:PutObject', resource }];
  // Purge may not list the bucket of an archive, so a manifest that does not exist counts as unreadable.
  if (String(Key).endsWith('manifest-summary.json')) return [{ action: 's3:GetObject', resource }];
  if (VersionId !== undefined) return [{ action: 's3:GetObjectVersion', resource }];
  return [
    { action: 's3:GetObject', resource },
    { action: 's3:ListBucket', resource: bucket },
  ];
}

/** An ARN of the embedded AWS, in the region and account of templates. */
const ofSample = (arn: string): string =>
  `arn:aws:dynamodb:${sample.region}:${sample.account}:${arn.slice(arn.indexOf('table/'))}`;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html */
function exportRequests({ TableArn, S3Bucket, S3Prefix }: Input): Request[] {
  const objects = `arn:aws:s3:::${S3Bucket}/${S3Prefix}/AWSDynamoDB/01764000000000-0a1b2c3d/data/0.json.gz`;
  return [
    { action: 'dynamodb:ExportTableToPointInTime', resource: ofSample(String(TableArn)) },
    ...['PutObject', 'PutObjectAcl', 'AbortMultipartUpload'].map((action) => ({
      action: `s3:${action}`,
      resource: objects,
    })),
  ];
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/BulkPutItems.Considerations.html */
function loadRequests({ TableName, InputS3Configuration, OutputS3Configuration }: Input): Request[] {
  const { S3Bucket, S3KeyPrefix } = InputS3Configuration as Input;
  const bucket = `arn:aws:s3:::${S3Bucket}`;
  const errors = (OutputS3Configuration as Input).S3KeyPrefix;
  return [
    { action: 'dynamodb:StartBulkPutItems', resource: ofSample(`table/${TableName}`) },
    { action: 's3:ListBucket', resource: bucket },
    { action: 's3:GetObject', resource: `${bucket}/${S3KeyPrefix}0.json.gz` },
    { action: 's3:PutObject', resource: `${bucket}/${errors}/0/errors.json` },
  ];
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html */
function restoreRequests(backup: string, target: string): Request[] {
  const table = `arn:aws:dynamodb:${sample.region}:${sample.account}:table/${target}`;
  const writing = ['BatchWriteItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'GetItem', 'Query', 'Scan'];
  return [
    ...[backup, table].map((resource) => ({ action: 'dynamodb:RestoreTableFromBackup', resource })),
    ...writing.map((action) => ({ action: `dynamodb:${action}`, resource: table })),
  ];
}

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html: a batch needs the permission of one message. The
 * URL ends with the name of the queue, which is the id of the resource in a test.
 */
const queueRequest = (operation: string, url: string): Request => ({
  action: `sqs:${operation.replace('Batch', '')}`,
  resource: `${url.split('/').at(-1)}.Arn`,
});

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
function mappingRequest(operation: string, { FunctionName, UUID }: Input): Request {
  const action = `lambda:${operation}`;
  const arn = (name: string) => `arn:aws:lambda:${sample.region}:${sample.account}:function:${name}`;
  if (operation === 'ListEventSourceMappings') return { action, resource: '*' };
  if (UUID === undefined)
    return { action, resource: '*', context: { 'lambda:FunctionArn': arn(String(FunctionName)) } };
  const resource = `arn:aws:lambda:${sample.region}:${sample.account}:event-source-mapping:${UUID}`;
  return { action, resource, context: { 'lambda:FunctionArn': arn('visits-production') } };
}

function contextOf(input: Input, known: Tags = {}): Record<string, OneOrMany> {
  const tags = Object.entries(known).map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
  const item = (input.Item ?? input.Key) as { Kind?: { S: string } } | undefined;
  const values = input.ExpressionAttributeValues as { ':kind'?: { S: string } } | undefined;
  const kind = item?.Kind?.S ?? values?.[':kind']?.S;
  const kinds = kind === undefined ? batchedKinds(input) : [kind];
  return { ...Object.fromEntries(tags), ...(kinds.length > 0 && { 'dynamodb:LeadingKeys': kinds }) };
}

/** The kinds of the records that a BatchWriteItem writes or deletes, or that a BatchGetItem reads.. Items of other tables have none. */
function batchedKinds({ RequestItems = {} }: Input): string[] {
  type Keyed = { readonly Kind?: { readonly S: string } };
  type Write = { readonly PutRequest?: { Item: Keyed }; readonly DeleteRequest?: { Key: Keyed } };
  type Read = { readonly Keys: readonly Keyed[] };
  const all = Object.values(RequestItems as Record<string, Write[] | Read>);
  const read = all.flatMap((one) => ('Keys' in one ? one.Keys.flatMap(({ Kind }) => Kind?.S ?? []) : []));
  const writes = all.flatMap((one) => ('Keys' in one ? [] : one));
  if (read.length > 0) return [...new Set(read)];
  const kindOf = ({ PutRequest, DeleteRequest }: Write) => (PutRequest?.Item ?? DeleteRequest?.Key)?.Kind?.S;
  return [...new Set(writes.flatMap((write) => kindOf(write) ?? []))];
}
