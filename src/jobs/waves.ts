import { jobs } from '../core/jobs.ts';
import type { Action, Job, Plan } from '../core/plan.ts';
import type { Planner } from '../core/planners.ts';
import type { Config } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import type { ApplyOptions, Result } from './apply.ts';
import { type MadePlan, makePlanBy } from './planning.ts';
import { patienceUntil } from './run-times.ts';
import type { Patience } from './table-reads.ts';
import { applyAndTell } from './tell.ts';

/** What may be applied of a plan, and in words why the rest may not. */
export interface Guarded {
  readonly safe: Plan;
  readonly troubles: readonly string[];
}

interface Run {
  readonly planner: Planner;
  readonly config: Config;
  readonly ports: Ports;
  /** The instant of the run, epoch milliseconds. */
  readonly now: number;
  readonly options: ApplyOptions & { readonly deadline: number };
  readonly guard: (made: MadePlan) => Guarded;
  /** Called with the first plan. If it throws, nothing is applied. */
  readonly check: (made: MadePlan) => void;
}

/** The last plan, what was allowed of it, and the results of the actions of all plans. */
interface Done extends Guarded {
  readonly made: MadePlan;
  readonly results: Result[];
}

/**
 * Plans and applies in waves. If reads about some tables are late, the run acts on the other tables meanwhile, and plans
 * again when more is known. No action is begun twice.
 * @throws ServiceError if the list of tables cannot be read
 */
export async function planAndApply({
  planner,
  config,
  ports,
  now,
  options,
  guard,
  check,
}: Run): Promise<Done> {
  const { job } = planner;
  let made = await makePlanBy([planner], config, ports, now, {
    patience: patienceOf(job, ports, options.deadline),
  });
  while (made.rest && !jobs[job].actsWhileReading) made = await made.rest();
  check(made);
  const begun = new Set<string>();
  const waves: Promise<Result[]>[] = [];
  try {
    for (;;) {
      const { safe, troubles } = guard(made);
      const due = safe.actions.filter((action) => !begun.has(keyOf(action)));
      for (const action of due) begun.add(keyOf(action));
      waves.push(applyAndTell(due, { config, observed: made.observed }, ports, options));
      if (!made.rest) return { made, safe, troubles, results: (await Promise.all(waves)).flat() };
      made = await made.rest();
    }
  } finally {
    // Nothing may be in progress when the lease is released.
    await Promise.all(waves);
  }
}

/** An action, among those of one run. */
const keyOf = ({ kind, table }: Action): string => `${kind} ${table}`;

/** How long a run waits for reads. A simulator's reads are never late. */
const patienceOf = (job: Job, { clock, within }: Ports, deadline: number): Patience | undefined =>
  within && patienceUntil(deadline, clock.now(), jobs[job].actsWhileReading);
