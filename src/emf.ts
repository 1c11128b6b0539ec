import { Metrics } from '@aws-lambda-powertools/metrics';
import { NAMESPACE } from './core/metrics/catalog.ts';
import type { RunFigures } from './core/metrics/of-run.ts';
import { documentsOf } from './core/metrics/published.ts';
import type { Config } from './core/spec.ts';

/** A unit as Powertools names it. */
type Unit = Parameters<Metrics['addMetric']>[1];

/**
 * Writes the metrics of a run to standard output, in the embedded metric format. Lambda passes them on to CloudWatch, which
 * needs no call and no permission. The first line also has the other figures of the run, as fields of the log.
 */
export function writeMetrics(
  { measurements, fields }: RunFigures,
  config: Config,
  about: Readonly<Record<string, unknown>>,
): void {
  documentsOf(measurements, config).forEach(({ dimensions, metrics }, i) => {
    const line = new Metrics({ namespace: NAMESPACE });
    // Powertools adds the dimension `service`, which would say nothing here.
    line.clearDefaultDimensions();
    line.setDefaultDimensions({ ...dimensions });
    for (const { name, unit, value } of metrics) line.addMetric(name, unit as Unit, value);
    for (const [name, value] of Object.entries({ ...about, ...(i === 0 && fields) }))
      line.addMetadata(name, value as string);
    line.publishStoredMetrics();
  });
}
