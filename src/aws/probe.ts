/** Calls that show whether something is allowed, and that change nothing, whatever AWS answers. */
import { randomUUID } from 'node:crypto';
import {
  BatchWriteItemCommand,
  CreateBackupCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  ExportTableToPointInTimeCommand,
  PutItemCommand,
  RestoreTableFromBackupCommand,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { archivePrefix } from '../core/archives.ts';
import { stateTableName } from '../core/calendar/naming.ts';
import type { Probe } from '../core/doctor/writes.ts';
import { isFailure } from '../core/failure.ts';
import { ownershipTags } from '../core/guards/ownership.ts';
import type { ProbeTarget } from '../ports.ts';
import { type CallLimits, limitCalls } from './call-limits.ts';
import { notingOperations } from './error-words.ts';
import { translate } from './errors.ts';
import { key } from './state-records.ts';

/** No record has this id. */
const NO_ID = '(doctor)';
/** No record has an id and has none. */
const NEVER = 'attribute_exists(Id) AND attribute_not_exists(Id)';
/** The form of a backup's ARN, with an id that no backup has. */
const NO_BACKUP = 'backup/01000000000000-00000000';

type DynamoProbe = Exclude<Probe, { call: 'publish' }>;

/** What the calls are about. */
interface Names {
  readonly environment: string;
  readonly state: string;
  /** A table of the environment, which might not exist. */
  readonly sample: string;
  readonly sampleArn: string;
  /** A table that does not exist. */
  readonly absent: string;
  readonly archive: ProbeTarget['archive'];
  /** The kind of a record. */
  readonly kind: string;
}

/** The call of each probe of DynamoDB. */
const calls: Readonly<
  Record<DynamoProbe['call'], (client: DynamoDBClient, names: Names) => Promise<unknown>>
> = {
  put: (client, { state, kind }) => {
    const Item = key(kind, NO_ID);
    return client.send(new PutItemCommand({ TableName: state, Item, ConditionExpression: NEVER }));
  },
  delete: (client, { state, kind }) => {
    const Key = key(kind, NO_ID);
    return client.send(new DeleteItemCommand({ TableName: state, Key, ConditionExpression: NEVER }));
  },
  batch: (client, { state, kind }) => {
    const DeleteRequest = { Key: key(kind, NO_ID) };
    return client.send(new BatchWriteItemCommand({ RequestItems: { [state]: [{ DeleteRequest }] } }));
  },
  'create-table': (client, { environment, absent }) =>
    client.send(
      new CreateTableCommand({
        TableName: absent,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'Undefined', KeyType: 'HASH' }],
        Tags: tagsOf(environment),
      }),
    ),
  'delete-index': (client, { sample }) => {
    const Delete = { IndexName: `doctor-${randomUUID()}` };
    return client.send(
      new UpdateTableCommand({ TableName: sample, GlobalSecondaryIndexUpdates: [{ Delete }] }),
    );
  },
  tag: (client, { environment, sample, sampleArn, absent }) => {
    const ResourceArn = sampleArn.replace(sample, absent);
    return client.send(new TagResourceCommand({ ResourceArn, Tags: tagsOf(environment) }));
  },
  'time-to-live': (client, { absent }) => {
    const TimeToLiveSpecification = { AttributeName: 'ExpiresAt', Enabled: true };
    return client.send(new UpdateTimeToLiveCommand({ TableName: absent, TimeToLiveSpecification }));
  },
  recovery: (client, { absent }) => {
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    return client.send(
      new UpdateContinuousBackupsCommand({ TableName: absent, PointInTimeRecoverySpecification }),
    );
  },
  'back-up': (client, { absent }) =>
    client.send(new CreateBackupCommand({ TableName: absent, BackupName: 'doctor' })),
  export: (client, { sample, sampleArn, absent, archive }) => {
    const TableArn = sampleArn.replace(sample, absent);
    const place = { S3Bucket: archive?.bucket ?? absent, S3Prefix: archivePrefix(archive ?? {}, absent) };
    return client.send(new ExportTableToPointInTimeCommand({ TableArn, ...place }));
  },
  restore: (client, { sample, sampleArn }) => {
    const BackupArn = `${sampleArn}/${NO_BACKUP}`;
    return client.send(new RestoreTableFromBackupCommand({ BackupArn, TargetTableName: sample }));
  },
};

const tagsOf = (environment: string) => [{ Key: ownershipTags.environment, Value: environment }];

/** @throws ServiceError if the call is denied, or AWS does not answer */
export async function probeDynamo(
  probe: DynamoProbe,
  { tableArn, environment, archive }: ProbeTarget,
  settings: DynamoDBClientConfig,
  limits: CallLimits,
): Promise<void> {
  const client = limitCalls(notingOperations(new DynamoDBClient({ ...settings, maxAttempts: 1 })), limits);
  const names: Names = {
    environment,
    state: stateTableName(environment),
    sample: tableArn.slice(tableArn.lastIndexOf('/') + 1),
    sampleArn: tableArn,
    absent: `${environment}.doctor-${randomUUID()}`,
    archive,
    kind: 'kind' in probe ? probe.kind : '',
  };
  try {
    await allowed(() => calls[probe.call](client, names));
  } finally {
    client.destroy();
  }
}

/** Resolves if AWS has not denied the call. That it rejects the call for another reason is what a probe wants. */
export async function allowed(call: () => Promise<unknown>): Promise<void> {
  await call().catch((error: unknown) => {
    const failure = translate(error);
    if (isFailure(failure, 'access-denied') || isFailure(failure, 'throttled')) throw failure;
    const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode ?? 0;
    if (status < 400 || status >= 500) throw failure;
  });
}
