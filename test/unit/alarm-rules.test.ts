/** The rows of AWS's tables: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
import { describe, expect, it } from 'vitest';
import { dataIn } from '../support/alarms/emf.ts';
import { type Alarm, changesOf, type Point, type State, stateFor } from '../support/alarms/evaluate.ts';

const points = (text: string): Point[] =>
  text.split(' ').map((one) => (one === '-' ? undefined : one === 'X'));
const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
/** A state that no row leads to by itself, so that a retained one is seen. */
const RETAINED = 'retained' as State;
const INSUFFICIENT = 'INSUFFICIENT_DATA';

describe('an alarm of 3 out of 3, whose range has 5 periods', () => {
  it.each([
    ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', INSUFFICIENT, RETAINED, 'ALARM', 'OK'],
    ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - - - X', INSUFFICIENT, RETAINED, 'ALARM', 'OK'],
    ['X - - - -', 'ALARM', RETAINED, 'ALARM', 'OK'],
  ])('with %s is %s, %s, %s or %s by its treatment of missing data', (text, ...expected) => {
    const states = treatments.map((TreatMissingData) =>
      stateFor({ EvaluationPeriods: 3, TreatMissingData }, points(text), RETAINED),
    );
    expect(states).toEqual(expected);
  });
});

describe('an alarm of 2 out of 3, whose range has 5 periods', () => {
  it.each([
    ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - X', INSUFFICIENT, RETAINED, 'ALARM', 'OK'],
  ])('with %s is %s, %s, %s or %s by its treatment of missing data', (text, ...expected) => {
    const states = treatments.map((TreatMissingData) =>
      stateFor({ EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData }, points(text), RETAINED),
    );
    expect(states).toEqual(expected);
  });
});

describe('a timeline', () => {
  const alarm: Alarm = {
    ...{ Namespace: 'N', MetricName: 'M', Statistic: 'Maximum', Period: 60, EvaluationPeriods: 1 },
    ...{ Threshold: 5, ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'ignore' },
  };
  const datum = (minute: number, value: number, dimensions = '') => ({
    ...{ namespace: 'N', metric: 'M', dimensions, unit: 'Count', at: minute * 60_000, value },
  });

  it('has each change of state, and ignores other dimensions', () => {
    const data = [datum(0, 1), datum(1, 5), datum(1, 0), datum(2, 9, 'Group=A'), datum(6, 4)];
    expect(changesOf(alarm, data, 0, 10 * 60_000)).toEqual([
      { at: 60_000, state: 'OK' },
      { at: 120_000, state: 'ALARM' },
      { at: 420_000, state: 'OK' },
    ]);
  });
});

describe('the embedded metric format', () => {
  const document = (more: object, metric: object = {}) =>
    JSON.stringify({
      _aws: {
        Timestamp: 1,
        CloudWatchMetrics: [
          { Namespace: 'N', Dimensions: [['E']], Metrics: [{ Name: 'M', Unit: 'Count', ...metric }] },
        ],
      },
      E: 'e',
      M: 1,
      ...more,
    });

  it('is read from a log with other lines', () => {
    const log = `START\n{"job":"scale"}\n${document({})}\nEND`;
    expect(dataIn(log)).toEqual([
      { namespace: 'N', metric: 'M', dimensions: 'E=e', unit: 'Count', at: 1, value: 1 },
    ]);
  });

  it.each([
    ['a metric of null, which NaN becomes', document({ M: null })],
    ['a metric that is no member', document({}, { Name: 'Other' })],
    ['a unit that CloudWatch does not know', document({}, { Unit: 'Minutes' })],
    ['a dimension that is no text', document({ E: 1 })],
  ])('does not allow %s', (_, log) => {
    expect(() => dataIn(log)).toThrow('Invalid EMF');
  });
});
