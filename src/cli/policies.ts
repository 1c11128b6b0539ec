/**
 * The IAM policies of people, by class. Each class has the permissions of the classes before it. What each action can be limited to:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
import { CONFIG_FILES } from '../config/source.ts';
import { archivePrefix, EXPORTS_FOLDER, SUMMARY_FILE } from '../core/archives.ts';
import { stateTableName } from '../core/calendar/naming.ts';
import { scratchPrefix } from '../core/drilling/name.ts';
import { CREATED_AT_TAG, DRILL_TAG, KEEP_TAG, ownershipTags } from '../core/guards/ownership.ts';
import type { Config } from '../core/spec.ts';

export const classes = ['reader', 'operator', 'owner'] as const;
/** A reader changes nothing. An operator writes what the jobs read. An owner changes tables. */
export type Class = (typeof classes)[number];

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** What a policy is printed for. */
export interface Scope {
  readonly config: Config;
  /** Default: every region. */
  readonly region?: string | undefined;
  /** The topic that `apply` and `daemon` send notices to, as TURNTABLE_TOPIC_ARN has it. */
  readonly topicArn?: string | undefined;
  /** Where the configuration is in S3, such as `s3://bucket/prefix`. undefined if it is in a folder. */
  readonly configPlace?: string | undefined;
}

/** The policy of a class in one environment. */
export function policyOf(name: Class, scope: Scope): Policy {
  const rank = classes.indexOf(name);
  const parts = [reader, operator, owner].slice(0, rank + 1);
  return {
    Version: '2012-10-17',
    Statement: [...parts.flatMap((part) => part(scope)), protectStateTable(scope)],
  };
}

/** The account of an identity policy is its own, so the ARNs name none. */
function arns({ config: { environment }, region = '*' }: Scope) {
  const partition = partitionOf(region);
  const table = (name: string) => `arn:${partition}:dynamodb:${region}:*:table/${name}`;
  return {
    table,
    tables: table(`${environment}.*`),
    backups: `${table(`${environment}.*`)}/backup/*`,
    state: table(stateTableName(environment)),
    of: (service: string, rest: string) => `arn:${partition}:${service}:${region}:*:${rest}`,
  };
}

const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

const allow = (
  Sid: string,
  Action: readonly string[],
  Resource: Statement['Resource'],
  Condition?: Statement['Condition'],
): Statement => ({ Sid, Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) });

/** Records of these kinds alone. */
const kinds = (...names: string[]) => ({ 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': names } });

const READ_KINDS = [
  'scheduled-deletion',
  'suspension',
  'memory',
  'ownership',
  'unmanaged',
  'retention',
  'switch',
  'history',
  'run',
  'lease',
  'closing',
  'drill',
];

function reader(scope: Scope): Statement[] {
  const { tables, backups, state, of } = arns(scope);
  return [
    allow(
      'ReadAccount',
      [
        'dynamodb:ListTables',
        'dynamodb:DescribeLimits',
        'dynamodb:ListBackups',
        'cloudwatch:GetMetricData',
        'application-autoscaling:DescribeScalableTargets',
      ],
      '*',
    ),
    allow(
      'ReadTables',
      [
        'dynamodb:DescribeTable',
        'dynamodb:ListTagsOfResource',
        'dynamodb:DescribeTimeToLive',
        'dynamodb:DescribeContinuousBackups',
      ],
      tables,
    ),
    // Only composite alarms need the resource `*`: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
    allow('ReadAlarms', ['cloudwatch:DescribeAlarms'], of('cloudwatch', 'alarm:*')),
    allow('ReadBackups', ['dynamodb:DescribeBackup'], backups),
    allow('ReadState', ['dynamodb:Query'], state, kinds(...READ_KINDS)),
    ...readConfiguration(scope),
    ...readArchives(scope),
    ...(hasConsumers(scope) ? [allow('ReadConsumers', ['lambda:ListEventSourceMappings'], '*')] : []),
    ...(hasDestinations(scope)
      ? [allow('ReadDestinations', ['dynamodb:DescribeKinesisStreamingDestination'], tables)]
      : []),
    ...ofReplicas(scope, (replicas) => [allow('ReadReplicas', READING_REPLICAS, replicas)]),
  ];
}

function operator(scope: Scope): Statement[] {
  const { state } = arns(scope);
  const write = ['dynamodb:PutItem', 'dynamodb:DeleteItem'];
  return [
    allow('Suspend', write, state, kinds('suspension')),
    allow('ReplaceOldSuspensions', ['dynamodb:DeleteItem'], state, kinds('switch')),
    allow('CancelDeletions', ['dynamodb:DeleteItem'], state, kinds('scheduled-deletion')),
    allow('ConfirmRetentions', ['dynamodb:PutItem'], state, kinds('retention')),
    allow('RecordCommands', ['dynamodb:BatchWriteItem'], state, kinds('history')),
    allow('HoldLease', write, state, kinds('lease')),
  ];
}

/** AWS requires these of the caller of a restore: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html */
const RESTORING = ['BatchWriteItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'GetItem', 'Query', 'Scan'];

function owner(scope: Scope): Statement[] {
  const { tables, state } = arns(scope);
  const { environment } = scope.config;
  const { environment: tag } = ownershipTags;
  const { topicArn } = scope;
  return [
    allow(
      'CreateTables',
      [
        'dynamodb:CreateTable',
        'dynamodb:UpdateTimeToLive',
        'dynamodb:UpdateContinuousBackups',
        'dynamodb:CreateBackup',
      ],
      tables,
    ),
    // Restored tables have no tags until they are protected.
    allow('ChangeTables', ['dynamodb:UpdateTable'], tables),
    allow('DeleteManagedTables', ['dynamodb:DeleteTable'], tables, {
      StringEquals: { [`aws:ResourceTag/${tag}`]: environment },
    }),
    allow('TagTables', ['dynamodb:TagResource'], tables, {
      StringEquals: { [`aws:RequestTag/${tag}`]: environment },
      'ForAllValues:StringEquals': { 'aws:TagKeys': tagKeys(scope) },
    }),
    allow('RestoreTables', ['dynamodb:RestoreTableFromBackup'], tables), // and from their backups, whose ARNs begin like this
    ...(restorable(scope).length > 0
      ? [
          allow(
            'WriteRestoredTables',
            RESTORING.map((action) => `dynamodb:${action}`),
            [...restorable(scope), arns(scope).table(`${scratchPrefix(environment)}*`)],
          ),
          // `turntable drill` compares some items of a restored table with the one that was backed up.
          allow('ReadSampledItems', ['dynamodb:BatchGetItem'], restorable(scope)),
        ]
      : []),
    allow(
      'RememberRuns',
      ['dynamodb:PutItem'],
      state,
      kinds('scheduled-deletion', 'memory', 'ownership', 'unmanaged', 'drill'),
    ),
    allow('RememberDemand', ['dynamodb:BatchWriteItem'], state, kinds('memory')),
    ...useLastConfiguration(scope),
    allow('CloseEnvironment', ['dynamodb:PutItem', 'dynamodb:DeleteItem'], state, kinds('closing')),
    ...(topicArn ? [allow('SendNotices', ['sns:Publish'], topicArn)] : []),
    ...(hasConsumers(scope) ? consumers(scope) : []),
    ...(hasDestinations(scope) ? destinations(scope) : []),
    ...ofReplicas(scope, (replicas) => [
      allow('CreateReplicas', CREATING_REPLICAS, replicas),
      allow('ChangeReplicas', ['dynamodb:UpdateTable'], replicas),
      allow('RemoveManagedReplicas', ['dynamodb:DeleteTable', 'dynamodb:DeleteTableReplica'], replicas, {
        StringEquals: { [`aws:ResourceTag/${tag}`]: environment },
      }),
      allow('TagReplicas', ['dynamodb:TagResource'], replicas, {
        StringEquals: { [`aws:RequestTag/${tag}`]: environment },
        'ForAllValues:StringEquals': { 'aws:TagKeys': tagKeys(scope) },
      }),
    ]),
    ...writeArchives(scope),
  ];
}

const READING_REPLICAS = [
  'dynamodb:DescribeTable',
  'dynamodb:ListTagsOfResource',
  'dynamodb:DescribeContinuousBackups',
];

/** AWS requires these of the caller in the region of a replica: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2gt_IAM.html */
const CREATING_REPLICAS = [
  'CreateTable',
  'CreateTableReplica',
  ...RESTORING,
  'UpdateTimeToLive',
  'UpdateContinuousBackups',
].map((action) => `dynamodb:${action}`);

/** Statements about the tables of groups with replicas, in the regions of these. None if a spec has no Replicas. */
function ofReplicas(
  { config: { environment, specs } }: Scope,
  statements: (replicas: string[]) => Statement[],
): Statement[] {
  const arns = specs.flatMap(({ name, scheme, replicas }) =>
    replicas.map(
      ({ region }) =>
        `arn:${partitionOf(region)}:dynamodb:${region}:*:table/${environment}.${name}${scheme === 'none' ? '' : '.*'}`,
    ),
  );
  return arns.length > 0 ? statements(unique(arns)) : [];
}

/** The tables of each group. Writing to all tables of the environment would include the state table. */
const restorable = (scope: Scope): string[] =>
  scope.config.specs.map(({ name, scheme }) =>
    arns(scope).table(`${scope.config.environment}.${name}${scheme === 'none' ? '' : '.*'}`),
  );

/** The state table has the prefix of the managed tables, so what is allowed for those is denied for it. */
function protectStateTable(scope: Scope): Statement {
  const allowed = [
    'BatchWriteItem',
    'Query',
    'PutItem',
    'DeleteItem',
    'CreateTable',
    'DescribeTable',
    'DescribeTimeToLive',
    'UpdateTimeToLive',
  ];
  return {
    Sid: 'ProtectStateTable',
    Effect: 'Deny',
    NotAction: allowed.map((action) => `dynamodb:${action}`),
    Resource: arns(scope).state,
  };
}

/** The bucket of a configuration in S3, and its files. */
function configurationArns({ configPlace, region = '*' }: Scope) {
  if (configPlace === undefined) return undefined;
  const path = `arn:${partitionOf(region)}:s3:::${configPlace.replace('s3://', '')}`;
  return { bucket: path.split('/')[0] ?? path, files: CONFIG_FILES.map((file) => `${path}/${file}`) };
}

/** Without ListBucket, S3 answers that a file that does not exist is denied. */
function readConfiguration(scope: Scope): Statement[] {
  const found = configurationArns(scope);
  if (!found) return [];
  return [
    allow('ReadConfiguration', ['s3:GetObject'], found.files),
    allow('FindConfiguration', ['s3:ListBucket'], found.bucket),
  ];
}

/** The daemon records the newest valid versions, and uses them while a newer one is invalid. */
function useLastConfiguration(scope: Scope): Statement[] {
  const found = configurationArns(scope);
  if (!found) return [];
  return [
    allow('ReadLastConfiguration', ['s3:GetObjectVersion'], found.files),
    allow('RecordConfiguration', ['dynamodb:Query', 'dynamodb:PutItem'], arns(scope).state, kinds('config')),
  ];
}

/** The folders of tables in the buckets that purge exports to, or that have exports. */
function archiveArns({ config, region = '*' }: Scope, key: 'archive' | 'archivedIn') {
  const s3 = `arn:${partitionOf(region)}:s3:::`;
  const places = config.specs.flatMap(({ settings }) => settings.purge[key] ?? []);
  const folders = places.map((place) => archivePrefix(place, `${config.environment}.*`));
  const each = (suffix: string) =>
    unique(folders.map((folder, i) => `${s3}${places[i]?.bucket}/${folder}/${EXPORTS_FOLDER}/${suffix}`));
  const errors = unique(folders.map((folder, i) => `${s3}${places[i]?.bucket}/${folder}/restore/*`));
  return {
    buckets: unique(places.map(({ bucket }) => `${s3}${bucket}`)),
    objects: each('*'),
    manifests: each(`*/${SUMMARY_FILE}`),
    data: each('*/data/*'),
    errors,
  };
}

function readArchives(scope: Scope): Statement[] {
  const { buckets, manifests } = archiveArns(scope, 'archivedIn');
  if (buckets.length === 0) return [];
  return [
    ...(archiveArns(scope, 'archive').buckets.length > 0
      ? [
          allow('ListExports', ['dynamodb:ListExports'], '*'),
          allow('ReadExports', ['dynamodb:DescribeExport'], `${arns(scope).tables}/export/*`),
        ]
      : []),
    allow('ReadManifests', ['s3:GetObject'], manifests),
    // Without it, S3 answers that a manifest that does not exist is denied.
    allow('FindManifests', ['s3:ListBucket'], buckets),
  ];
}

/** AWS requires these of the caller of ExportTableToPointInTime: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html */
function writeArchives(scope: Scope): Statement[] {
  const { objects } = archiveArns(scope, 'archive');
  const { data, errors } = archiveArns(scope, 'archivedIn');
  if (data.length === 0) return [];
  return [
    ...(objects.length > 0
      ? [
          allow('ExportTables', ['dynamodb:ExportTableToPointInTime'], arns(scope).tables),
          allow('WriteExports', ['s3:AbortMultipartUpload', 's3:PutObject', 's3:PutObjectAcl'], objects),
        ]
      : []),
    // DynamoDB reads the items, and reports those that it could not put.
    allow('LoadTables', ['dynamodb:StartBulkPutItems', 'dynamodb:DescribeBulkOperation'], arns(scope).tables),
    allow('ReadItems', ['s3:GetObject'], data),
    allow('WriteErrors', ['s3:PutObject'], errors),
  ];
}

const hasConsumers = ({ config }: Scope): boolean =>
  config.specs.some(({ consumers }) => consumers.length > 0);
const hasDestinations = ({ config }: Scope): boolean => config.specs.some(({ destination }) => destination);
const unique = (values: readonly string[]): string[] => [...new Set(values)];

function tagKeys({ config }: Scope): string[] {
  const written = config.specs.flatMap(({ properties }) => (properties.Tags ?? []).map(({ Key }) => Key));
  return unique([...Object.values(ownershipTags), CREATED_AT_TAG, KEEP_TAG, DRILL_TAG, ...written]);
}

function consumers(scope: Scope): Statement[] {
  const { of } = arns(scope);
  const names = scope.config.specs.flatMap((spec) => spec.consumers.map((consumer) => consumer.function));
  const bases = unique(names).map(
    (name) => /^arn:(?:[^:]+:){6}[^:]+/.exec(name)?.[0] ?? of('lambda', `function:${name.split(':')[0]}`),
  );
  const ofConsumers = {
    ArnLike: { 'lambda:FunctionArn': unique(bases.flatMap((base) => [base, `${base}:*`])) },
  };
  return [
    allow('AttachConsumers', ['lambda:CreateEventSourceMapping'], '*', ofConsumers),
    allow(
      'DetachConsumers',
      ['lambda:GetEventSourceMapping', 'lambda:DeleteEventSourceMapping'],
      of('lambda', 'event-source-mapping:*'),
      ofConsumers,
    ),
  ];
}

function destinations(scope: Scope): Statement[] {
  const { tables, of } = arns(scope);
  const streams = unique(scope.config.specs.flatMap(({ destination }) => destination?.stream ?? []));
  return [
    allow('EnableDestinations', ['dynamodb:EnableKinesisStreamingDestination'], tables),
    allow(
      'UseDestinations',
      ['kinesis:DescribeStream', 'kinesis:PutRecords'],
      streams.map((stream) => (stream.startsWith('arn:') ? stream : of('kinesis', `stream/${stream}`))),
    ),
    allow('ListDestinations', ['kinesis:ListStreams'], '*'),
  ];
}
