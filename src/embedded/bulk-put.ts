/** The bulk operations of the region, which load items from S3 into tables. */
import { randomBytes } from 'node:crypto';
import { HOUR_MS } from '../core/calendar/period.ts';
import { AwsError } from './failure.ts';
import type { Item } from './index-writes.ts';
import type { Table } from './table.ts';

export interface BulkPut {
  readonly arn: string;
  readonly table: Pick<Table, 'name' | 'id'>;
  readonly token: string;
  /** The parameters, by which a repeated call is recognized. */
  readonly input: string;
  readonly startedAt: number;
  /** Milliseconds on the clock of `elapsed`, like all states. */
  readonly endsAt: number;
  /** Where the items are that cannot be put. */
  readonly output: { readonly bucket: string; readonly prefix: string };
  readonly items: readonly Item[];
  /** Lines that cannot be put, and why. */
  readonly bad: readonly { readonly line: string; readonly error: string }[];
  readonly failure?: { readonly code: string; readonly message: string } | undefined;
  /** Epoch milliseconds; undefined while it is IN_PROGRESS. */
  endedAt?: number;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StartBulkPutItems.html */
const TOKEN_MS = 8 * HOUR_MS;

export class BulkPuts {
  readonly #all: BulkPut[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(started: Omit<BulkPut, 'arn'>, tableArn: string): BulkPut {
    const added = { ...started, arn: `${tableArn}/bulk-operation/${randomBytes(8).toString('hex')}` };
    this.#all.push(added);
    return added;
  }

  /** @throws AwsError IdempotentParameterMismatchException if the token came with other parameters */
  withToken(token: string, input: string): BulkPut | undefined {
    const found = this.#all.find((one) => one.token === token && this.#now() - one.startedAt < TOKEN_MS);
    if (found && found.input !== input)
      throw new AwsError(
        'IdempotentParameterMismatchException',
        'The request uses the same client token as a previous, but non-identical request.',
      );
    return found;
  }

  get(arn: unknown): BulkPut {
    const found = this.#all.find((one) => one.arn === arn);
    if (!found) throw new AwsError('ResourceNotFoundException', `Bulk operation not found: ${String(arn)}`);
    return found;
  }

  inProgress(): BulkPut[] {
    return this.#all.filter(({ endedAt }) => endedAt === undefined);
  }

  ofTable({ id }: Pick<Table, 'id'>): BulkPut[] {
    return this.#all.filter(({ table }) => table.id === id);
  }
}
