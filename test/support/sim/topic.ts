import { ServiceError } from '../../../src/core/failure.ts';
import type { Notice } from '../../../src/core/notice.ts';
import type { Clock, Notices } from '../../../src/ports.ts';

const MOST_BYTES = 256 * 1024;

/** An SNS topic in memory. */
export class SimTopic implements Notices {
  readonly published: (Notice & { readonly at: number })[] = [];
  /** Called before a notice is accepted, and after it. If it throws, the call fails with that error. */
  before: () => Promise<void> | void = () => {};
  after: () => Promise<void> | void = () => {};
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async publish({ subject, message, types }: Notice): Promise<void> {
    await this.before();
    const invalid = (what: string) => new ServiceError('refused', `Invalid parameter: ${what}`);
    if (message === '') throw invalid('Empty message');
    const attribute = `typesString.Array${JSON.stringify(types)}`;
    if (Buffer.byteLength(message + attribute) > MOST_BYTES) throw invalid('Message too long');
    if (!/^[\x20-\x7e]{1,100}$/.test(subject)) throw invalid('Subject');
    this.published.push({ subject, message, types, at: this.#clock.now() });
    await this.after();
  }
}
