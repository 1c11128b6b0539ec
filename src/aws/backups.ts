import {
  type BackupDescription,
  type BackupSummary,
  CreateBackupCommand,
  DescribeBackupCommand,
  type DynamoDBClient,
  ListBackupsCommand,
  RestoreTableFromBackupCommand,
} from '@aws-sdk/client-dynamodb';
import type { Backup } from '../core/facts.ts';
import { keyNames } from '../core/schema.ts';
import type { BackupClient } from '../ports.ts';
import { done, ifThere, translated } from './errors.ts';

/**
 * Backups of one account and region. `limited` calls ListBackups, which DynamoDB limits to 5 per second:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBackups.html
 */
export function awsBackups(client: DynamoDBClient, limited: DynamoDBClient = client): BackupClient {
  return {
    create: (TableName, BackupName) =>
      done(() => client.send(new CreateBackupCommand({ TableName, BackupName }))),
    list: (table) => translated(() => listAll(limited, table)),
    listAll: () => translated(() => listAll(limited)),
    describe: async (BackupArn) => {
      const answer = await ifThere(() => client.send(new DescribeBackupCommand({ BackupArn })));
      return answer?.BackupDescription && described(answer.BackupDescription);
    },
    restore: (BackupArn, TargetTableName, onDemand) => {
      const BillingModeOverride = onDemand && ('PAY_PER_REQUEST' as const);
      const input = { BackupArn, TargetTableName, ...(BillingModeOverride && { BillingModeOverride }) };
      return done(() => client.send(new RestoreTableFromBackupCommand(input)));
    },
  };
}

/** Of one table, or of all. */
async function listAll(client: DynamoDBClient, TableName?: string): Promise<Backup[]> {
  const backups: Backup[] = [];
  let ExclusiveStartBackupArn: string | undefined;
  do {
    const input = {
      ...(TableName !== undefined && { TableName }),
      BackupType: 'ALL' as const,
      ExclusiveStartBackupArn,
    };
    const page = await client.send(new ListBackupsCommand(input));
    for (const summary of page.BackupSummaries ?? []) backups.push(backupFrom(summary));
    ExclusiveStartBackupArn = page.LastEvaluatedBackupArn;
  } while (ExclusiveStartBackupArn);
  return backups;
}

const described = ({ BackupDetails, SourceTableDetails }: BackupDescription): Backup => ({
  ...backupFrom({
    ...BackupDetails,
    TableName: SourceTableDetails?.TableName,
    TableId: SourceTableDetails?.TableId,
  }),
  ...(SourceTableDetails?.KeySchema && { key: keyNames(SourceTableDetails.KeySchema) }),
  ...(SourceTableDetails?.ItemCount !== undefined && { itemCount: SourceTableDetails.ItemCount }),
});

/** A missing value becomes one with which the backup is not relied on. */
const backupFrom = (summary: BackupSummary): Backup => ({
  arn: summary.BackupArn ?? '',
  name: summary.BackupName ?? '',
  table: summary.TableName ?? '',
  tableId: summary.TableId ?? '',
  type: summary.BackupType ?? 'USER',
  status: summary.BackupStatus ?? 'CREATING',
  createdAt: summary.BackupCreationDateTime?.getTime() ?? 0,
  sizeBytes: summary.BackupSizeBytes ?? 0,
});
