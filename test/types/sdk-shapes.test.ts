/**
 * Holds the configuration to the SDK's own shapes. If an upgrade of the SDK brings a new member or value, this file does not
 * compile until the member is part of schemas/tables.schema.json, or listed here with the reason why it is left out.
 */
import type * as sdk from '@aws-sdk/client-dynamodb';
import type * as lambda from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import type { Schema } from '../../src/core/schema.ts';
import type * as own from '../../src/generated/tables.ts';

/** The members of an input that the configuration does not have, each with the reason. */
type LeftOut<Input, Known> = Readonly<Record<Exclude<keyof Input, keyof Known>, string>>;
/** The values of an SDK enumeration that the configuration does not accept, each with the reason. */
type Unaccepted<Value extends string, Known> = Readonly<Record<Exclude<Value, Known>, string>>;

const createTable: LeftOut<sdk.CreateTableInput, own.Properties> = {
  TableName: 'Turntable derives the names of tables from the spec.',
  GlobalTableSourceArn: 'Only for replicas in other accounts.',
  GlobalTableSettingsReplicationMode: 'Only for replicas in other accounts.',
};

/** What the configuration adds to CreateTable. */
const added: LeftOut<own.Properties, sdk.CreateTableInput> = {
  Outdated: 'How an outdated table changes.',
  OutdatedTableProvisionedThroughput: 'The throughput of an outdated table.',
  TimeToLive: 'Input of UpdateTimeToLive, which rotate calls after CreateTable.',
  PointInTimeRecoverySpecification: 'Input of UpdateContinuousBackups, which rotate calls after CreateTable.',
};

/** The settings of an event source mapping. */
const mapping: LeftOut<lambda.CreateEventSourceMappingRequest, own.Consumer> = {
  FunctionName: 'Called Function, because it can also be an ARN.',
  EventSourceArn: 'The stream of each table.',
  Enabled: 'Rotate creates mappings enabled. A person can disable one.',
  StartingPositionTimestamp: 'Not for DynamoDB streams.',
  Tags: 'Rotate has no permission to tag functions and mappings.',
  LoggingConfig: 'Not for DynamoDB streams.',
  ScalingConfig: 'Not for DynamoDB streams.',
  Topics: 'Not for DynamoDB streams.',
  Queues: 'Not for DynamoDB streams.',
  SourceAccessConfigurations: 'Not for DynamoDB streams.',
  SelfManagedEventSource: 'Not for DynamoDB streams.',
  AmazonManagedKafkaEventSourceConfig: 'Not for DynamoDB streams.',
  SelfManagedKafkaEventSourceConfig: 'Not for DynamoDB streams.',
  DocumentDBEventSourceConfig: 'Not for DynamoDB streams.',
  ProvisionedPollerConfig: 'Not for DynamoDB streams.',
};

const mappingParts: {
  readonly filters: LeftOut<lambda.FilterCriteria, own.FilterCriteria>;
  readonly filter: LeftOut<lambda.Filter, own.Filter>;
  readonly onFailure: LeftOut<lambda.OnFailure, own.OnFailure>;
  readonly destinations: LeftOut<lambda.DestinationConfig, own.DestinationConfig>;
  readonly metrics: LeftOut<lambda.EventSourceMappingMetricsConfig, own.MetricsConfig>;
  readonly kinesis: LeftOut<sdk.KinesisStreamingDestinationInput, own.KinesisStreamDestination>;
} = {
  filters: {},
  filter: {},
  onFailure: {},
  destinations: { OnSuccess: 'Not for event source mappings.' },
  metrics: {},
  kinesis: {
    TableName: 'Each table.',
    StreamArn: 'Called Stream, because it can also be a name.',
    EnableKinesisStreamingConfiguration: 'Its only member is part of KinesisStreamDestination.',
  },
};

const parts: {
  readonly attribute: LeftOut<sdk.AttributeDefinition, own.AttributeDefinition>;
  readonly key: LeftOut<sdk.KeySchemaElement, own.KeyPart>;
  readonly local: LeftOut<sdk.LocalSecondaryIndex, own.LocalSecondaryIndex>;
  readonly global: LeftOut<sdk.GlobalSecondaryIndex, own.GlobalSecondaryIndex>;
  readonly vector: LeftOut<sdk.VectorIndex, own.VectorIndex>;
  readonly vectorAttribute: LeftOut<sdk.VectorAttributeDefinition, own.VectorAttribute>;
  readonly search: LeftOut<sdk.SearchSchemaElement, own.SearchSchemaElement>;
  readonly projection: LeftOut<sdk.Projection, own.Projection>;
  readonly throughput: LeftOut<sdk.ProvisionedThroughput, own.Throughput>;
  readonly onDemand: LeftOut<sdk.OnDemandThroughput, own.OnDemandThroughput>;
  readonly warm: LeftOut<sdk.WarmThroughput, own.WarmThroughput>;
  readonly stream: LeftOut<sdk.StreamSpecification, own.StreamSpecification>;
  readonly encryption: LeftOut<sdk.SSESpecification, own.SSESpecification>;
  readonly timeToLive: LeftOut<sdk.TimeToLiveSpecification, own.TimeToLive>;
  readonly recovery: LeftOut<sdk.PointInTimeRecoverySpecification, own.PointInTimeRecoverySpecification>;
  readonly tag: LeftOut<sdk.Tag, own.Tag>;
  readonly replica: LeftOut<sdk.CreateReplicationGroupMemberAction, own.Replica>;
  readonly replicaIndex: LeftOut<sdk.ReplicaGlobalSecondaryIndex, own.ReplicaGlobalSecondaryIndex>;
} = {
  attribute: {},
  key: {},
  local: {},
  global: {},
  vector: {},
  vectorAttribute: {},
  search: {},
  projection: {},
  throughput: {},
  onDemand: {},
  warm: {},
  stream: {},
  encryption: {},
  timeToLive: {},
  recovery: {},
  tag: {},
  replica: { ProvisionedThroughputOverride: 'Only for provisioned tables.' },
  replicaIndex: { ProvisionedThroughputOverride: 'Only for provisioned tables.' },
};

const values: {
  readonly billing: Unaccepted<sdk.BillingMode, own.Properties['BillingMode']>;
  readonly tableClass: Unaccepted<sdk.TableClass, own.Properties['TableClass']>;
  readonly attribute: Unaccepted<sdk.ScalarAttributeType, own.AttributeDefinition['AttributeType']>;
  readonly key: Unaccepted<sdk.KeyType, own.KeyPart['KeyType']>;
  readonly projection: Unaccepted<sdk.ProjectionType, own.Projection['ProjectionType']>;
  readonly stream: Unaccepted<sdk.StreamViewType, own.StreamSpecification['StreamViewType']>;
  readonly encryption: Unaccepted<sdk.SSEType, own.SSESpecification['SSEType']>;
  readonly distance: Unaccepted<sdk.VectorDistanceFunction, own.VectorIndex['DistanceFunction']>;
  readonly search: Unaccepted<
    sdk.SearchSchemaElementType,
    own.SearchSchemaElement['SearchSchemaElementType']
  >;
} = {
  billing: {},
  tableClass: {},
  attribute: {},
  key: {},
  projection: {},
  stream: {},
  encryption: { AES256: 'CreateTable accepts only KMS. DynamoDB uses AES256 if nothing is specified.' },
  distance: {},
  search: {},
};

/** What Turntable does with a member of a description. */
type Use = 'read' | `not compared: ${string}`;
/** Adoption and restores compare the members of `Compared` with the spec. */
type Described<Description, Compared> = Readonly<Record<keyof Description & keyof Compared, 'compared'>> &
  Readonly<Record<Exclude<keyof Description, keyof Compared>, Use>>;

const aws = 'not compared: AWS sets it, and no spec can.';
const free = 'not compared: it can differ from the spec, and stays as it is.';

const table: Described<sdk.TableDescription, Schema> = {
  AttributeDefinitions: 'compared',
  KeySchema: 'compared',
  LocalSecondaryIndexes: 'compared',
  GlobalSecondaryIndexes: 'compared',
  VectorIndexes: 'compared',
  StreamSpecification: 'compared',
  TableName: 'read',
  TableStatus: 'read',
  CreationDateTime: 'read',
  ProvisionedThroughput: 'read',
  TableSizeBytes: 'read',
  ItemCount: 'read',
  TableArn: 'read',
  TableId: 'read',
  BillingModeSummary: 'read',
  GlobalTableVersion: 'read',
  Replicas: 'read',
  RestoreSummary: 'read',
  TableClassSummary: 'read',
  DeletionProtectionEnabled: 'read',
  SSEDescription: 'read',
  ArchivalSummary: 'read',
  OnDemandThroughput: free,
  WarmThroughput: free,
  LatestStreamLabel: aws,
  LatestStreamArn: 'read',
  GlobalTableWitnesses: 'not compared: a table with replicas is not adopted.',
  GlobalTableSettingsReplicationMode: 'not compared: a table with replicas is not adopted.',
  MultiRegionConsistency: 'not compared: a table with replicas is not adopted.',
  DisassociationProtectionEnabled: 'not compared: a table with replicas is not adopted.',
};

type ComparedIndex = Pick<sdk.GlobalSecondaryIndex, 'IndexName' | 'KeySchema' | 'Projection'>;

const indexes: {
  readonly local: Described<sdk.LocalSecondaryIndexDescription, ComparedIndex>;
  readonly global: Described<sdk.GlobalSecondaryIndexDescription, ComparedIndex>;
  readonly vector: Described<sdk.VectorIndexDescription, sdk.VectorIndex>;
} = {
  local: {
    IndexName: 'compared',
    KeySchema: 'compared',
    Projection: 'compared',
    IndexSizeBytes: 'read',
    ItemCount: aws,
    IndexArn: aws,
  },
  global: {
    IndexName: 'compared',
    KeySchema: 'compared',
    Projection: 'compared',
    IndexStatus: 'read',
    Backfilling: 'read',
    ProvisionedThroughput: 'read',
    IndexSizeBytes: 'read',
    OnDemandThroughput: free,
    WarmThroughput: free,
    ItemCount: aws,
    IndexArn: aws,
  },
  vector: {
    IndexName: 'compared',
    SearchSchema: 'compared',
    Projection: 'compared',
    VectorAttribute: 'compared',
    Dimensions: 'compared',
    DistanceFunction: 'compared',
    IndexSizeBytes: 'read',
    IndexStatus: 'read',
    Backfilling: 'read',
    ItemCount: aws,
    IndexArn: aws,
  },
};

test('gives a reason for every member that the configuration or a comparison leaves out', () => {
  const reasons = [
    createTable,
    added,
    mapping,
    ...Object.values(mappingParts),
    ...Object.values(parts),
    ...Object.values(values),
    table,
    indexes.global,
  ];
  for (const reason of reasons.flatMap((each) => Object.values(each))) expect(reason).not.toBe('');
});
