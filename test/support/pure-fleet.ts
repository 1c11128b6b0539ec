/** A fleet whose tables exist as names only, on which purge is planned and applied without I/O. */
import { tableName } from '../../src/core/calendar/naming.ts';
import { shift } from '../../src/core/calendar/period.ts';
import type { AppliedRetention, ScheduledDeletion } from '../../src/core/facts.ts';
import { needsAttention } from '../../src/core/failing-holds.ts';
import { requiredTables } from '../../src/core/fleet.ts';
import type { Draft, Hold } from '../../src/core/plan.ts';
import { planPurge } from '../../src/core/purging/purge.ts';
import type { Config, Spec } from '../../src/core/spec.ts';
import { observedOf } from './worlds.ts';

export class PureFleet {
  /** When each table was deleted, epoch milliseconds. */
  readonly deleted = new Map<string, number>();
  /** The holds of the last run that need an operator. */
  urgent: readonly Hold[] = [];
  readonly #tables = new Map<string, Spec>();
  readonly #scheduled = new Map<string, ScheduledDeletion>();
  readonly #retentions = new Map<string, AppliedRetention>();

  get names(): string[] {
    return [...this.#tables.keys()];
  }

  /** Creates the required tables, as rotate does. */
  rotate({ specs }: Config, now: number): void {
    for (const spec of specs) for (const { name } of requiredTables(spec, now)) this.#tables.set(name, spec);
  }

  /** Creates the past tables that a spec retains, if it does not retain all. */
  fill({ specs }: Config, now: number): void {
    for (const spec of specs)
      for (let i = 1; spec.keep < Infinity && i < spec.keep; i += 1)
        this.#tables.set(tableName(spec, shift(spec.scheme, now, -i)), spec);
  }

  /** Plans and applies purge, and stores what it remembers. */
  purge(config: Config, now: number): Draft {
    const known = [...this.#tables.keys()].map((name) => ({ name, spec: this.#specOf(config, name) }));
    const observed = observedOf(known, [...this.#scheduled.values()], this.#retentions);
    const draft = planPurge(config, observed, now);
    for (const action of draft.actions) {
      const { kind, table } = action;
      if (kind === 'cancel-deletion' || kind === 'delete') this.#scheduled.delete(table);
      if (kind === 'schedule-deletion') this.#schedule(table, action);
      if (kind !== 'delete') continue;
      this.#tables.delete(table);
      this.deleted.set(table, now);
    }
    for (const [group, update] of draft.retentions)
      if ('record' in update) this.#retentions.set(group, update.record);
    this.urgent = draft.holds.filter(needsAttention);
    return draft;
  }

  /** An operator confirms the retention of a spec. */
  confirm({ name, scheme, keep }: Spec, since: number): void {
    this.#retentions.set(name, { scheme, keep, since });
  }

  /** SNS accepts the notice of a shorter retention. */
  tell({ name, scheme, keep }: Spec, toldAt: number): void {
    const applied = this.#retentions.get(name);
    if (applied) this.#retentions.set(name, { ...applied, announced: { scheme, keep, toldAt } });
  }

  #schedule(table: string, { createdAt, scheduledAt }: { createdAt: string; scheduledAt: string }): void {
    const times = { createdAt: Date.parse(createdAt), scheduledAt: Date.parse(scheduledAt) };
    this.#scheduled.set(table, { table, ...times });
  }

  #specOf({ specs }: Config, table: string): Spec {
    const made = this.#tables.get(table)!;
    return specs.find(({ name }) => name === made.name) ?? made;
  }
}
