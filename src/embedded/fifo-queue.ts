/**
 * A FIFO queue of SQS, as documented:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
import { AwsError } from './failure.ts';

/** What a sender gives. */
export interface FifoEntry {
  readonly body: string;
  readonly group: string;
  readonly deduplicationId: string;
}

/** A message that a consumer has received. */
export interface Received {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
  readonly group: string;
  /** When the queue got it, epoch milliseconds. */
  readonly sentAt: number;
  /** How often it was received, with this time. */
  readonly receiveCount: number;
}

export interface FifoOptions {
  /** How long a received message is hidden, milliseconds. Default: 30 seconds. */
  readonly visibilityMs?: number;
  /** How long a message stays, milliseconds. Default: 4 days. */
  readonly retentionMs?: number;
  /** A message that was received so often moves to the dead-letter queue instead of being received again. */
  readonly maxReceiveCount?: number;
  readonly deadLetters?: FifoQueue;
}

/** A message with the id of one that was accepted within this time is accepted, and not delivered. */
const DEDUPLICATION_MS = 5 * 60_000;

interface Stored {
  readonly id: string;
  readonly entry: FifoEntry;
  readonly sentAt: number;
  receiveCount: number;
  /** Until when it is hidden, epoch milliseconds. */
  hiddenUntil: number;
  receipt: string;
}

export class FifoQueue {
  readonly #options: FifoOptions;
  #messages: Stored[] = [];
  /** When each deduplication id was accepted, and the id of its message. */
  readonly #accepted = new Map<string, { readonly at: number; readonly id: string }>();
  #count = 0;

  constructor(options: FifoOptions = {}) {
    this.#options = options;
  }

  /** Returns the id of the message, which is that of the first one for a duplicate. */
  send(entry: FifoEntry, now: number): string {
    const known = this.#accepted.get(entry.deduplicationId);
    if (known && now - known.at < DEDUPLICATION_MS) return known.id;
    this.#count += 1;
    const id = `message-${this.#count}`;
    this.#accepted.set(entry.deduplicationId, { at: now, id });
    this.#messages.push({ id, entry, sentAt: now, receiveCount: 0, hiddenUntil: 0, receipt: '' });
    return id;
  }

  /** The oldest messages of groups that have no message in flight. Messages of one group can come together. */
  receive(most: number, now: number): Received[] {
    this.#expire(now);
    const blocked = new Set(
      this.#messages.filter((one) => one.hiddenUntil > now).map(({ entry }) => entry.group),
    );
    const received: Received[] = [];
    for (const message of [...this.#messages]) {
      if (received.length === most) break;
      if (blocked.has(message.entry.group)) continue;
      if (message.receiveCount >= (this.#options.maxReceiveCount ?? Infinity)) {
        this.#discard(message, now);
        continue;
      }
      message.receiveCount += 1;
      message.hiddenUntil = now + (this.#options.visibilityMs ?? 30_000);
      message.receipt = `${message.id}-${message.receiveCount}`;
      const { id, entry, receipt, sentAt, receiveCount } = message;
      received.push({ id, receipt, body: entry.body, group: entry.group, sentAt, receiveCount });
    }
    return received;
  }

  /** Does nothing if the message is gone. @throws AwsError for a receipt that has expired, as FIFO queues do */
  remove(receipt: string, now: number): void {
    this.#messages = this.#messages.filter((one) => one !== this.#inFlight(receipt, now));
  }

  /** 0 lets the message be received again at once. @throws AwsError for a receipt that has expired */
  changeVisibility(receipt: string, visibilityMs: number, now: number): void {
    const message = this.#inFlight(receipt, now);
    if (message) message.hiddenUntil = now + visibilityMs;
  }

  /** How many messages can be received, and how many are in flight. */
  counts(now: number): { readonly visible: number; readonly inFlight: number } {
    this.#expire(now);
    const inFlight = this.#messages.filter((one) => one.hiddenUntil > now).length;
    return { visible: this.#messages.length - inFlight, inFlight };
  }

  #inFlight(receipt: string, now: number): Stored | undefined {
    const message = this.#messages.find(({ id }) => receipt.startsWith(`${id}-`));
    if (!message) return undefined;
    if (message.receipt === receipt && message.hiddenUntil > now) return message;
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    );
  }

  #discard(message: Stored, now: number): void {
    this.#messages = this.#messages.filter((one) => one !== message);
    this.#options.deadLetters?.send(
      { ...message.entry, deduplicationId: `${message.entry.deduplicationId} ${message.id}` },
      now,
    );
  }

  #expire(now: number): void {
    const retentionMs = this.#options.retentionMs ?? 4 * 86_400_000;
    this.#messages = this.#messages.filter(({ sentAt }) => now - sentAt <= retentionMs);
  }
}
