import type { Outcome } from '../report.ts';

/** How an option is read. */
type Kind = 'number' | 'yes-or-no' | 'text';

/** An option that is not converted, and what a reader should know about it. */
export interface Told {
  readonly kind: Kind;
  readonly outcome: Extract<Outcome, 'not-needed' | 'not-carried'>;
  readonly message: string;
}

const told = (outcome: Told['outcome'], message: string, kind: Kind = 'text'): Told => ({
  kind,
  outcome,
  message,
});

const everyMinute = 'Scale runs every minute and decides by the newest complete minutes.';
const alarms = 'The stack has alarms of its own: see docs/deployment.md.';
const throttles = 'Method step raises throughput as soon as requests are throttled, at any number.';
const scales =
  'Method step raises and lowers by one percentage. Compare the other methods with turntable backtest.';
const checks = 'Method step decides by five minutes, and lowers after the first window below LowerBelow.';
const logs = 'Turntable logs to standard output, and Lambda sends it to CloudWatch Logs.';
const credentials = 'Turntable uses the credentials of the AWS SDK. Use a role. The value was not copied.';

/** Options of [global] and [logging], except the circuit breaker. */
export const globalOptions: Readonly<Record<string, Told>> = {
  'aws-access-key-id': told('not-carried', credentials),
  'aws-secret-access-key-id': told('not-carried', credentials),
  region: told('not-carried', 'Set AWS_REGION, or deploy the stack to this Region.'),
  'check-interval': told('not-needed', everyMinute),
  'log-level': told('not-needed', logs),
  'log-file': told('not-needed', logs),
  'log-config-file': told('not-needed', logs),
};

const oneSwitch =
  'Turntable cannot switch off one direction of scaling. Set Min and Max to the same value to hold it.';

/** Options of tables and indexes for reads or writes, without the ones that are converted. `*` stands for reads or writes. */
const perDimension: Readonly<Record<string, Told>> = {
  'enable-*-up-scaling': told('not-carried', oneSwitch, 'yes-or-no'),
  'enable-*-down-scaling': told('not-carried', oneSwitch, 'yes-or-no'),
  'throttled-*-upper-threshold': told('not-needed', throttles),
  'increase-throttled-by-provisioned-*-unit': told('not-needed', throttles),
  'increase-throttled-by-provisioned-*-scale': told('not-needed', throttles),
  'increase-throttled-by-consumed-*-unit': told('not-needed', throttles),
  'increase-throttled-by-consumed-*-scale': told('not-needed', throttles),
  'increase-consumed-*-scale': told('not-carried', scales),
  'decrease-consumed-*-scale': told('not-carried', scales),
  '*-upper-alarm-threshold': told('not-carried', alarms),
  '*-lower-alarm-threshold': told('not-carried', alarms),
};

/** The options that are converted, without those of a dimension. */
export const CONVERTED = ['maintenance-windows', 'circuit-breaker-url'];

export const tableOptions: Readonly<Record<string, Told>> = {
  ...Object.fromEntries(
    Object.entries(perDimension).flatMap(([name, one]) =>
      ['reads', 'writes'].map((which) => [name.replace('*', which), one]),
    ),
  ),
  ...Object.fromEntries(
    ['read', 'write'].flatMap((which) => [
      [`num-${which}-checks-before-scale-down`, told('not-carried', checks)],
      [`num-${which}-checks-reset-percent`, told('not-carried', checks)],
    ]),
  ),
  'always-decrease-rw-together': told(
    'not-carried',
    'Turntable lowers reads and writes separately, and in one call if both are due.',
    'yes-or-no',
  ),
  'circuit-breaker-timeout': told('not-carried', 'Turntable waits 3 seconds for HealthUrl.'),
  'lookback-window-start': told('not-needed', everyMinute),
  'lookback-period': told('not-needed', everyMinute),
  'sns-topic-arn': told('not-carried', alarms),
  'sns-message-types': told('not-carried', alarms),
};

/** What an option of one dimension becomes. */
export type Converted =
  | { readonly part: 'Min' | 'Max' }
  | { readonly part: 'RaiseAbove' | 'RaiseBy' | 'LowerBelow' | 'LowerBy' }
  | { readonly part: 'unit'; readonly of: 'RaiseBy' | 'LowerBy' }
  | { readonly part: 'zero' | 'all' };

/** Options of one dimension that are converted. A later one of the same part wins. */
export function convertedOptions(which: 'reads' | 'writes'): Readonly<Record<string, Converted>> {
  return {
    [`${which}-upper-threshold`]: { part: 'RaiseAbove' },
    [`${which}-lower-threshold`]: { part: 'LowerBelow' },
    [`increase-${which}-with`]: { part: 'RaiseBy' },
    [`decrease-${which}-with`]: { part: 'LowerBy' },
    [`increase-consumed-${which}-with`]: { part: 'RaiseBy' },
    [`decrease-consumed-${which}-with`]: { part: 'LowerBy' },
    [`increase-${which}-unit`]: { part: 'unit', of: 'RaiseBy' },
    [`decrease-${which}-unit`]: { part: 'unit', of: 'LowerBy' },
    [`increase-consumed-${which}-unit`]: { part: 'unit', of: 'RaiseBy' },
    [`decrease-consumed-${which}-unit`]: { part: 'unit', of: 'LowerBy' },
    [`min-provisioned-${which}`]: { part: 'Min' },
    [`max-provisioned-${which}`]: { part: 'Max' },
    [`allow-scaling-down-${which}-on-0-percent`]: { part: 'zero' },
    [`enable-${which}-autoscaling`]: { part: 'all' },
  };
}
