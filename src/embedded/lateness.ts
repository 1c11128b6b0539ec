/**
 * How long after a table was created or deleted answers do not show it, in milliseconds: "DescribeTable uses an eventually
 * consistent query", https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
 */
export interface Lateness {
  /** DescribeTable does not find a new table. */
  readonly describeMs: number;
  /** ListTagsOfResource shows the tags of an earlier table of the name, or none. */
  readonly tagsMs: number;
  /** ListTables does not contain a new table, and contains a deleted one. */
  readonly listMs: number;
}

export const prompt: Lateness = { describeMs: 0, tagsMs: 0, listMs: 0 };

/** When tables were created and deleted, and what answers therefore show. */
export class Sightings {
  lateness: Lateness = prompt;
  readonly #elapsed: () => number;
  readonly #createdAt = new Map<string, number>();
  readonly #deletedAt = new Map<string, number>();
  readonly #earlierTags = new Map<string, ReadonlyMap<string, string>>();

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  created(name: string): void {
    this.#createdAt.set(name, this.#elapsed());
    this.#deletedAt.delete(name);
  }

  deleted(name: string, tags: ReadonlyMap<string, string>): void {
    this.#createdAt.delete(name);
    this.#deletedAt.set(name, this.#elapsed());
    this.#earlierTags.set(name, new Map(tags));
  }

  isDescribed(name: string): boolean {
    return !this.#isWithin(this.#createdAt.get(name), this.lateness.describeMs);
  }

  tagsOf(name: string, tags: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    if (!this.#isWithin(this.#createdAt.get(name), this.lateness.tagsMs)) return tags;
    return this.#earlierTags.get(name) ?? new Map();
  }

  /** The names that ListTables shows. */
  listed(names: readonly string[]): readonly string[] {
    const { listMs } = this.lateness;
    if (listMs === 0) return names;
    const gone = [...this.#deletedAt].filter(([, at]) => this.#isWithin(at, listMs)).map(([name]) => name);
    const shown = names.filter((name) => !this.#isWithin(this.#createdAt.get(name), listMs));
    return [...shown, ...gone].sort();
  }

  #isWithin(at: number | undefined, durationMs: number): boolean {
    return at !== undefined && this.#elapsed() - at < durationMs;
  }
}
