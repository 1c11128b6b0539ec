import type { SNSClient } from '@aws-sdk/client-sns';
import { ServiceError } from '../core/failure.ts';
import type { Notices } from '../ports.ts';
import { type CallLimits, limitCalls, usualLimits } from './call-limits.ts';
import { type Chosen, clientSettings } from './clients.ts';
import { rejectingIncomplete } from './complete-answers.ts';
import { notingOperations } from './error-words.ts';
import { done } from './errors.ts';

const TOPIC = /^arn:[\w-]+:sns:([\w-]+):\d{12}:[\w-]+$/;

/** What is used of the SDK's SNS client. */
export type SnsSdk = Pick<typeof import('@aws-sdk/client-sns'), 'PublishCommand' | 'SNSClient'>;

/** Notices on an SNS topic. `load` is called only if something is published, so that a client that loads late costs nothing. */
export function awsNotices(
  topicArn: string,
  load: () => Promise<SnsSdk> | SnsSdk,
  chosen: Chosen = {},
  limits: CallLimits = usualLimits,
): Notices {
  let client: SNSClient | undefined;
  return {
    async publish({ subject, message, types }) {
      const region = TOPIC.exec(topicArn)?.[1];
      if (region === undefined)
        throw new ServiceError('refused', 'TURNTABLE_TOPIC_ARN is not the ARN of an SNS topic.');
      const { SNSClient, PublishCommand } = await load();
      client ??= limitCalls(
        notingOperations(
          rejectingIncomplete(new SNSClient({ ...clientSettings(limits), ...chosen, region })),
        ),
        limits,
      );
      const command = new PublishCommand({
        TopicArn: topicArn,
        Subject: subject,
        Message: message,
        MessageAttributes: { types: { DataType: 'String.Array', StringValue: JSON.stringify(types) } },
      });
      const sns = client;
      await done(() => sns.send(command));
    },
  };
}
