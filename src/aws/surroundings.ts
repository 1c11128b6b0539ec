import type {
  ApplicationAutoScalingClient,
  ScalableTarget as Target,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { AlarmState, ScalableTarget } from '../core/facts.ts';
import type { Surroundings } from '../ports.ts';
import { type CallLimits, limitCalls, usualLimits } from './call-limits.ts';
import { type Chosen, clientSettings } from './clients.ts';
import { notingOperations } from './error-words.ts';
import { translated } from './errors.ts';
import { hostsOf } from './hosts.ts';
import type { SnsSdk } from './notices.ts';
import { allowed, probeDynamo } from './probe.ts';

/** What is used of the SDK's client of Application Auto Scaling. */
export type AutoScalingSdk = Pick<
  typeof import('@aws-sdk/client-application-auto-scaling'),
  'ApplicationAutoScalingClient' | 'paginateDescribeScalableTargets'
>;

/** How clients that not every command needs are loaded. */
export interface Loaders {
  readonly autoScaling: () => Promise<AutoScalingSdk> | AutoScalingSdk;
  readonly sns: () => Promise<SnsSdk> | SnsSdk;
  /** ARN of the topic of notices, if one is configured. */
  readonly topicArn?: string | undefined;
}

/** The calls of `doctor`. The clients are created with the first use. */
export function awsSurroundings(
  { autoScaling, sns, topicArn }: Loaders,
  chosen: Chosen = {},
  limits: CallLimits = usualLimits,
): Surroundings {
  const settings = { ...clientSettings(limits), ...chosen };
  return {
    scalableTargets: () =>
      translated(async () => {
        const sdk = await autoScaling();
        const client = limitCalls(notingOperations(new sdk.ApplicationAutoScalingClient(settings)), limits);
        return readTargets(sdk, client);
      }),
    alarms: (prefix) =>
      translated(() => {
        const client = limitCalls(notingOperations(new CloudWatchClient(settings)), limits);
        return readAlarms(client, prefix);
      }),
    hosts: (tableArn) => translated(() => hostsOf(tableArn, settings, limits)),
    probe: (probe, target) =>
      translated(async () => {
        if (probe.call !== 'publish') return probeDynamo(probe, target, settings, limits);
        const { PublishCommand, SNSClient } = await sns();
        const client = limitCalls(notingOperations(new SNSClient({ ...settings, maxAttempts: 1 })), limits);
        await allowed(() => client.send(new PublishCommand({ TopicArn: topicArn, Message: '' })));
      }),
  };
}

async function readTargets(
  { paginateDescribeScalableTargets }: AutoScalingSdk,
  client: ApplicationAutoScalingClient,
): Promise<ScalableTarget[]> {
  const targets: ScalableTarget[] = [];
  for await (const page of paginateDescribeScalableTargets({ client }, { ServiceNamespace: 'dynamodb' }))
    for (const target of page.ScalableTargets ?? []) targets.push(targetFrom(target));
  return targets;
}

function targetFrom(target: Target): ScalableTarget {
  const {
    ResourceId = '',
    ScalableDimension = '',
    MinCapacity = 0,
    MaxCapacity = 0,
    SuspendedState,
  } = target;
  const [, table = '', , index] = ResourceId.split('/');
  const { DynamicScalingInSuspended, DynamicScalingOutSuspended, ScheduledScalingSuspended } =
    SuspendedState ?? {};
  return {
    resourceId: ResourceId,
    table,
    ...(index !== undefined && { index }),
    dimension: ScalableDimension,
    min: MinCapacity,
    max: MaxCapacity,
    suspended: Boolean(DynamicScalingInSuspended && DynamicScalingOutSuspended && ScheduledScalingSuspended),
  };
}

async function readAlarms(client: CloudWatchClient, prefix: string): Promise<AlarmState[]> {
  const alarms: AlarmState[] = [];
  const input = { AlarmNamePrefix: prefix, AlarmTypes: ['MetricAlarm' as const] };
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, input))
    for (const { AlarmName = '', StateValue = '', ActionsEnabled, AlarmActions = [] } of MetricAlarms)
      alarms.push({
        name: AlarmName,
        state: StateValue,
        notifies: ActionsEnabled === true && AlarmActions.length > 0,
      });
  return alarms;
}
