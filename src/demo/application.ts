import {
  DynamoDBClient,
  ProvisionedThroughputExceededException,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Resolver } from '../index.ts';

/** One item of this size consumes thirty write capacity units: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
const UNITS_PER_ITEM = 30;
const PAYLOAD = 'x'.repeat(UNITS_PER_ITEM * 1024 - 200);

export interface Minute {
  readonly table: string;
  /** Units per second. */
  readonly written: number;
  readonly throttled: number;
}

/** An application that asks the resolver for the current table and needs no other knowledge of rotation. */
export class Application {
  readonly #client = new DynamoDBClient({ maxAttempts: 1 });
  readonly #resolver: Resolver<'SessionFlags'>;
  #sequence = 0;

  constructor(resolver: Resolver<'SessionFlags'>) {
    this.#resolver = resolver;
  }

  /** Writes for one minute at a rate in units per second. */
  async write(now: number, unitsPerSecond: number): Promise<Minute> {
    const table = this.#resolver.current('SessionFlags', now);
    const items = Math.round((unitsPerSecond * 60) / UNITS_PER_ITEM);
    const written = await Promise.all(Array.from({ length: items }, () => this.#put(table, now)));
    const accepted = written.filter(Boolean).length;
    const rate = (count: number): number => (count * UNITS_PER_ITEM) / 60;
    return { table, written: rate(accepted), throttled: rate(items - accepted) };
  }

  async #put(table: string, now: number): Promise<boolean> {
    this.#sequence += 1;
    const Item = {
      Key: { S: `session-${this.#sequence}` },
      Timestamp: { N: String(now) },
      ExpiresAt: { N: String(Math.floor(now / 1000) + 86_400) },
      Flags: { S: PAYLOAD },
    };
    try {
      await this.#client.send(new PutItemCommand({ TableName: table, Item }));
      return true;
    } catch (error) {
      if (error instanceof ProvisionedThroughputExceededException) return false;
      throw error;
    }
  }
}
