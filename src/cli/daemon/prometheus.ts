import { Counter, Gauge, Registry } from 'prom-client';
import { type MetricName, metricNames, metrics } from '../../core/metrics/catalog.ts';
import { meanings } from '../../core/metrics/meanings.ts';
import type { Measurement } from '../../core/metrics/measurement.ts';
import type { RunFigures } from '../../core/metrics/of-run.ts';
import type { Job } from '../../core/plan.ts';
import type { LastRun } from './condition.ts';

/** `turntable_covered_seconds` for SecondsCovered, `turntable_actions_total` for Actions. */
export function prometheusName(name: MetricName): string {
  const words = name.replace(/^Seconds(.+)$/, '$1Seconds').replace(/(?!^)([A-Z])/g, '_$1');
  return `turntable_${words.toLowerCase()}${metrics[name].type === 'count' ? '_total' : ''}`;
}

/** The metrics of a daemon. */
export interface DaemonMetrics {
  /** Records a run that has ended. */
  record(job: Job, outcome: LastRun['outcome'], figures: RunFigures | undefined): void;
  /** All metrics in the text format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
}

/**
 * The metrics of the Lambda functions, by job, and divided by everything that they can be divided by, because Prometheus does not
 * charge for each. A metric that can be divided has no total beside its parts, because a sum would count both.
 */
export function daemonMetrics(environment: string): DaemonMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ environment });
  const latest = new Map<Job, RunFigures>();
  const registers = [registry];
  const runs = new Counter({
    name: 'turntable_runs_total',
    help: 'Runs of each job, by outcome.',
    labelNames: ['job', 'outcome'],
    registers,
  });
  const counters = new Map<MetricName, Counter>();
  for (const name of metricNames) {
    const { type, by } = metrics[name];
    const options = {
      name: prometheusName(name),
      help: plain(meanings[name]),
      labelNames: ['job', ...(by ? [by] : [])],
      registers,
    };
    if (type === 'count') counters.set(name, new Counter(options));
    else new Gauge({ ...options, collect: setting(name, latest) });
  }
  return {
    contentType: registry.contentType,
    record(job, outcome, figures) {
      runs.inc({ job, outcome });
      if (!figures) return;
      latest.set(job, figures);
      for (const [name, counter] of counters)
        for (const one of exposed(figures, name)) counter.inc(labelsOf(job, one), one.value);
    },
    text: () => registry.metrics(),
  };
}

/** A meaning without Markdown. */
const plain = (meaning: string): string => meaning.replace(/\[(.+?)\]\(.+?\)/g, '$1').replaceAll('`', '');

/** Sets a gauge to the values of the newest runs, and forgets the rest, such as groups that no longer exist. */
const setting = (name: MetricName, latest: ReadonlyMap<Job, RunFigures>) =>
  function collect(this: Gauge): void {
    this.reset();
    for (const [job, figures] of latest)
      for (const one of exposed(figures, name)) this.set(labelsOf(job, one), one.value);
  };

const exposed = ({ measurements }: RunFigures, name: MetricName): Measurement[] =>
  measurements.filter(
    ({ metric, part }) => metric === name && (part !== undefined) === (metrics[name].by !== undefined),
  );

const labelsOf = (job: Job, { part }: Measurement): Record<string, string> => ({
  job,
  ...(part && { [part.division]: part.of }),
});
