/**
 * CloudWatch's rules of metric alarms, as far as the alarms of the stack need them:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html and …/alarms-and-missing-data.html
 */
import { type Datum, sayDimensions } from './emf.ts';

export type State = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** The properties of an AWS::CloudWatch::Alarm that decide its state. */
export interface Alarm {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Statistic: 'Maximum' | 'Minimum' | 'Sum' | 'Average';
  /** Seconds. */
  readonly Period: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData?: 'missing' | 'ignore' | 'breaching' | 'notBreaching';
}

/** A period: whether its datapoint breaches the threshold; undefined if it has none. Oldest first. */
export type Point = boolean | undefined;

/** AWS reads more periods than it evaluates, and does not say how many. Its examples have 5 for 3. */
const rangeOf = ({ EvaluationPeriods }: Pick<Alarm, 'EvaluationPeriods'>): number => EvaluationPeriods + 2;

/** The state of an alarm by the newest periods. */
export function stateFor(
  {
    EvaluationPeriods: evaluated,
    DatapointsToAlarm: needed = evaluated,
    TreatMissingData: missing = 'missing',
  }: Pick<Alarm, 'EvaluationPeriods' | 'DatapointsToAlarm' | 'TreatMissingData'>,
  range: readonly Point[],
  before: State,
): State {
  const real = range.filter((point) => point !== undefined);
  const breaching = (points: readonly Point[]): number => points.filter(Boolean).length;
  if (real.length >= evaluated) return breaching(real.slice(-evaluated)) >= needed ? 'ALARM' : 'OK';
  const filled = evaluated - real.length;
  if (missing === 'breaching') return breaching(real) + filled >= needed ? 'ALARM' : 'OK';
  if (missing === 'notBreaching') return breaching(real) >= needed ? 'ALARM' : 'OK';
  if (breaching(real) >= needed) return 'ALARM';
  // A datapoint that does not breach is enough for OK. Breaching ones alone decide nothing, unless they are the oldest.
  if (real.length > breaching(real)) return 'OK';
  if (missing === 'ignore') return before;
  return real.length > 0 && range[0] === true ? 'ALARM' : 'INSUFFICIENT_DATA';
}

/** Whether a value breaches the threshold. */
function breaches({ ComparisonOperator, Threshold }: Alarm, value: number): boolean {
  switch (ComparisonOperator) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= Threshold;
    case 'GreaterThanThreshold':
      return value > Threshold;
    case 'LessThanThreshold':
      return value < Threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= Threshold;
    default:
      throw new Error(`unknown operator ${ComparisonOperator}`);
  }
}

const statistics: Readonly<Record<Alarm['Statistic'], (values: readonly number[]) => number>> = {
  Maximum: (values) => Math.max(...values),
  Minimum: (values) => Math.min(...values),
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
};

/** The values that an alarm looks at. */
export const valuesOf = (alarm: Alarm, data: readonly Datum[]): Datum[] => {
  const dimensions = sayDimensions((alarm.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
  return data.filter(
    (one) =>
      one.namespace === alarm.Namespace && one.metric === alarm.MetricName && one.dimensions === dimensions,
  );
};

/** A change of state. `at`: epoch milliseconds. */
export interface Change {
  readonly at: number;
  readonly state: State;
}

const MINUTE_MS = 60_000;

/** The changes of an alarm's state in [from, to), evaluated each minute on the periods that end then. */
export function changesOf(alarm: Alarm, data: readonly Datum[], from: number, to: number): Change[] {
  const own = valuesOf(alarm, data).sort((a, b) => a.at - b.at);
  const periodMs = alarm.Period * 1000;
  const changes: Change[] = [];
  let state: State = 'INSUFFICIENT_DATA';
  for (let at = from; at < to; at += MINUTE_MS) {
    const range = Array.from({ length: rangeOf(alarm) }, (_, i): Point => {
      const start = at - (rangeOf(alarm) - i) * periodMs;
      const values = own
        .filter((one) => one.at >= start && one.at < start + periodMs)
        .map(({ value }) => value);
      return values.length === 0 ? undefined : breaches(alarm, statistics[alarm.Statistic](values));
    });
    const next = stateFor(alarm, range, state);
    if (next !== state) changes.push({ at, state: next });
    state = next;
  }
  return changes;
}
