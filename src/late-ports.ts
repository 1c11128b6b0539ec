import { lateLambda, lateSns } from './aws/late-clients.ts';
import { awsMappings } from './aws/mappings.ts';
import { awsNotices } from './aws/notices.ts';
import type { Ports } from './ports.ts';

/** The ports that only some jobs have, for the command line. Their clients are loaded with their first calls. */
export function latePorts(env: NodeJS.ProcessEnv = process.env): Pick<Ports, 'notices' | 'mappings'> {
  const { TURNTABLE_TOPIC_ARN: arn } = env;
  return { mappings: awsMappings(lateLambda), ...(arn && { notices: awsNotices(arn, lateSns) }) };
}
