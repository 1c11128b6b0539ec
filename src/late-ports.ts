import { awsArchiveStore } from './aws/archive-store.ts';
import { awsCaller } from './aws/caller.ts';
import { awsClients, type Chosen } from './aws/clients.ts';
import { lateAutoScaling, lateLambda, lateS3, lateSns, lateSts } from './aws/late-clients.ts';
import { awsLoads } from './aws/loads.ts';
import { awsMappings } from './aws/mappings.ts';
import { awsNotices } from './aws/notices.ts';
import { awsSurroundings } from './aws/surroundings.ts';
import type { Ports } from './ports.ts';

/** The ports that only some jobs have, for the command line. Their clients are loaded with their first calls. */
export function latePorts(
  chosen: Chosen = {},
  env: NodeJS.ProcessEnv = process.env,
): Pick<Ports, 'notices' | 'mappings' | 'archive' | 'loads' | 'caller' | 'surroundings'> {
  const { TURNTABLE_TOPIC_ARN: arn } = env;
  return {
    mappings: awsMappings(lateLambda, chosen),
    archive: awsArchiveStore(lateS3, chosen),
    loads: awsLoads(() => awsClients(undefined, undefined, chosen).dynamodb),
    caller: awsCaller(lateSts, chosen),
    surroundings: awsSurroundings({ autoScaling: lateAutoScaling, sns: lateSns, topicArn: arn }, chosen),
    ...(arn && { notices: awsNotices(arn, lateSns, chosen) }),
  };
}
