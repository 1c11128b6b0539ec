import type { StackParameters } from '../../config/deployment.ts';
import { visible } from './text.ts';

/** One execution for each of rotate, purge and scale. */
const RESERVED = 3;

/**
 * What the next deployment of an environment would set, and what to know before the first one. A sentence per line.
 * @param shards how many shards a deployment would have now
 */
export function stackLines(stack: StackParameters, environment: string, shards: number): string[] {
  const {
    ServiceName,
    AlarmEmail,
    ReservedConcurrency,
    AttributeBasedAccessControl,
    ConfigBucket,
    ReportBucket,
    Shards,
    RestoreDrills,
  } = stack;
  return [
    `Stack ${visible(`${ServiceName}-${environment}`)}:`,
    AlarmEmail === undefined
      ? '  AlarmEmail is not set, so alarms are only published to the topic.'
      : `  Alarms are sent to ${visible(AlarmEmail)}.`,
    ReservedConcurrency
      ? `  The functions reserve ${RESERVED} Lambda executions. A new account has a quota of 10, which allows none: set ReservedConcurrency to false there.`
      : '  The functions reserve no Lambda executions. The leases alone keep two runs of a job apart.',
    AttributeBasedAccessControl
      ? '  The roles need attribute-based access control for DynamoDB. If it is off in the account, set AttributeBasedAccessControl to false.'
      : '  The roles do not use the tags of tables, except for deletions.',
    ...sayShards(Shards, shards),
    ...(ConfigBucket === undefined
      ? []
      : [
          `  The functions read their configuration in ${visible(ConfigBucket)}, not the one in this folder.`,
        ]),
    ...(ReportBucket === undefined
      ? []
      : [
          `  A daily function writes the report to ${visible(`${ReportBucket}/${environment}`)}/latest.html.`,
        ]),
    ...(RestoreDrills
      ? [
          '  A function restores the newest backup or export of each group once a month, and deletes what it restored.',
        ]
      : []),
  ];
}

function sayShards(wanted: StackParameters['Shards'], shards: number): string[] {
  const counted = wanted === 'auto' ? 'Each deployment counts the tables. With those of now, scale' : 'Scale';
  if (shards > 1)
    return [`  ${counted} runs in ${shards} shards, which take up to ${shards} more Lambda executions.`];
  return wanted === 'auto' ? [`  ${counted} runs in one function, without shards.`] : [];
}
