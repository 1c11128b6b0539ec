/**
 * Imported first by a process of handlers: its clock is told from outside, and waiting costs a fraction of the time.
 * Built-in modules are changed before anything else has taken hold of them.
 */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

const SPEED = 100;
/** The SDK gives a call up after whole seconds: on a busy machine it must not do so for want of a processor. */
const TIMEOUT_SPEED = 10;
const isTimeout = (ms: number): boolean => ms >= 3_000 && ms % 1_000 === 0;
/** What a pause of the jobs may really take: tables of the embedded AWS settle within milliseconds. */
const LONGEST_PAUSE_MS = 40;

/** Tells the parent that time has passed. */
export interface Slept {
  readonly sleptMs: number;
}

const RealDate = Date;
const realTimeout = globalThis.setTimeout;
const realSleep = timers.setTimeout;
let base = RealDate.now();
let since = performance.now();

/** Puts the clock to `instant`, epoch milliseconds; from there it runs on. */
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

timers.setTimeout = (async (ms = 0, value: unknown, options: object = {}) => {
  base += ms;
  process.send?.({ sleptMs: ms } satisfies Slept);
  return realSleep(Math.min(ms / SPEED, LONGEST_PAUSE_MS), value, options);
}) as typeof timers.setTimeout;
syncBuiltinESMExports();
