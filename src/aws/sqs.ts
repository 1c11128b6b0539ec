import { DeleteMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SqsSdk } from './ticks.ts';

/** For bundles, which can leave out the rest of the client only if the names of what is used are imported. */
export const sqsSdk: SqsSdk = { DeleteMessageCommand, SendMessageBatchCommand, SQSClient };
