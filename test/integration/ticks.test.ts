/** Ticks through the SDK's client of SQS, on the embedded AWS. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { bodyOf, tickFrom } from '../../src/aws/tick-message.ts';
import { awsTicks } from '../../src/aws/ticks.ts';
import type { FifoQueue } from '../../src/embedded/fifo-queue.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import type { Tick, TickQueue } from '../../src/ports.ts';
import { at, MINUTE } from '../support/specs.ts';

const NOW = at('2026-11-21T12:00');
const tickOf = (shard: number, own: Partial<Tick> = {}): Tick => ({
  ...{ shard, shards: 16, stamp: '16-a', at: NOW, elsewhere: { read: 1, write: 2 } },
  names: [`production.Group${shard}.20261121`, `production.Group${shard}.20261122`],
  ...own,
});
const ticksOf = (count: number, own: Partial<Tick> = {}): Tick[] =>
  Array.from({ length: count }, (_, shard) => tickOf(shard, own));

let aws: EmbeddedAws;
let queue: FifoQueue;
let ticks: TickQueue;
let now = NOW;
let queues = 0;

beforeAll(async () => {
  aws = await startEmbeddedAws({ now: () => now });
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});
beforeEach(() => {
  queues += 1;
  const created = aws.createQueue(`ticks-${queues}.fifo`, { visibilityMs: MINUTE });
  queue = created.queue;
  ticks = awsTicks(created.url, () => import('@aws-sdk/client-sqs'));
  aws.intercept = undefined;
  aws.resetCalls();
});

/** In the order of the shards, because several calls are made at once. */
const received = (): Tick[] =>
  queue
    .receive(100, now)
    .map(({ body }) => tickFrom(body))
    .sort((a, b) => a.shard - b.shard);

describe('the queue of ticks', () => {
  test('gets one message for each shard, ten in a call, with what the worker needs', async () => {
    await ticks.send(ticksOf(16));
    expect(aws.calls.get('SendMessageBatch')).toBe(2);
    expect(received()).toEqual(ticksOf(16));
  });

  test('gets the ticks of a minute once, also from a second coordinator, and those of the next one', async () => {
    await ticks.send(ticksOf(3));
    await ticks.send(ticksOf(3, { at: NOW + 20_000 }));
    expect(queue.receive(100, now)).toHaveLength(3);
    now += 2 * MINUTE;
    await ticks.send(ticksOf(3, { at: NOW + MINUTE }));
    expect(queue.counts(now).visible).toBe(6);
  });

  test('gets the ticks of another layout in the same minute', async () => {
    await ticks.send(ticksOf(2));
    await ticks.send(ticksOf(2, { stamp: '16-b' }));
    expect(queue.counts(now).visible).toBe(4);
  });

  test('gets thousands of names in a few kilobytes, and larger ones in more calls', async () => {
    const names = Array.from({ length: 5_000 }, (_, i) => `production.Group${i >> 3}.2026112${i & 7}`);
    expect(bodyOf(tickOf(0, { names })).length).toBeLessThan(40_000);
    const more = Array.from({ length: 20_000 }, (_, i) => `production.Group${(i * 7_919) % 100_003}`);
    await ticks.send(ticksOf(4, { names: more }));
    expect(aws.calls.get('SendMessageBatch')).toBeGreaterThan(1);
    expect(received().map((tick) => tick.names)).toEqual(Array(4).fill(more));
  });

  test('gets the other ticks if SQS fails on some, and these again', async () => {
    let failing = 2;
    aws.rewrite = (operation, body) => {
      if (operation !== 'SendMessageBatch' || failing === 0) return body;
      failing -= 1;
      const [first, ...others] = body.Successful as { Id: string }[];
      return { Successful: others, Failed: [{ Id: first!.Id, Code: 'InternalError', SenderFault: false }] };
    };
    await ticks.send(ticksOf(3));
    expect(aws.calls.get('SendMessageBatch')).toBe(3);
    failing = 3;
    await expect(ticks.send(ticksOf(3, { at: NOW + 10 * MINUTE }))).rejects.toMatchObject({
      code: 'unavailable',
      message: 'SQS did not accept 1 of 3 ticks: InternalError',
    });
    aws.rewrite = undefined;
  });

  test.each<[string, string, string]>([
    ['QueueDoesNotExist', 'The specified queue does not exist.', 'not-found'],
    ['AccessDeniedException', 'not authorized to perform: sqs:sendmessage', 'access-denied'],
  ])('rejects ticks with the reason of SQS: %s', async (type, message, code) => {
    aws.intercept = () => ({ type, message });
    await expect(ticks.send(ticksOf(1))).rejects.toMatchObject({ code });
  });

  test('lets the next tick of a shard come if one was removed', async () => {
    await ticks.send([tickOf(0)]);
    await ticks.send([tickOf(0, { at: NOW + MINUTE })]);
    const [first] = queue.receive(1, now);
    expect(queue.receive(1, now)).toEqual([]);
    await ticks.remove(first!.receipt);
    expect(queue.receive(1, now)).toHaveLength(1);
  });
});

describe('a message that is no tick', () => {
  const { version: _, ...body } = JSON.parse(bodyOf(tickOf(3))) as Record<string, unknown>;
  test.each<[string, unknown, string]>([
    ['text', 'no JSON', 'its body is not JSON'],
    ['a list', [], 'its version is undefined, not 1'],
    ['null', null, 'its body is not an object'],
    ['another version', { ...body, version: 2 }, 'its version is 2, not 1'],
    ['no number of shards', { ...body, version: 1, shards: 0 }, '"shards" is not a number of shards'],
    ['a shard beyond them', { ...body, version: 1, shard: 16 }, '"shard" is not one of its shards'],
    ['no layout', { ...body, version: 1, stamp: 7 }, '"stamp" is not a text'],
    ['no instant', { ...body, version: 1, at: 'noon' }, '"at" is not an instant'],
    ['no bounds', { ...body, version: 1, elsewhere: { read: -1 } }, '"elsewhere" has no numbers of units'],
    ['damaged names', { ...body, version: 1, names: 'xyz' }, '"names" cannot be read'],
  ])('is rejected: %s', (_name, value, why) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    expect(() => tickFrom(text)).toThrow(
      `The message is not a tick of a shard: ${why}. Only the coordinator may send to the queue.`,
    );
  });
});
