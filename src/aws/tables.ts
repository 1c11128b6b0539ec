import {
  type ApproximateCreationDateTimePrecision,
  type CreateReplicationGroupMemberAction,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeKinesisStreamingDestinationCommand,
  DescribeLimitsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  EnableKinesisStreamingDestinationCommand,
  ListTagsOfResourceCommand,
  type ReplicationGroupUpdate,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { Provision, ThroughputChange } from '../core/plan.ts';
import { ofIndex } from '../core/spec.ts';
import type { TableClient } from '../ports.ts';
import { stateFrom } from './describe.ts';
import { done, ifThere, translated } from './errors.ts';
import { listTables } from './list-tables.ts';

/**
 * Tables of one account and region. `limited` makes the calls that AWS limits to 10 per second or fewer in the whole
 * account: ListTagsOfResource, TagResource and DescribeContinuousBackups. `once` makes CreateTable, which `apply` repeats.
 */
export function awsTables(
  client: DynamoDBClient,
  limited: DynamoDBClient = client,
  once: DynamoDBClient = client,
): TableClient {
  return {
    limits: () =>
      translated(async () => {
        const answer = await client.send(new DescribeLimitsCommand({}));
        const units = (read = Infinity, write = Infinity) => ({ read, write });
        return {
          account: units(answer.AccountMaxReadCapacityUnits, answer.AccountMaxWriteCapacityUnits),
          table: units(answer.TableMaxReadCapacityUnits, answer.TableMaxWriteCapacityUnits),
        };
      }),
    list: () => translated(() => listTables(client)),
    describe: async (name) => {
      const answer = await ifThere(() => client.send(new DescribeTableCommand({ TableName: name })));
      return answer?.Table && stateFrom(answer.Table);
    },
    tags: (arn) => translated(() => tagsOf(limited, arn)),
    tag: (arn, tags) => {
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      return done(() => limited.send(new TagResourceCommand({ ResourceArn: arn, Tags })));
    },
    create: (table) =>
      done(() => once.send(new CreateTableCommand(table as unknown as CreateTableCommandInput))),
    resize: (name, changes) =>
      done(() => client.send(new UpdateTableCommand({ TableName: name, ...throughputInput(changes) }))),
    setBilling: (name, throughput) =>
      done(() => client.send(new UpdateTableCommand({ TableName: name, ...billingInput(throughput) }))),
    setTableClass: (name, TableClass) =>
      done(() => client.send(new UpdateTableCommand({ TableName: name, TableClass }))),
    protect: (name, on) =>
      done(() => client.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: on }))),
    remove: (name) => done(() => client.send(new DeleteTableCommand({ TableName: name }))),
    ...replicas(client),
    ...settings(client, limited),
    ...destinations(client),
  };
}

/** One replica in a call, because DynamoDB rejects several: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html */
function replicas(client: DynamoDBClient): Pick<TableClient, 'addReplica' | 'removeReplica'> {
  const update = (TableName: string, change: ReplicationGroupUpdate) =>
    done(() => client.send(new UpdateTableCommand({ TableName, ReplicaUpdates: [change] })));
  return {
    addReplica: (name, replica) =>
      update(name, { Create: replica as unknown as CreateReplicationGroupMemberAction }),
    removeReplica: (name, region) => update(name, { Delete: { RegionName: region } }),
  };
}

function destinations(client: DynamoDBClient): Pick<TableClient, 'destinations' | 'enableDestination'> {
  return {
    destinations: (TableName) =>
      translated(async () => {
        const answer = await client.send(new DescribeKinesisStreamingDestinationCommand({ TableName }));
        return (answer.KinesisDataStreamDestinations ?? []).map((one) => ({
          stream: one.StreamArn ?? '',
          status: one.DestinationStatus ?? 'ENABLING',
          description: one.DestinationStatusDescription,
          precision: one.ApproximateCreationDateTimePrecision,
        }));
      }),
    enableDestination: (TableName, StreamArn, precision) => {
      const ApproximateCreationDateTimePrecision = precision as ApproximateCreationDateTimePrecision;
      const EnableKinesisStreamingConfiguration = precision
        ? { ApproximateCreationDateTimePrecision }
        : undefined;
      const input = { TableName, StreamArn, EnableKinesisStreamingConfiguration };
      return done(() => client.send(new EnableKinesisStreamingDestinationCommand(input)));
    },
  };
}

function settings(
  client: DynamoDBClient,
  limited: DynamoDBClient,
): Pick<TableClient, 'timeToLive' | 'setTimeToLive' | 'recovery' | 'setRecovery'> {
  return {
    timeToLive: (name) =>
      translated(async () => {
        const answer = await client.send(new DescribeTimeToLiveCommand({ TableName: name }));
        const { TimeToLiveStatus: status, AttributeName: attribute } = answer.TimeToLiveDescription ?? {};
        return {
          ...((status === 'ENABLED' || status === 'ENABLING') && { attribute }),
          ...((status === 'ENABLING' || status === 'DISABLING') && { changing: status }),
        };
      }),
    setTimeToLive: (name, attribute, enabled) => {
      const TimeToLiveSpecification = { AttributeName: attribute, Enabled: enabled };
      const input = { TableName: name, TimeToLiveSpecification };
      return done(() => client.send(new UpdateTimeToLiveCommand(input)));
    },
    recovery: (name) =>
      translated(async () => {
        const answer = await limited.send(new DescribeContinuousBackupsCommand({ TableName: name }));
        const description = answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
        return {
          enabled: description?.PointInTimeRecoveryStatus === 'ENABLED',
          days: description?.RecoveryPeriodInDays,
        };
      }),
    setRecovery: (name, { enabled, days }) => {
      const PointInTimeRecoverySpecification = {
        PointInTimeRecoveryEnabled: enabled,
        ...(days === undefined ? {} : { RecoveryPeriodInDays: days }),
      };
      const input = { TableName: name, PointInTimeRecoverySpecification };
      return done(() => client.send(new UpdateContinuousBackupsCommand(input)));
    },
  };
}

async function tagsOf(client: DynamoDBClient, arn: string): Promise<Record<string, string>> {
  const tags: [string, string][] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListTagsOfResourceCommand({ ResourceArn: arn, NextToken }));
    for (const { Key, Value } of page.Tags ?? []) tags.push([Key ?? '', Value ?? '']);
    NextToken = page.NextToken;
  } while (NextToken);
  return Object.fromEntries(tags);
}

function billingInput(throughput: readonly Provision[] | undefined) {
  if (!throughput) return { BillingMode: 'PAY_PER_REQUEST' as const };
  return { BillingMode: 'PROVISIONED' as const, ...provisionInput(throughput) };
}

const throughputInput = (changes: readonly ThroughputChange[]) =>
  provisionInput(changes.map(({ index, to }) => ({ ...to, ...ofIndex(index) })));

function provisionInput(all: readonly Provision[]) {
  const units = ({ read, write }: Provision) => ({ ReadCapacityUnits: read, WriteCapacityUnits: write });
  const own = all.find(({ index }) => index === undefined);
  const indexes = all.filter(({ index }) => index !== undefined);
  return {
    ...(own && { ProvisionedThroughput: units(own) }),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexUpdates: indexes.map((provision) => ({
        Update: { IndexName: provision.index, ProvisionedThroughput: units(provision) },
      })),
    }),
  };
}
