/** A process that runs the bundled handlers of a version of Turntable. Its parent sets its clock with each event. */
export interface Event {
  readonly job: 'rotate' | 'scale' | 'purge';
  /** The time of the event and of the machine's clock, in epoch milliseconds. */
  readonly at: number;
}

export interface Ended {
  readonly actions: number;
  readonly outcome: string;
  readonly ms: number;
  /** Processor time of the run, milliseconds. */
  readonly cpuMs: number;
  /** The most memory that the process has had so far, MB. */
  readonly peakMb: number;
}

const RealDate = Date;
let base = 0;
let since = 0;
const now = (): number => Math.floor(base + performance.now() - since);

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) => (args.length === 0 ? new target(now()) : Reflect.construct(target, args)),
  get: (target, property) => (property === 'now' ? now : Reflect.get(target, property)),
});

const [, , bundle = ''] = process.argv;
const handlers = await import(bundle);

process.on('message', async ({ job, at }: Event) => {
  base = at;
  since = performance.now();
  const before = process.cpuUsage();
  const context = { awsRequestId: `${job}-${at}`, getRemainingTimeInMillis: () => 300_000 };
  const answer = await handlers[job]({ time: new RealDate(at).toISOString() }, context).then(
    (summary: { outcome: string; results: readonly unknown[] }) => ({
      outcome: summary.outcome,
      actions: summary.results.length,
    }),
    ({ message }: Error) => ({ outcome: message, actions: 0 }),
  );
  const ms = performance.now() - since;
  const { user, system } = process.cpuUsage(before);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  process.send?.({ ...answer, ms, cpuMs: (user + system) / 1000, peakMb } satisfies Ended);
});
process.send?.('ready');
