import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { SnsSdk } from './notices.ts';

/** For bundles, which can leave out the rest of the client only if the names of what is used are imported. */
export const snsSdk: SnsSdk = { PublishCommand, SNSClient };
