import { ask, unmanaged } from './ask.ts';
import { dimensions, type MetricQuery, type MetricSeries, type Window } from './capacity/demand.ts';
import { keyOf, type Learned, type Remembered } from './capacity/remembered.ts';
import type { Table } from './fleet.ts';
import type { Facts, Need, Observed, TableFact } from './observed.ts';
import type { DecidedSoFar, HoldBody, Outcome } from './outcome.ts';
import {
  type Action,
  type ActionBody,
  type Draft,
  type Hold,
  type Job,
  keepsUpdating,
  type Subject,
  subject,
} from './plan.ts';

/** A day of minutes takes about a tenth of a second of a small Lambda's to learn. */
const HISTORIES_A_RUN = 40;

/**
 * Collects the outcomes of one planner's decisions. `add` is the only way in: deciding functions return an `Outcome`
 * and see no more of this than `soFar`, which is read-only.
 */
export class PlanBuilder implements Draft {
  readonly actions: Action[] = [];
  readonly holds: Hold[] = [];
  readonly needs: Need[] = [];
  readonly learned = new Map<string, Remembered>();
  readonly #job: Job;
  readonly #observed: Observed;
  #begun = 0;

  constructor(job: Job, observed: Observed) {
    this.#job = job;
    this.#observed = observed;
  }

  /** What has been decided up to now, for the decisions on further tables. */
  get soFar(): DecidedSoFar {
    return { actions: this.actions, remembered: (group) => this.remembered(this.#observed, group) };
  }

  /** Writes down what was decided for a table. Says the same hold only once, however many decisions ran into it. */
  add(table: Subject, { actions, holds, needs, learned }: Outcome): void {
    for (const action of actions) this.do(table, action);
    for (const hold of holds) this.#hold(table, hold);
    this.needs.push(...needs);
    for (const [key, one] of Object.entries(learned)) this.learn(this.#observed, table.spec, key, one);
  }

  do(table: Subject, action: ActionBody): void {
    this.actions.push({ ...subject(this.#job, table), ...action } as Action);
  }

  /** Whether an action makes the table UPDATING already. */
  updates({ name }: Table): boolean {
    return this.actions.some((action) => action.table === name && keepsUpdating(action));
  }

  hold(table: Table, kind: Hold['kind'], reason: Hold['reason'], message: string, urgent = false): void {
    this.#hold(table, { kind, reason, message, ...(urgent && { urgent }) });
  }

  #hold(table: Subject, body: HoldBody): void {
    const known = this.holds.some(
      (hold) => hold.table === table.name && hold.kind === body.kind && hold.message === body.message,
    );
    if (!known) this.holds.push({ ...subject(this.#job, table), ...body });
  }

  /** The fact; undefined after noting that it has yet to be read, or holding where it could not be. */
  ask<F extends TableFact>(observed: Observed, table: Table, fact: F): { value: Facts[F] } | undefined {
    const answer = ask(observed, table, fact);
    if ('value' in answer) return answer;
    this.add(table, answer.pending);
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

  learn(observed: Observed, spec: Subject['spec'], key: string, learned: Learned): void {
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
    const obstacle = unmanaged(observed, table, wanted, urgent);
    if (obstacle) this.add(table, obstacle);
    return !obstacle;
  }
}
