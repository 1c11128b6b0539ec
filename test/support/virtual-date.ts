import { vi } from 'vitest';

/**
 * Sets this process's own clock to the embedded AWS's virtual one, as the clocks of AWS and its users agree. It goes on
 * from there in real time, since pauses are real. `vi.restoreAllMocks` ends it.
 */
export function virtualDate(now: () => number): void {
  let set = Number.NaN;
  let since = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => {
    if (now() !== set) {
      set = now();
      since = performance.now();
    }
    return set + Math.floor(performance.now() - since);
  });
}

/** The same for a process of its own: a line for the beginning of its script. */
export const virtualDateScript = (now: number): string =>
  `{ const real = Date.now; const ahead = ${now} - real(); Date.now = () => real() + ahead; }`;

export const virtualDateEnv = (now: number): Record<string, string> => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(virtualDateScript(now))}`,
});
