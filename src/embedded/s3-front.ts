import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { AwsError } from './failure.ts';
import type { Hooks } from './front.ts';
import { type Bucket, type S3Answer, type S3Call, s3Answer, s3Call, s3Failure } from './s3.ts';
import { HOME_REGION } from './wire.ts';

/** Answers requests for S3. The hooks are the same as of the other services; only errors can be given instead of an answer. `settle`: what other services write into the buckets. */
export function s3Listener(
  buckets: ReadonlyMap<string, Bucket>,
  hooks: Hooks,
  settle: () => void = () => {},
): RequestListener {
  const answered = (call: S3Call, body: Buffer): S3Answer => {
    const { operation, ...input } = call;
    hooks.served(operation);
    settle();
    const intercepted = hooks.intercept(operation, input, HOME_REGION);
    if (intercepted && 'type' in intercepted)
      throw new AwsError(intercepted.type, intercepted.message, intercepted.status);
    return s3Answer(buckets, call, body, hooks.now());
  };
  return async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    let answer: S3Answer;
    try {
      answer = answered(s3Call(request), Buffer.concat(chunks));
    } catch (error) {
      answer = s3Failure(error);
    }
    response.writeHead(answer.status, {
      ...answer.headers,
      ...(answer.status !== 304 && { 'content-length': String(answer.body.length) }),
      date: new Date(hooks.now()).toUTCString(),
      'x-amz-request-id': randomUUID(),
    });
    response.end(answer.body);
  };
}
