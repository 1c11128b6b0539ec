import type { PlayedHistory } from './play-all.ts';

const sums = ['faults', 'checks', 'crashes', 'runs'] as const;
const counted = ['created', 'deleted', 'resized'] as const;

/** The totals of all histories. */
export class Tally {
  histories = 0;
  violations = 0;
  readonly #occurred = new Map<string, number>();
  readonly #of = { faults: 0, checks: 0, crashes: 0, runs: 0, created: 0, deleted: 0, resized: 0 };

  add(played: PlayedHistory): void {
    this.histories += 1;
    this.violations += played.violations.length;
    for (const key of sums) this.#of[key] += played[key];
    for (const key of counted) this.#of[key] += played.counts[key];
    for (const [what, times] of played.occurred)
      this.#occurred.set(what, (this.#occurred.get(what) ?? 0) + times);
  }

  /** How often faults and events occurred, what the runs did, and a last line for scripts. */
  lines(seed: number): string[] {
    const { faults, checks, crashes, runs, created, deleted, resized } = this.#of;
    const occurred = [...this.#occurred].sort(
      ([a, times], [b, others]) => others - times || a.localeCompare(b),
    );
    return [
      `met: ${occurred.map(([what, times]) => `${what} ${times}`).join(', ')}`,
      `seed ${seed}: ${runs} runs, ${crashes} crashed; ${created} tables created, ${deleted} deleted, ${resized} resized`,
      `histories ${this.histories}, faults ${faults}, checks ${checks}, violations ${this.violations}`,
    ];
  }

  exitCode(): 0 | 1 {
    return this.violations > 0 ? 1 : 0;
  }
}
