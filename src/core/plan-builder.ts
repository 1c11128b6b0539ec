import { dimensions } from './capacity/demand.ts';
import { keyOf, type Learned, type Remembered } from './capacity/remembered.ts';
import { Decided, type DecidedSoFar } from './decided.ts';
import type { Need } from './facts.ts';
import type { Observed } from './observed.ts';
import type { HoldBody, Outcome } from './outcome.ts';
import {
  type Action,
  type ActionBody,
  type Draft,
  type Hold,
  type Job,
  type Subject,
  subject,
} from './plan.ts';

/**
 * Collects the outcomes of one planner's decisions. Only `add` adds to a plan: deciding functions return an `Outcome`,
 * and can only read `soFar`.
 */
export class PlanBuilder implements Draft {
  readonly actions: Action[] = [];
  readonly holds: Hold[] = [];
  readonly needs: Need[] = [];
  readonly learned = new Map<string, Remembered>();
  /** Only purge changes it, as a whole. */
  readonly retentions: Draft['retentions'] = new Map();
  readonly #job: Job;
  readonly #observed: Observed;
  readonly #decided: Decided;
  readonly #held = new Set<string>();

  constructor(job: Job, observed: Observed) {
    this.#job = job;
    this.#observed = observed;
    this.#decided = new Decided(observed, (group) => this.#remembered(group));
  }

  /** The decisions so far, for the decisions on further tables. It includes what is added later. */
  get soFar(): DecidedSoFar {
    return this.#decided;
  }

  /** Adds what was decided for a table. Equal holds are added once, however many decisions returned them. */
  add(table: Subject, { actions, holds, needs, learned }: Outcome): void {
    for (const action of actions) this.#act(table, action);
    for (const hold of holds) this.#hold(table, hold);
    this.needs.push(...needs);
    for (const [key, one] of Object.entries(learned)) this.#learn(table.spec, key, one);
  }

  #act(table: Subject, body: ActionBody): void {
    const action = { ...subject(this.#job, table), ...body } as Action;
    this.actions.push(action);
    this.#decided.add(action);
  }

  #hold(table: Subject, body: HoldBody): void {
    const key = JSON.stringify([table.name, body.kind, body.message]);
    if (this.#held.has(key)) return;
    this.#held.add(key);
    this.holds.push({ ...subject(this.#job, table), ...body });
  }

  /** Remembers what was learned, and forgets dimensions that the spec no longer has. */
  #learn(spec: Subject['spec'], key: string, learned: Learned): void {
    const keys = new Set(spec.resources.flatMap(({ index }) => dimensions.map((one) => keyOf(one, index))));
    const known = Object.entries(this.#remembered(spec.name) ?? {});
    const retained = Object.fromEntries(known.filter(([one]) => keys.has(one)));
    this.learned.set(spec.name, { ...retained, [key]: learned });
  }

  #remembered(group: string): Remembered | undefined {
    return this.learned.get(group) ?? this.#observed.memories.get(group);
  }
}
