/** An aborted call ends immediately, even if it waits for something that never ends. */
import { getEventListeners } from 'node:events';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { type Attributes, createRotatingClient, type RotatingClient } from '../../src/client/index.ts';
import { createResolver } from '../../src/index.ts';

const NOW = Date.parse('2026-11-21T12:00Z');
const item = { Key: 'a', At: NOW };

/** A client whose calls return the result of `answer`. Without one, they never return. */
function clientOf(answer: () => Promise<unknown> = () => new Promise(() => {})): RotatingClient {
  const documents = DynamoDBDocumentClient.from(
    new DynamoDBClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }),
  );
  documents.middlewareStack.add(() => async () => ({ output: await answer(), response: {} }) as never, {
    step: 'initialize',
  });
  const tables = [{ TableName: 'Events', RotationScheme: 'daily', PurgeRotation: -1 }] as const;
  const resolver = createResolver({ environment: 'production', tables, now: () => NOW });
  return createRotatingClient({
    ...{ documents, resolver, group: 'Events', key: ['Key', 'At'] },
    timestamp: { attribute: 'At', unit: 'milliseconds' },
  });
}

async function* silent(): AsyncGenerator<{ put: Attributes }> {
  yield { put: item };
  await new Promise(() => {});
}

describe('the abort signal', () => {
  const from = NOW - 1;
  it.each<[string, (client: RotatingClient, signal: AbortSignal) => Promise<unknown>]>([
    ['put', (client, signal) => client.put(item, { signal })],
    ['get', (client, signal) => client.get(item, { signal })],
    ['update', (client, signal) => client.update(item, { signal })],
    ['delete', (client, signal) => client.delete(item, { signal })],
    ['take', (client, signal) => client.scan({ signal, from }).take(1)],
    ['a read that lists tables first', (client, signal) => client.scan({ signal }).take(1)],
    ['a read ahead', (client, signal) => client.scan({ signal, from })[Symbol.asyncIterator]().next()],
    ['pages', (client, signal) => client.scan({ signal, from }).pages()[Symbol.asyncIterator]().next()],
  ])('ends %s while it waits', async (_, call) => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const calling = call(clientOf(), controller.signal);
    setTimeout(() => controller.abort(reason), 5);
    await expect(calling).rejects.toBe(reason);
  });

  it.each([
    ['of an array', () => [{ put: item }]],
    ['of a silent source', silent],
  ])('ends a batch %s, and says what is written', async (_, source) => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const writing = clientOf().batchWrite(source(), { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 5);
    const left = { taken: 1, written: 0, unprocessed: [{ put: item }] };
    await expect(writing).rejects.toMatchObject({ code: 'aborted', cause: reason, ...left });
  });

  it('closes the source of an aborted batch', async () => {
    const controller = new AbortController();
    let closed = false;
    function* source() {
      try {
        for (let i = 0; ; i += 1) yield { put: { Key: `${i}`, At: NOW } };
      } finally {
        closed = true;
      }
    }
    const writing = clientOf().batchWrite(source(), { signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    await expect(writing).rejects.toThrow('aborted');
    expect(closed).toBe(true);
  });

  it('has no listeners after the calls are done', async () => {
    const { signal } = new AbortController();
    const client = clientOf(async () => ({ $metadata: {} }));
    await client.put(item, { signal });
    await client.scan({ signal, from }).take(5);
    await client.batchWrite([{ put: item }], { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
