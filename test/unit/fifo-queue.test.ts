/** The FIFO queue of the embedded AWS, by AWS's documentation of SQS. */
import { describe, expect, test } from 'vitest';
import { type FifoEntry, FifoQueue } from '../../src/embedded/fifo-queue.ts';

const entry = (group: string, id: string): FifoEntry => ({ body: `body ${id}`, group, deduplicationId: id });
const SECOND = 1_000;
const bodies = (received: readonly { readonly body: string }[]): string[] => received.map(({ body }) => body);

describe('a FIFO queue', () => {
  test('accepts a message whose id it has had within five minutes, and does not deliver it', () => {
    const queue = new FifoQueue();
    const first = queue.send(entry('a', '1'), 0);
    const [received] = queue.receive(10, 0);
    queue.remove(received!.receipt, 0);
    expect(queue.send(entry('a', '1'), 299 * SECOND)).toBe(first);
    expect(queue.receive(10, 299 * SECOND)).toEqual([]);
    expect(queue.send(entry('a', '1'), 300 * SECOND)).not.toBe(first);
    expect(bodies(queue.receive(10, 300 * SECOND))).toEqual(['body 1']);
  });

  test('delivers a group in its order, and nothing more of it while one of its messages is in flight', () => {
    const queue = new FifoQueue({ visibilityMs: 60 * SECOND });
    for (const [group, id] of [
      ['a', '1'],
      ['a', '2'],
      ['b', '3'],
    ] as const)
      queue.send(entry(group, id), 0);
    const [first] = queue.receive(1, 0);
    expect(first).toMatchObject({ body: 'body 1', group: 'a', receiveCount: 1, sentAt: 0 });
    expect(bodies(queue.receive(10, SECOND))).toEqual(['body 3']);
    queue.remove(first!.receipt, 2 * SECOND);
    expect(bodies(queue.receive(10, 2 * SECOND))).toEqual(['body 2']);
  });

  test('can deliver several messages of one group together', () => {
    const queue = new FifoQueue();
    for (const id of ['1', '2', '3']) queue.send(entry('a', id), 0);
    expect(bodies(queue.receive(2, 0))).toEqual(['body 1', 'body 2']);
    expect(queue.counts(0)).toEqual({ visible: 1, inFlight: 2 });
  });

  test('delivers a message again after the visibility timeout, before the later ones of its group', () => {
    const queue = new FifoQueue({ visibilityMs: 60 * SECOND });
    for (const id of ['1', '2']) queue.send(entry('a', id), 0);
    const [first] = queue.receive(1, 0);
    expect(queue.receive(1, 59 * SECOND)).toEqual([]);
    expect(queue.receive(1, 60 * SECOND)).toMatchObject([{ body: 'body 1', receiveCount: 2 }]);
    expect(() => queue.remove(first!.receipt, 61 * SECOND)).toThrow('The receipt handle has expired');
  });

  test('delivers a message again at once if its visibility is set to 0', () => {
    const queue = new FifoQueue();
    queue.send(entry('a', '1'), 0);
    queue.changeVisibility(queue.receive(1, 0)[0]!.receipt, 0, SECOND);
    expect(queue.receive(1, SECOND)).toMatchObject([{ receiveCount: 2 }]);
  });

  test('moves a message to the dead-letter queue that was received too often, and goes on with its group', () => {
    const deadLetters = new FifoQueue();
    const queue = new FifoQueue({ visibilityMs: 60 * SECOND, maxReceiveCount: 2, deadLetters });
    for (const id of ['1', '2']) queue.send(entry('a', id), 0);
    queue.receive(1, 0);
    queue.receive(1, 60 * SECOND);
    expect(bodies(queue.receive(1, 120 * SECOND))).toEqual(['body 2']);
    expect(deadLetters.receive(10, 120 * SECOND)).toMatchObject([{ body: 'body 1', group: 'a' }]);
  });

  test('forgets a message after its retention, and ignores the removal of one that is gone', () => {
    const queue = new FifoQueue({ retentionMs: 300 * SECOND, visibilityMs: SECOND });
    queue.send(entry('a', '1'), 0);
    const [first] = queue.receive(1, 299 * SECOND);
    queue.remove(first!.receipt, 299 * SECOND);
    queue.remove(first!.receipt, 300 * SECOND);
    queue.send(entry('a', '2'), 299 * SECOND);
    expect(queue.receive(1, 600 * SECOND)).toEqual([]);
  });
});
