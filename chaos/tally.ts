import type { Played } from './drive.ts';

const sums = ['faults', 'checks', 'crashes', 'runs'] as const;
const counted = ['created', 'deleted', 'resized'] as const;

/** What all histories of a drive come to. */
export class Tally {
  histories = 0;
  violations = 0;
  readonly #met = new Map<string, number>();
  readonly #of = { faults: 0, checks: 0, crashes: 0, runs: 0, created: 0, deleted: 0, resized: 0 };

  add(played: Played): void {
    this.histories += 1;
    this.violations += played.violations.length;
    for (const key of sums) this.#of[key] += played[key];
    for (const key of counted) this.#of[key] += played.counts[key];
    for (const [what, times] of played.met) this.#met.set(what, (this.#met.get(what) ?? 0) + times);
  }

  /** What was met, what was done, and last the line that scripts may read. */
  lines(seed: number): string[] {
    const { faults, checks, crashes, runs, created, deleted, resized } = this.#of;
    const met = [...this.#met].sort(([a, times], [b, others]) => others - times || a.localeCompare(b));
    return [
      `met: ${met.map(([what, times]) => `${what} ${times}`).join(', ')}`,
      `seed ${seed}: ${runs} runs, ${crashes} crashed; ${created} tables made, ${deleted} deleted, ${resized} resized`,
      `histories ${this.histories}, faults ${faults}, checks ${checks}, violations ${this.violations}`,
    ];
  }

  exitCode(): 0 | 1 {
    return this.violations > 0 ? 1 : 0;
  }
}
