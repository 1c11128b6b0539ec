import type { BulkLoad } from '../../../src/core/archives.ts';
import { HOUR_MS } from '../../../src/core/calendar/period.ts';
import { ServiceError } from '../../../src/core/failure.ts';
import type { LoadRequest } from '../../../src/ports.ts';
import type { SimTable } from './table.ts';

interface SimLoad {
  readonly arn: string;
  readonly token: string;
  readonly parameters: string;
  readonly startedAt: number;
  readonly endsAt: number;
  readonly processed: number;
  readonly failed: number;
  readonly failure?: string;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StartBulkPutItems.html */
const TOKEN_MS = 8 * HOUR_MS;

/** Loads from S3 in memory: first IN_PROGRESS, then COMPLETED, COMPLETED_WITH_ERRORS or FAILED. */
export class SimLoads {
  /** Set it to let the loads that start from now on FAIL, with this reason. */
  failure: string | undefined;
  /** How many items of the next loads cannot be put. */
  bad = 0;
  readonly #all: SimLoad[] = [];

  /** `items`: how many the export has. @throws ServiceError like DynamoDB */
  start(
    table: SimTable,
    { token, ...rest }: LoadRequest,
    items: number,
    now: number,
    loadMs: number,
  ): BulkLoad {
    const parameters = JSON.stringify([table.input.TableName, rest]);
    const earlier = this.#all.find((one) => one.token === token && now - one.startedAt < TOKEN_MS);
    if (earlier && earlier.parameters !== parameters)
      throw new ServiceError('refused', 'The request uses the same client token as a previous one.');
    if (earlier) return described(earlier, now);
    const status = table.status(now);
    if (status !== 'ACTIVE' && status !== 'UPDATING')
      throw new ServiceError('in-use', `Table is ${status}: ${table.input.TableName}`);
    const load: SimLoad = {
      arn: `${table.describe(now).arn}/bulk-operation/${this.#all.length}`,
      token,
      parameters,
      startedAt: now,
      endsAt: now + loadMs,
      processed: items,
      failed: this.bad,
      ...(this.failure !== undefined && { failure: this.failure }),
    };
    this.#all.push(load);
    table.itemCount = items - this.bad;
    return described(load, now);
  }

  find(arn: string, now: number): BulkLoad | undefined {
    const found = this.#all.find((one) => one.arn === arn);
    return found && described(found, now);
  }

  get started(): number {
    return this.#all.length;
  }
}

function described({ arn, endsAt, processed, failed, failure }: SimLoad, now: number): BulkLoad {
  const ended = now >= endsAt;
  const status = failure !== undefined ? 'FAILED' : failed > 0 ? 'COMPLETED_WITH_ERRORS' : 'COMPLETED';
  return {
    arn,
    status: ended ? status : 'IN_PROGRESS',
    processed: ended ? processed : 0,
    failed: ended ? failed : 0,
    ...(ended && failure !== undefined && { failure }),
  };
}
