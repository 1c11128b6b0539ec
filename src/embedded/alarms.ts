/**
 * Alarms of CloudWatch. They keep the state that SetAlarmState gives them, and evaluate no metric.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
import type { Json } from './engine.ts';
import { AwsError } from './failure.ts';
import type { Operations } from './region.ts';
import { ACCOUNT, seconds } from './wire.ts';

const PER_PAGE = 50;
const MOST_PER_PAGE = 100;
const STATES: readonly unknown[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

const missing = (name: string): AwsError =>
  new AwsError('MissingParameter', `The parameter ${name} is required.`);

export function alarmOperations(regionName: string, now: () => number): Operations {
  const alarms = new Map<string, Json>();
  const named = (names: unknown): Json[] =>
    ((names ?? []) as string[]).map((name) => alarms.get(name)).filter((alarm) => alarm !== undefined);
  return {
    PutMetricAlarm: (input) => {
      for (const name of ['AlarmName', 'ComparisonOperator', 'EvaluationPeriods'])
        if (input[name] === undefined) throw missing(name);
      const name = String(input.AlarmName);
      alarms.set(name, {
        // The call replaces all settings of an alarm that exists, and not its state.
        StateValue: alarms.get(name)?.StateValue ?? 'INSUFFICIENT_DATA',
        ActionsEnabled: true,
        ...input,
        AlarmArn: `arn:aws:cloudwatch:${regionName}:${ACCOUNT}:alarm:${name}`,
        AlarmConfigurationUpdatedTimestamp: seconds(now()),
      });
      return {};
    },
    SetAlarmState: ({ AlarmName, StateValue, StateReason }) => {
      const alarm = alarms.get(String(AlarmName));
      if (!alarm) throw new AwsError('ResourceNotFound', `Unknown alarm ${String(AlarmName)}`, 404);
      if (!STATES.includes(StateValue))
        throw new AwsError('ValidationError', `Value '${String(StateValue)}' at 'stateValue' is not valid`);
      if (StateReason === undefined) throw missing('StateReason');
      Object.assign(alarm, { StateValue, StateReason });
      return {};
    },
    EnableAlarmActions: ({ AlarmNames }) => {
      for (const alarm of named(AlarmNames)) alarm.ActionsEnabled = true;
      return {};
    },
    DisableAlarmActions: ({ AlarmNames }) => {
      for (const alarm of named(AlarmNames)) alarm.ActionsEnabled = false;
      return {};
    },
    DeleteAlarms: ({ AlarmNames }) => {
      for (const alarm of named(AlarmNames)) alarms.delete(String(alarm.AlarmName));
      return {};
    },
    DescribeAlarms: (input) => {
      const prefix = String(input.AlarmNamePrefix ?? '');
      const names = input.AlarmNames as string[] | undefined;
      const all = [...alarms.values()]
        .filter(
          ({ AlarmName, StateValue }) =>
            String(AlarmName).startsWith(prefix) &&
            (names?.includes(String(AlarmName)) ?? true) &&
            (input.StateValue ?? StateValue) === StateValue,
        )
        .sort((a, b) => String(a.AlarmName).localeCompare(String(b.AlarmName)));
      const from = Number(input.NextToken ?? 0);
      const to = from + Math.min(Number(input.MaxRecords ?? PER_PAGE), MOST_PER_PAGE);
      return {
        MetricAlarms: all.slice(from, to),
        CompositeAlarms: [],
        ...(to < all.length && { NextToken: String(to) }),
      };
    },
  };
}
