/**
 * A Lambda function in virtual time: `node process.mjs HANDLER`. Its clock advances by the processor time that it takes, divided by the
 * share of a processor that the function has, and jumps over waits. So neither other work of the machine nor its speed changes what a
 * minute contains, as far as this machine's processor resembles Lambda's. It is JavaScript, so that Node does not spend memory on types.
 */
import { AsyncResource } from 'node:async_hooks';
import http from 'node:http';
import timers from 'node:timers/promises';

const immediately = setImmediate;
const inRealTime = setTimeout;
const RealDate = Date;
/** Before a jump over more than this, milliseconds, wait for what is not counted as work in progress, such as an import. */
const LONG_JUMP_MS = 100;
/** So long, until the process has been idle, milliseconds of real time. */
const MOMENT_MS = 10;
const IDLE_CPU_MS = 1;

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Code asks for the time so often that a system call for each answer would be a sixth of all processor time. */
const FRESH_MS = 0.5;
const realNow = performance.now.bind(performance);
let read = { at: -Infinity, cpuMs: 0 };
/** `cpuMs`, as it was in the last half millisecond of real time. */
function recentCpuMs() {
  const at = realNow();
  if (at - read.at > FRESH_MS) read = { at, cpuMs: cpuMs() };
  return read.cpuMs;
}

/** Epoch milliseconds without the processor time since `since`, and the share of a processor. */
let base = 0;
let since = 0;
let share = Infinity;
const now = () => base + (recentCpuMs() - since) / share;

/** What happens at instants, the earliest first. */
const events = [];
let running = false;
let horizon = 0;
let end = Infinity;
/** Requests whose answer is not here yet, or is being read. */
let inProgress = 0;
let activity = 0;

function add(due, run) {
  const event = { due, run: AsyncResource.bind(run) };
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle].due <= due) low = middle + 1;
    else high = middle;
  }
  events.splice(low, 0, event);
  pump();
  return event;
}

function cancel(event) {
  const place = events.indexOf(event);
  if (place >= 0) events.splice(place, 1);
}

let isPumping = false;
function pump() {
  activity += 1;
  if (isPumping || !running) return;
  isPumping = true;
  immediately(() =>
    immediately(() => {
      isPumping = false;
      step();
    }),
  );
}

/** Takes a step when the process is idle, unless something has happened until then. */
function rest() {
  const before = activity;
  const used = cpuMs();
  inRealTime(() => {
    immediately(() =>
      immediately(() => {
        if (before !== activity) return;
        if (cpuMs() - used > IDLE_CPU_MS) rest();
        else step(true);
      }),
    );
  }, MOMENT_MS);
}

function step(isRested = false) {
  if (!running || inProgress > 0) return;
  const at = now();
  if (at > end) kill();
  const [next] = events;
  if (!next) return;
  if (next.due > at) {
    if (next.due > end) kill();
    if (next.due > horizon) {
      running = false;
      process.send({ type: 'waiting', until: next.due });
      return;
    }
    if (next.due - at > LONG_JUMP_MS && !isRested) {
      rest();
      return;
    }
    base += next.due - at;
  }
  events.shift();
  next.run();
  pump();
}

/** As Lambda does if the time of a function is over. */
function kill() {
  running = false;
  process.send({ type: 'killed', at: end }, () => process.exit(1));
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) =>
    args.length === 0 ? new target(Math.floor(now())) : Reflect.construct(target, args),
  get: (target, property) => (property === 'now' ? () => Math.floor(now()) : Reflect.get(target, property)),
});
performance.now = now;

class Timer {
  constructor(run, ms, everyMs) {
    const fire = () => {
      if (everyMs !== undefined) this.event = add(now() + everyMs, fire);
      run();
    };
    this.event = add(now() + Math.max(1, ms || 0), fire);
  }
  ref = () => this;
  unref = () => this;
  hasRef = () => true;
  refresh = () => this;
}
globalThis.setTimeout = (run, ms, ...args) => new Timer(() => run(...args), ms);
globalThis.setInterval = (run, ms, ...args) => new Timer(() => run(...args), ms, ms);
const clear = (timer) => timer?.event && cancel(timer.event);
globalThis.clearTimeout = clear;
globalThis.clearInterval = clear;
timers.setTimeout = (ms, value, { signal } = {}) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(value), ms);
    const stop = () => {
      clear(timer);
      reject(signal.reason);
    };
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });

const { request } = http;
/** The answer comes at the instant that it names. */
http.request = (...args) => {
  const sent = request(...args);
  sent.setHeader('x-bench-now', String(now()));
  const { emit } = sent;
  let waits = true;
  inProgress += 1;
  const arrived = () => {
    if (waits) inProgress -= 1;
    waits = false;
    pump();
  };
  const deliver = AsyncResource.bind((answer) => {
    if (!answer.closed) {
      inProgress += 1;
      answer.once('close', () => {
        inProgress -= 1;
        pump();
      });
    }
    emit.call(sent, 'response', answer);
  });
  sent.emit = (name, ...rest) => {
    if (name === 'response') {
      add(Number(rest[0].headers['x-bench-due']), () => deliver(rest[0]));
      arrived();
      return true;
    }
    if (name === 'error' || name === 'close') arrived();
    return emit.call(sent, name, ...rest);
  };
  return sent;
};

const [, , path] = process.argv;
let handler;

async function invoke({ at, limitMs, share: own, event }) {
  share = own;
  base = at;
  since = cpuMs();
  read = { at: realNow(), cpuMs: since };
  end = at + limitMs;
  running = true;
  // A cold start: the time that Lambda gives to the code before the first invocation is not counted, but its processor time is.
  handler ??= (await import(path)).handler;
  const context = { awsRequestId: `${path}-${at}`, getRemainingTimeInMillis: () => end - now() };
  const answer = await handler(event, context).then(
    // A worker of shards throws if its run has failed.
    ({ outcome = 'done', message }) => ({ outcome, message }),
    ({ message, recordErrors = [] }) => ({
      outcome: 'failed',
      message: [message, ...recordErrors.map((error) => error.message)].join(' '),
    }),
  );
  running = false;
  const rssMb = process.memoryUsage().rss / 1024 / 1024;
  process.send({ type: 'done', at: now(), cpuMs: cpuMs() - since, rssMb, ...answer });
}

process.on('message', (message) => {
  horizon = message.horizon;
  if (message.type === 'invoke') invoke(message);
  else running = true;
  pump();
});
process.on('disconnect', () => process.exit());
process.send({ type: 'ready' });
