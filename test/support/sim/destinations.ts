import { SECOND_MS } from '../../../src/core/calendar/period.ts';
import type { StreamDestination } from '../../../src/core/facts.ts';
import { ServiceError } from '../../../src/core/failure.ts';

/** How long a table takes to begin or end sending changes. */
const CHANGE_MS = 30 * SECOND_MS;

interface Destination {
  readonly stream: string;
  readonly precision: string;
  status: 'ENABLING' | 'DISABLING' | 'UPDATING' | 'ENABLE_FAILED';
  changedAt: number;
}

const settled = {
  ENABLING: 'ACTIVE',
  DISABLING: 'DISABLED',
  UPDATING: 'ACTIVE',
  ENABLE_FAILED: 'ENABLE_FAILED',
} as const;

/** The Kinesis data streams of one table. */
export class SimDestinations {
  readonly #all: Destination[] = [];
  /** Set it to let no change end. */
  stuck = false;

  describe(now: number): StreamDestination[] {
    return this.#all.map((one) => ({
      stream: one.stream,
      status: this.stuck ? one.status : statusAt(one, now),
      description: undefined,
      precision: one.precision,
    }));
  }

  enable(stream: string, precision: string, now: number): void {
    if (this.#all.some((one) => !['DISABLED', 'ENABLE_FAILED'].includes(statusAt(one, now))))
      throw invalid('ENABLE');
    this.#put(stream, precision, 'ENABLING', now);
  }

  /** As a person would. */
  disable(stream: string, now: number): void {
    const found = this.#all.find((one) => one.stream === stream);
    if (!found || statusAt(found, now) !== 'ACTIVE') throw invalid('DISABLE');
    this.#put(stream, found.precision, 'DISABLING', now);
  }

  /** As a person would who changes the precision. */
  update(stream: string, precision: string, now: number): void {
    this.#put(stream, precision, 'UPDATING', now);
  }

  /** As if Kinesis had refused the table. */
  fail(stream: string, now: number): void {
    this.#put(stream, 'MILLISECOND', 'ENABLE_FAILED', now);
  }

  #put(stream: string, precision: string, status: Destination['status'], changedAt: number): void {
    const at = this.#all.findIndex((one) => one.stream === stream);
    this.#all.splice(at < 0 ? this.#all.length : at, 1, { stream, precision, status, changedAt });
  }
}

const statusAt = ({ status, changedAt }: Destination, now: number): string =>
  now < changedAt + CHANGE_MS ? status : settled[status];

const invalid = (operation: string): ServiceError =>
  new ServiceError(
    'refused',
    `Table is not in a valid state to perform ${operation} of the Kinesis streaming destination.`,
  );
