import { Option } from 'commander';
import type { ScheduledTask } from 'node-cron';
import { visibleJson } from '../../config/quote.ts';
import { iso } from '../../core/calendar/instant.ts';
import { MINUTE_MS } from '../../core/calendar/period.ts';
import { isFailure, messageOf } from '../../core/failure.ts';
import type { RunFigures } from '../../core/metrics/of-run.ts';
import type { Job } from '../../core/plan.ts';
import { currentConfig, figuresWith, noted } from '../../current-config.ts';
import { runJob } from '../../jobs/run.ts';
import type { Ports } from '../../ports.ts';
import { leaseOwner } from '../../runtime.ts';
import { webhookNotices } from '../../webhook.ts';
import { type CommonOptions, type Context, command, configOf, contextOf, portsOf } from '../context.ts';
import { type FailedRuns, failedRuns } from '../daemon/failed-runs.ts';
import { type Address, addressOf } from '../daemon/listen-option.ts';
import { type Telling, telling } from '../daemon/telling.ts';
import { webhookOf } from '../daemon/webhook-option.ts';
import { UsageError } from '../failure.ts';
import { schedule, schedules } from '../schedules.ts';
import { print } from '../suggested.ts';
import { viewRun } from '../views/run.ts';
import { visible } from '../views/text.ts';

export function daemonCommand() {
  const daemon = command(
    'daemon',
    'run rotate, purge, and scale on their schedules in one process, without Lambda',
  );
  daemon.option(
    '--listen <[host:]port>',
    'answer /health, /ready and /metrics (Prometheus) on this port. Default host: 127.0.0.1',
  );
  daemon.addOption(
    new Option('--webhook <url>', 'post the notices of runs to this URL, as JSON').env(
      'TURNTABLE_WEBHOOK_URL',
    ),
  );
  daemon.options.find(({ long }) => long === '--at')?.hideHelp();
  return daemon.action(async (options: DaemonOptions) => {
    const context = contextOf(options);
    if (options.at !== undefined) throw new UsageError('daemon does not accept --at.');
    const address = options.listen === undefined ? undefined : addressOf(options.listen);
    const webhook = options.webhook ? webhookOf(options.webhook) : undefined;
    if (typeof context.source === 'string') configOf(context);
    await run(context, address, webhook);
  });
}

interface DaemonOptions extends CommonOptions {
  readonly listen?: string;
  readonly webhook?: string;
}

/** Runs until SIGTERM or SIGINT, then waits for the current runs. */
async function run(
  context: Context,
  address: Address | undefined,
  webhook: string | undefined,
): Promise<void> {
  const { environment } = context;
  const ports: Ports = {
    ...portsOf(context),
    ...(webhook !== undefined && { webhook: webhookNotices(webhook, environment) }),
  };
  await configAtStart(context, ports);
  const failures = failedRuns(environment, ports);
  const told = await telling(address, environment, ports.clock.now);
  // Without a state table no run can get its lease. This reports the error once, at the start. With a newer one, runs
  // still create and raise.
  await ports.state.scheduledDeletions().catch((error: unknown) => {
    if (!isFailure(error, 'newer-state')) throw error;
  });
  const running = new Set<Promise<void>>();
  const begin = (job: Job, now: number): Promise<void> => {
    const work = tick(job, now, { context, ports, told, failures }).finally(() => running.delete(work));
    running.add(work);
    return work;
  };
  const tasks = (Object.keys(schedules) as Job[]).map((job) =>
    schedule(job, ({ at, scheduledAt, isLate }) => {
      if (isLate) say(context, { event: 'late', job, scheduledAt: iso(scheduledAt) });
      return begin(job, at);
    }),
  );
  const stopped = stopSignal();
  say(context, { event: 'started', schedules });
  if (told.url !== undefined) say(context, { event: 'listening', url: told.url });
  begin('rotate', Math.floor(ports.clock.now() / MINUTE_MS) * MINUTE_MS);
  const signal = await stopped;
  say(context, { event: 'stopping', signal, running: running.size });
  told.stopping();
  await stop(tasks);
  await Promise.all(running);
  await told.close();
  say(context, { event: 'stopped' });
}

/** A configuration in S3 can be invalid at the start if its last valid version is recorded. @throws ConfigError, ServiceError */
async function configAtStart({ source, environment, now, chosen }: Context, { state }: Ports): Promise<void> {
  if (typeof source === 'string') return;
  await currentConfig(source.name, { job: 'scale', environment, state, now, chosen });
}

/** What the runs of a daemon share. */
interface Daemon {
  readonly context: Context;
  readonly ports: Ports;
  readonly told: Telling;
  readonly failures: FailedRuns;
}

/** Runs one job once. The configuration is read again each time. A failure is printed and does not end the daemon. */
async function tick(job: Job, now: number, { context, ports, told, failures }: Daemon): Promise<void> {
  let figures: RunFigures | undefined;
  const report = (reported: RunFigures): void => {
    figures = reported;
  };
  try {
    const owner = leaseOwner('daemon');
    const { source, environment, chosen } = context;
    const place = typeof source === 'string' ? source : source.name;
    const loaded = await currentConfig(place, {
      job,
      environment,
      state: ports.state,
      now,
      chosen,
    });
    const { config, note } = loaded;
    failures.kinds = config.notices;
    const ran = await runJob(job, config, ports, now, { owner, report });
    const untold = note === undefined ? undefined : await failures.tell(job, note);
    const summary = noted(ran, untold === undefined ? note : `${note} ${untold}`);
    told.record(job, summary.outcome, figuresWith(job, figures, loaded));
    if (context.json) console.log(visibleJson(summary));
    else print(context, viewRun(summary));
  } catch (error) {
    told.record(job, 'failed', undefined);
    const why = messageOf(error);
    const untold = await failures.tell(job, why);
    const message = untold === undefined ? why : `${why} ${untold}`;
    console.error(
      context.json ? visibleJson({ job, outcome: 'failed', message }) : `${job} failed: ${visible(message)}`,
    );
  }
}

async function stop(tasks: readonly ScheduledTask[]): Promise<void> {
  await Promise.all(tasks.map((task) => task.destroy()));
}

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}

function say({ json, environment }: Context, event: Record<string, unknown>): void {
  if (json) return console.log(visibleJson({ environment, ...event }));
  const words: Readonly<Record<string, string>> = {
    started: `Turntable is running for ${environment}: rotate at minutes 5, 50 and 54 of every hour, purge daily at 03:35 UTC, scale every minute. Press Ctrl-C to stop.`,
    listening: `Listening on ${event.url}: /health, /ready, /metrics.`,
    late: `${event.job} was due at ${event.scheduledAt} and runs late, because the process or the machine was suspended.`,
    stopping: `Stopping on ${event.signal}. Runs in progress: ${event.running}.`,
    stopped: 'Stopped.',
  };
  console.log(words[String(event.event)]);
}
