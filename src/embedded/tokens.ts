/** A transaction with the token of an earlier one is the same call again, for ten minutes after the first has finished. */
import type { Json } from './engine.ts';
import { AwsError } from './failure.ts';
import type { Operation } from './region.ts';

const VALID_MS = 600_000;

interface Done {
  readonly input: string;
  readonly answer: Promise<Json>;
  readonly at: number;
}

export class Tokens {
  readonly #now: () => number;
  readonly #done = new Map<string, Done>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws AwsError IdempotentParameterMismatchException if the token came with another input */
  async once({ ClientRequestToken: token, ...rest }: Json, work: Operation): Promise<Json> {
    if (typeof token !== 'string') return work(rest);
    const input = JSON.stringify(rest.TransactItems);
    const before = this.#done.get(token);
    if (before && this.#now() - before.at < VALID_MS) {
      if (before.input === input) return before.answer;
      throw new AwsError(
        'IdempotentParameterMismatchException',
        'The request uses the same client token as a previous, but non-identical request.',
      );
    }
    const answer = Promise.resolve(work(rest));
    this.#done.set(token, { input, answer, at: this.#now() });
    // A failed transaction can be tried again with its token.
    answer.catch(() => this.#done.delete(token));
    return answer;
  }
}
