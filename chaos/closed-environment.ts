/** Which tables of a closed environment purge may delete before their retention ends. By the promises, not by the planners. */
interface Table {
  readonly createdAt: number;
}

interface Listed {
  readonly createdAt: number;
  readonly listedAt: number;
}

export class ClosedEnvironment {
  #listed: Map<string, Listed> | undefined;

  get isClosed(): boolean {
    return this.#listed !== undefined;
  }

  /** An operator has confirmed a teardown of these tables at `now`, epoch milliseconds. A second one adds tables. */
  close(names: Iterable<string>, tables: ReadonlyMap<string, Table>, now: number): void {
    this.#listed ??= new Map();
    for (const name of names) {
      const createdAt = tables.get(name)?.createdAt ?? 0;
      if (this.#listed.get(name)?.createdAt !== createdAt)
        this.#listed.set(name, { createdAt, listedAt: now });
    }
  }

  open(): void {
    this.#listed = undefined;
  }

  /** Since when a person has confirmed the deletion of exactly this table; undefined if none did. */
  listedAt(name: string, { createdAt }: Table): number | undefined {
    const listed = this.#listed?.get(name);
    return listed?.createdAt === createdAt ? listed.listedAt : undefined;
  }
}
