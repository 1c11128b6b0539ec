import type { Json } from './engine.ts';

/** An event source mapping of a DynamoDB stream. */
export interface Mapping {
  readonly id: string;
  readonly functionArn: string;
  readonly source: string;
  settings: Json;
  /** The state until `endsAt`, and the one after it. undefined: the mapping is gone. */
  during: string;
  after: string | undefined;
  /** By the clock that ends states, in milliseconds. */
  endsAt: number;
  /** Epoch milliseconds. */
  changedAt: number;
}
