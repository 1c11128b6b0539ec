import { type MetricName, metricNames, metrics, NAMESPACE } from '../../src/core/metrics/catalog.ts';
import { causes } from '../../src/core/metrics/hold-causes.ts';
import { meanings } from '../../src/core/metrics/meanings.ts';

const HEADER = `<!-- Generated from src/core/metrics/ by scripts/generate.ts: do not edit, run \`npm run generate\`. -->

# Metrics

The Lambda functions write metrics to their logs in CloudWatch's embedded metric format, and CloudWatch extracts them. That needs
no call and no permission. The namespace is \`${NAMESPACE}\`, and the dimension is \`Environment\`, the stage.

- Scale reports the metrics of the fleet every minute, and \`SkippedInARow\` comes from every run of every job.
- The function of restore drills reports \`DrillsFailing\` every five minutes.
- A metric that is not known is left out. It is never 0 instead.
- Alarms on these metrics are in [Runbooks](runbooks.md).
- [The daemon](operators.md#metrics-of-the-daemon) has the same metrics for Prometheus.

CloudWatch charges for each metric, so ten are sent by default, \`ConfigInvalid\` with
[a configuration in S3](deployment.md#change-specs-without-a-deployment), and \`DrillsFailing\` with [restore drills](recipes/restore-drills.md). To send more, set [\`Metrics.By\`](configuration.md#metrics).
\`turntable validate\` prints how many an environment sends, and what they cost.
`;

/** docs/metrics.md: every metric, what it means, and when it is sent. */
export const metricsPage = (): string =>
  [
    HEADER,
    section('Sent by default', 'One metric for the environment.', (name) => metrics[name].total),
    section(
      'Sent if `Metrics.By` says so',
      'One metric for each value, with a second dimension. The metrics above that a group can have are sent for each group too.',
      (name) => metrics[name].by !== undefined,
    ),
    holdsSection(),
  ].join('\n');

const dimension = { group: 'Group', phase: 'Phase', kind: 'Kind', reason: 'Reason' } as const;

function section(title: string, introduction: string, has: (name: MetricName) => boolean): string {
  const rows = metricNames.filter(has).map((name) => {
    const { unit, by, jobs } = metrics[name];
    const division = by ? `\`${by}\`, dimension \`${dimension[by]}\`` : '';
    return `| \`${name}\` | ${unit} | ${jobs.length === 1 ? jobs[0] : 'every job'} | ${division} | ${meanings[name]} |`;
  });
  return `## ${title}

${introduction}

| metric | unit | reported by | \`Metrics.By\` | meaning |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

function holdsSection(): string {
  const withCause = (cause: string): string =>
    Object.entries(causes)
      .filter(([, one]) => one === cause)
      .map(([reason]) => `\`${reason}\``)
      .join(', ');
  return `## Unrequested holds

\`SecondsHeld\` counts the age of a hold from the first run that saw it, by table, kind and [reason](reasons.md#holds). These holds
do not count:

- An operator asked for them, by a command, a tag, a setting or the spec: ${withCause('requested')}. With \`AcceptThrottling\`, holds for
  throttled requests do not count either.
- They end and recur by design: ${withCause('recurs')}.
`;
}
