import { awsNotices } from './aws/notices.ts';
import type { Notices } from './ports.ts';

/** Notices on the topic of TURNTABLE_TOPIC_ARN; undefined if none is configured. */
export function topicNotices(env: NodeJS.ProcessEnv = process.env): Notices | undefined {
  const { TURNTABLE_TOPIC_ARN: arn } = env;
  return arn ? awsNotices(arn) : undefined;
}
