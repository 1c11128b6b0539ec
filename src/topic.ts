import { awsNotices } from './aws/notices.ts';
import { snsSdk } from './aws/sns.ts';
import type { Ports } from './ports.ts';

/** Notices on the topic of TURNTABLE_TOPIC_ARN, if one is configured, for the bundles of the jobs that tell people. */
export function topicNotices(env: NodeJS.ProcessEnv = process.env): Pick<Ports, 'notices'> {
  const { TURNTABLE_TOPIC_ARN: arn } = env;
  return arn ? { notices: awsNotices(arn, () => snsSdk) } : {};
}
