import type { SNSClient } from '@aws-sdk/client-sns';
import { ServiceError } from '../core/failure.ts';
import type { Notices } from '../ports.ts';
import { type CallLimits, limitCalls, usualLimits } from './call-limits.ts';
import { clientSettings } from './clients.ts';
import { rejectingIncomplete } from './complete-answers.ts';
import { notingOperations } from './error-words.ts';
import { done } from './errors.ts';

const TOPIC = /^arn:[\w-]+:sns:([\w-]+):\d{12}:[\w-]+$/;

/** Notices on an SNS topic. The SDK's client is loaded only if something is published. */
export function awsNotices(topicArn: string, limits: CallLimits = usualLimits): Notices {
  let client: Promise<SNSClient> | undefined;
  return {
    async publish({ subject, message }) {
      const region = TOPIC.exec(topicArn)?.[1];
      if (region === undefined)
        throw new ServiceError('refused', 'TURNTABLE_TOPIC_ARN is not the ARN of an SNS topic.');
      client ??= open(region, limits);
      const [sns, { PublishCommand }] = await Promise.all([client, import('@aws-sdk/client-sns')]);
      const command = new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: message });
      await done(() => sns.send(command));
    },
  };
}

async function open(region: string, limits: CallLimits): Promise<SNSClient> {
  const { SNSClient } = await import('@aws-sdk/client-sns');
  const client = new SNSClient({ ...clientSettings(limits), region });
  return limitCalls(notingOperations(rejectingIncomplete(client)), limits);
}
