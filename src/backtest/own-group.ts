import type { Learner } from '../core/methods/method.ts';
import { MINUTE_MS, type RotationScheme } from '../core/period.ts';
import { type GroupController, type GroupView, simulateGroup } from './group.ts';
import { minutesSince, THROTTLES_FROM } from './own.ts';
import type { Replay } from './replay.ts';

/** A table is raised so long before its period: a raise takes minutes, and five fill its bucket. */
const WARM_UP_MS = 8 * MINUTE_MS;
/** A finished table is lowered when it has had no traffic for so many minutes that have been seen. */
const DRAINED_MINUTES = 5;
/** What a table has while it takes no traffic, units per second. */
const PARKED = 1;

/** Replays a rotated group as one series: what was learned on one table goes on with the next. */
export function groupReplayOf<Memory>(learner: Learner<Memory>, scheme: RotationScheme): Replay {
  return (series, options) => {
    const controller = new Rotating(learner);
    const simulation = simulateGroup(series, scheme, controller, options);
    return { ...simulation, metricReads: controller.metricReads };
  };
}

class Rotating<Memory> implements GroupController {
  readonly created = PARKED;
  metricReads = 0;
  readonly #learner: Learner<Memory>;
  #memory: Memory | undefined;
  #learned = 0;
  #lookAt = -Infinity;
  /** The minute from which the current table takes the traffic. */
  #began = 0;

  constructor(learner: Learner<Memory>) {
    this.#learner = learner;
  }

  decide(view: GroupView): void {
    const { t, now, age, periodEnd, current, upcoming, previous } = view;
    this.#began = t - age;
    const warming = periodEnd - now <= WARM_UP_MS;
    if (now >= this.#lookAt || warming) this.#look(view);
    if (this.#memory === undefined) return;
    if (!current.busy && this.#learned === t && t > 0) this.#scale(view, this.#memory);
    if (warming && !upcoming.busy) {
      const needed = this.#learner.needed(this.#memory);
      if (needed > upcoming.provisioned) upcoming.ask(needed, t, now);
    }
    if (previous && age > DRAINED_MINUTES) previous.ask(PARKED, t, now);
  }

  /** Learns what has become known since the last look. */
  #look(view: GroupView): void {
    const { capacity } = view;
    const minutes = minutesSince(view, this.#learned);
    const busy = minutes.some(({ consumed }, i) => consumed >= THROTTLES_FROM * capacity[this.#learned + i]!);
    this.metricReads += busy ? 2 : 1;
    this.#memory ??= this.#learner.begin(capacity[0]!);
    for (const minute of minutes) {
      const units = capacity[this.#learned]!;
      if (this.#learned === this.#began && this.#began > 0)
        this.#memory = this.#learner.moved(this.#memory, units);
      this.#memory = this.#learner.learn(this.#memory, minute, units);
      this.#learned++;
    }
  }

  #scale({ t, now, current }: GroupView, memory: Memory): void {
    const { provisioned, quota: decreases } = current;
    const decision = this.#learner.decide(memory, { now, provisioned, decreases });
    this.#memory = decision.memory;
    this.#lookAt = now + decision.lookAgainMs;
    current.ask(decision.proposal.units, t, now);
  }
}
