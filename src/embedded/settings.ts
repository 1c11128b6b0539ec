/** The settings of a table besides keys and capacity: class, protection, encryption, stream, time to live, recovery. */
import type { SSESpecification, StreamSpecification, TableClass } from '@aws-sdk/client-dynamodb';
import type { Json } from './engine.ts';
import { ACCOUNT, seconds } from './wire.ts';

/** A Kinesis data stream that a table sends its changes to. */
export interface Destination {
  readonly stream: string;
  precision: string;
  status: 'ENABLING' | 'DISABLING' | 'UPDATING';
  /** By the clock that ends states, in milliseconds. */
  readonly endsAt: number;
}

export interface Settings {
  deletionProtection: boolean;
  tableClass?: TableClass;
  tableClassChangedAt: number[];
  /** Set once the table has been on-demand. */
  billingMode?: 'PROVISIONED' | 'PAY_PER_REQUEST';
  onDemandSince?: number;
  /** Switches from provisioned to on-demand. Creation as on-demand does not count. */
  switchesToOnDemand: number[];
  stream?: { specification: StreamSpecification; label: string };
  encryption?: SSESpecification;
  timeToLiveAttribute?: string;
  /** The last UpdateTimeToLive, epoch milliseconds. */
  timeToLiveChangedAt?: number;
  recovery?: { days: number; since: number };
  destinations?: readonly Destination[];
}

/** The common members of CreateTable and UpdateTable. */
export interface SettingsInput {
  DeletionProtectionEnabled?: boolean;
  TableClass?: TableClass;
  StreamSpecification?: StreamSpecification;
  SSESpecification?: SSESpecification;
}

export function applySettings(settings: Settings, input: SettingsInput, now: number): void {
  if (input.DeletionProtectionEnabled !== undefined)
    settings.deletionProtection = input.DeletionProtectionEnabled;
  if (input.TableClass !== undefined) settings.tableClass = input.TableClass;
  if (input.SSESpecification !== undefined) settings.encryption = input.SSESpecification;
  if (input.StreamSpecification?.StreamEnabled === false) settings.stream = undefined;
  else if (input.StreamSpecification)
    settings.stream = {
      specification: input.StreamSpecification,
      label: new Date(now).toISOString().replace('Z', ''),
    };
}

export function describeSettings(settings: Settings, tableArn: string): Json {
  const { tableClass, billingMode, onDemandSince, stream, encryption } = settings;
  const classChangedAt = settings.tableClassChangedAt.at(-1);
  return {
    DeletionProtectionEnabled: settings.deletionProtection,
    ...(tableClass && {
      TableClassSummary: {
        TableClass: tableClass,
        ...(classChangedAt !== undefined && { LastUpdateDateTime: seconds(classChangedAt) }),
      },
    }),
    ...(billingMode && {
      BillingModeSummary: {
        BillingMode: billingMode,
        ...(onDemandSince !== undefined && { LastUpdateToPayPerRequestDateTime: seconds(onDemandSince) }),
      },
    }),
    ...(stream && {
      StreamSpecification: stream.specification,
      LatestStreamLabel: stream.label,
      LatestStreamArn: `${tableArn}/stream/${stream.label}`,
    }),
    ...(encryption?.Enabled && { SSEDescription: describeEncryption(encryption, tableArn.split(':')[3]) }),
  };
}

function describeEncryption(encryption: SSESpecification, region = ''): Json {
  return {
    Status: 'ENABLED',
    SSEType: 'KMS',
    KMSMasterKeyArn: encryption.KMSMasterKeyId ?? `arn:aws:kms:${region}:${ACCOUNT}:alias/aws/dynamodb`,
  };
}
