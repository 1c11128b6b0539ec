/**
 * A process of handlers imports this module first. Its parent sets its clock, and waiting takes a fraction of the time.
 * Built-in modules are changed before any other module imports them.
 */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

const SPEED = 100;
/**
 * The SDK has timeouts of whole seconds, and the limits of runs are longer than its pauses. They are accelerated less, so
 * that a busy machine does not cause timeouts.
 */
const TIMEOUT_SPEED = 10;
const LONGEST_SDK_PAUSE_MS = 20_000;
const isTimeout = (ms: number): boolean => (ms >= 3_000 && ms % 1_000 === 0) || ms > LONGEST_SDK_PAUSE_MS;
/** The longest real pause of a job. Tables of the embedded AWS become ACTIVE within milliseconds. */
const LONGEST_PAUSE_MS = 40;

/** Reports to the parent that virtual time has passed. */
export interface Slept {
  readonly sleptMs: number;
}

const RealDate = Date;
const realTimeout = globalThis.setTimeout;
const realSleep = timers.setTimeout;
let base = RealDate.now();
let since = performance.now();

/** Sets the clock to `instant`, in epoch milliseconds. It continues from there. */
export function setClock(instant: number): void {
  base = instant;
  since = performance.now();
}

const now = (): number => Math.floor(base + performance.now() - since);

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) => (args.length === 0 ? new target(now()) : Reflect.construct(target, args)),
  get: (target, property) => (property === 'now' ? now : Reflect.get(target, property)),
});

globalThis.setTimeout = Object.assign(
  (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    realTimeout(callback, ms / (isTimeout(ms) ? TIMEOUT_SPEED : SPEED), ...args),
  realTimeout,
) as typeof setTimeout;

timers.setTimeout = (async (ms = 0, value: unknown, options: { signal?: AbortSignal } = {}) => {
  // What can be ended early is a limit for something else, and usually does not pass.
  if (options.signal) return realSleep(ms / TIMEOUT_SPEED, value, options);
  base += ms;
  process.send?.({ sleptMs: ms } satisfies Slept);
  return realSleep(Math.min(ms / SPEED, LONGEST_PAUSE_MS), value, options);
}) as typeof timers.setTimeout;
syncBuiltinESMExports();
