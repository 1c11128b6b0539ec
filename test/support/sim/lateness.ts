type Tags = Readonly<Record<string, string>>;

/** What answers do not show yet of new and deleted tables. All durations are milliseconds of the virtual clock. */
export class SimLateness {
  /** How long DescribeTable does not find a new table. */
  describeMs = 0;
  /** How long ListTagsOfResource shows the tags of an earlier table of the name, or none. */
  tagsMs = 0;
  /** How long ListTables does not contain a new table, and contains a deleted one. */
  listMs = 0;
  readonly #events = new Map<
    string,
    { readonly exists: boolean; readonly at: number; readonly tags: Tags }
  >();

  created(name: string, at: number): void {
    this.#events.set(name, { exists: true, at, tags: this.#events.get(name)?.tags ?? {} });
  }

  deleted(name: string, at: number, tags: Tags): void {
    this.#events.set(name, { exists: false, at, tags });
  }

  isDescribed(name: string, now: number): boolean {
    return !this.#isNew(name, now, this.describeMs);
  }

  tagsOf(name: string, now: number, tags: Tags): Tags {
    return this.#isNew(name, now, this.tagsMs) ? this.#events.get(name)!.tags : tags;
  }

  listed(names: readonly string[], now: number): string[] {
    const gone = [...this.#events].filter(([, { exists, at }]) => !exists && now - at < this.listMs);
    const shown = names.filter((name) => !this.#isNew(name, now, this.listMs));
    return [...shown, ...gone.map(([name]) => name)].sort();
  }

  #isNew(name: string, now: number, durationMs: number): boolean {
    const event = this.#events.get(name);
    return event?.exists === true && now - event.at < durationMs;
  }
}
