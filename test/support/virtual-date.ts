import { vi } from 'vitest';

/**
 * Sets this process's clock to the virtual clock of the embedded AWS, because the clocks of AWS and its users agree. From
 * there, the clock continues in real time, because pauses are real. `vi.restoreAllMocks` ends it. `passed`: sets how long ago that was.
 */
export function virtualDate(now: () => number): { readonly passed: (ms: number) => void } {
  let set = Number.NaN;
  let since = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => {
    if (now() !== set) {
      set = now();
      since = performance.now();
    }
    return set + Math.floor(performance.now() - since);
  });
  return {
    passed(ms) {
      set = now();
      since = performance.now() - ms;
    },
  };
}

/** The same for another process: a line for the start of its script. */
export const virtualDateScript = (now: number): string =>
  `{ const real = Date.now; const ahead = ${now} - real(); Date.now = () => real() + ahead; }`;

export const virtualDateEnv = (now: number): Record<string, string> => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(virtualDateScript(now))}`,
});
