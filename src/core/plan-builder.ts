import { dimensions, type MetricQuery, type MetricSeries, type Window } from './capacity/demand.ts';
import { keyOf, type Learned, type Remembered } from './capacity/remembered.ts';
import type { Table } from './fleet.ts';
import { disowned } from './guards/ownership.ts';
import type { Facts, Need, Observed, TableFact } from './observed.ts';
import {
  type Action,
  type ActionBody,
  type Draft,
  type Hold,
  type Job,
  type Reason,
  subject,
  updates,
} from './plan.ts';
import type { Spec } from './spec.ts';

/** A day of minutes takes about a tenth of a second of a small Lambda's to learn. */
const HISTORIES_A_RUN = 40;

/** Collects what one planner says. */
export class PlanBuilder implements Draft {
  readonly actions: Action[] = [];
  readonly holds: Hold[] = [];
  readonly needs: Need[] = [];
  readonly learned = new Map<string, Remembered>();
  readonly #job: Job;
  #begun = 0;

  constructor(job: Job) {
    this.#job = job;
  }

  do(table: Table, action: ActionBody): void {
    this.actions.push({ ...subject(this.#job, table), ...action } as Action);
  }

  /** Whether an action makes the table UPDATING already. */
  updates({ name }: Table): boolean {
    return this.actions.some(({ table, kind }) => table === name && updates.has(kind));
  }

  /** Says it once, however many steps ran into it. */
  hold(table: Table, kind: Hold['kind'], reason: Reason, message: string, urgent = false): void {
    const known = this.holds.some(
      (hold) => hold.table === table.name && hold.kind === kind && hold.message === message,
    );
    if (known) return;
    this.holds.push({ ...subject(this.#job, table), kind, reason, message, ...(urgent && { urgent }) });
  }

  /** The fact; undefined after noting that it has yet to be read, or holding where it could not be. */
  ask<F extends TableFact>(observed: Observed, table: Table, fact: F): { value: Facts[F] } | undefined {
    const reading = observed.get(fact, table.name);
    if (!reading) this.needs.push({ fact, table: table.name });
    else if ('error' in reading)
      this.hold(table, 'read', 'unreadable', `Could not read its ${fact}: ${reading.error}`);
    else return reading;
    return undefined;
  }

  /** A metric in a window; undefined after noting that it has yet to be read. */
  metric(observed: Observed, query: MetricQuery, window: Window): MetricSeries | undefined {
    const known = observed.metric(query, window);
    if (!known) this.needs.push({ fact: 'metric', query, window });
    return known;
  }

  /** Holds what depended on metrics that could not be read. */
  unknown(table: Table, name: string, error: string): undefined {
    const message = `Could not read the metrics of its ${name}, so its capacity stays: ${error}.`;
    this.hold(table, 'read', 'metrics-unknown', message);
  }

  /** Whether one more history may be read and learned: more than so many at once would outlast a run. */
  mayBegin(): boolean {
    this.#begun += 1;
    return this.#begun <= HISTORIES_A_RUN;
  }

  learn(observed: Observed, spec: Spec, key: string, learned: Learned): void {
    const keys = new Set(spec.resources.flatMap(({ index }) => dimensions.map((one) => keyOf(one, index))));
    const known = Object.entries(this.remembered(observed, spec.name) ?? {});
    const kept = Object.fromEntries(known.filter(([one]) => keys.has(one)));
    this.learned.set(spec.name, { ...kept, [key]: learned });
  }

  /** What is remembered of a group's demand, this run's learning included. */
  remembered(observed: Observed, group: string): Remembered | undefined {
    return this.learned.get(group) ?? observed.memories.get(group);
  }

  /** Whether the table is ours to change; where it is not, what was wanted is held. */
  owns(observed: Observed, table: Table, wanted: Hold['kind'], urgent = false): boolean {
    const tags = this.ask(observed, table, 'tags');
    if (!tags) return false;
    const objection = disowned(table.spec, table.period, table.name, tags.value);
    if (objection) this.hold(table, wanted, objection.reason, objection.message, urgent);
    return !objection;
  }
}
