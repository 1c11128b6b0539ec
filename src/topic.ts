import { awsNotices } from './aws/notices.ts';
import type { Ports } from './ports.ts';

/** Notices on the topic of TURNTABLE_TOPIC_ARN, if one is configured. The client is loaded with the first notice. */
export function topicNotices(env: NodeJS.ProcessEnv = process.env): Pick<Ports, 'notices'> {
  const { TURNTABLE_TOPIC_ARN: arn } = env;
  return arn ? { notices: awsNotices(arn, async () => (await import('./aws/sns.ts')).snsSdk) } : {};
}
