/** Ids of a region that look random, and are the same in each account in which the same was made in the same order. */
import { createHash } from 'node:crypto';

export class Ids {
  readonly #region: string;
  readonly #made = new Map<string, number>();

  constructor(region: string) {
    this.#region = region;
  }

  /** Hexadecimal digits that no other call returns. `what`: what they are for, such as the name of a table. */
  hex(what: string, digits: number): string {
    const made = (this.#made.get(what) ?? 0) + 1;
    this.#made.set(what, made);
    const text = JSON.stringify([this.#region, what, made]);
    return createHash('sha256').update(text).digest('hex').slice(0, digits);
  }

  uuid(what: string): string {
    return this.hex(what, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-8$4-');
  }
}
