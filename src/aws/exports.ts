import {
  DescribeExportCommand,
  type DynamoDBClient,
  type ExportDescription,
  ExportTableToPointInTimeCommand,
  ListExportsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Export } from '../core/archives.ts';
import type { ExportClient } from '../ports.ts';
import { done, ifThere, translated } from './errors.ts';

/** Exports to S3 of one account and region. `limited` makes the reads: AWS publishes no limit of them. */
export function awsExports(client: DynamoDBClient, limited: DynamoDBClient = client): ExportClient {
  const describe = async (ExportArn: string): Promise<Export | undefined> => {
    const answer = await ifThere(() => limited.send(new DescribeExportCommand({ ExportArn })));
    const found = answer?.ExportDescription;
    return found && isWhole(found) ? exportFrom(found) : undefined;
  };
  return {
    start: (TableArn, { token: ClientToken, bucket: S3Bucket, prefix: S3Prefix, format: ExportFormat }) =>
      done(() =>
        client.send(
          new ExportTableToPointInTimeCommand({ TableArn, ClientToken, S3Bucket, S3Prefix, ExportFormat }),
        ),
      ),
    async list(tableArn) {
      const arns = await translated(() => listAll(limited, tableArn));
      // Their records end one by one.
      const found = await Promise.all(arns.map((arn) => describe(arn)));
      return found.filter((one) => one !== undefined);
    },
    describe,
  };
}

async function listAll(client: DynamoDBClient, TableArn: string): Promise<string[]> {
  const arns: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListExportsCommand({ TableArn, NextToken }));
    for (const { ExportArn = '', ExportType } of page.ExportSummaries ?? [])
      if (ExportType !== 'INCREMENTAL_EXPORT') arns.push(ExportArn);
    NextToken = page.NextToken;
  } while (NextToken);
  return arns;
}

/** Whether it is of all items of the table, at one instant. */
const isWhole = ({ ExportType, FilterSpecification }: ExportDescription): boolean =>
  ExportType !== 'INCREMENTAL_EXPORT' && FilterSpecification === undefined;

const known = ['IN_PROGRESS', 'COMPLETED', 'FAILED'] as const;

/** A missing or unknown value becomes one with which the export is not relied on, and no other one is started for ever. */
function exportFrom(found: ExportDescription): Export {
  const status = known.find((one) => one === found.ExportStatus);
  const why = [
    ...(status === undefined ? [`its status is ${found.ExportStatus}`] : []),
    ...[found.FailureCode, found.FailureMessage].filter(Boolean),
  ].join(': ');
  return {
    arn: found.ExportArn ?? '',
    tableId: found.TableId ?? '',
    status: status ?? (found.EndTime ? 'FAILED' : 'IN_PROGRESS'),
    token: found.ClientToken ?? '',
    startedAt: found.StartTime?.getTime() ?? 0,
    exportTime: found.ExportTime?.getTime() ?? 0,
    bucket: found.S3Bucket ?? '',
    prefix: found.S3Prefix ?? '',
    format: found.ExportFormat ?? 'DYNAMODB_JSON',
    ...(why && { failure: why }),
  };
}
