import type { RunFigures } from '../../core/metrics/of-run.ts';
import type { Job } from '../../core/plan.ts';
import { healthOf, type LastRun, readinessOf } from './condition.ts';
import type { Address } from './listen-option.ts';

/** What the daemon tells other processes over HTTP, if it listens. */
export interface Telling {
  /** undefined if it does not listen. */
  readonly url?: string;
  record(job: Job, outcome: LastRun['outcome'], figures: RunFigures | undefined): void;
  /** The daemon no longer starts runs. */
  stopping(): void;
  close(): Promise<void>;
}

const nothing: Telling = { record: () => {}, stopping: () => {}, close: async () => {} };

/** Listens on an address, if there is one. Otherwise, neither the server nor the metrics are loaded. */
export async function telling(
  address: Address | undefined,
  environment: string,
  now: () => number,
): Promise<Telling> {
  if (!address) return nothing;
  const [{ daemonMetrics }, { listen }] = await Promise.all([
    import('./prometheus.ts'),
    import('./server.ts'),
  ]);
  const metrics = daemonMetrics(environment);
  const lastRuns = new Map<Job, LastRun>();
  const condition = { startedAt: now(), stopping: false, lastRuns };
  const { url, close } = await listen(address, {
    health: () => healthOf(condition, now()),
    readiness: () => readinessOf(condition),
    metrics,
  });
  return {
    url,
    record(job, outcome, figures) {
      lastRuns.set(job, { outcome, endedAt: now() });
      metrics.record(job, outcome, figures);
    },
    stopping() {
      condition.stopping = true;
    },
    close,
  };
}
