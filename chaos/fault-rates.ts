import { type AwsErrorName, awsErrors, type FaultRates, type Outage } from './faults.ts';
import type { Files } from './operator.ts';
import type { Random } from './random.ts';

const operations = ['CreateTable', 'DeleteTable', 'UpdateTable', 'GetMetricData', 'ListTables'] as const;

/** Draws the fault rates of about the next day, and describes them. */
export function drawFaultRates({ tables }: Files, random: Random): { what: string; rates: FaultRates } {
  const kind = random.weighted({ none: 3, few: 4, many: 2, outage: 2 });
  if (kind !== 'outage') return { what: kind, rates: { rate: { none: 0, few: 0.06, many: 0.35 }[kind] } };
  const fault = { kind: 'error', error: random.pick(Object.keys(awsErrors) as AwsErrorName[]) } as const;
  const outage: Outage = random.chance(0.5)
    ? { fault, resource: `.${random.pick(tables).TableName}.` }
    : { fault, operation: random.pick(operations) };
  const what = `${outage.operation ?? outage.resource} fails with ${fault.error}`;
  return { what, rates: { rate: 0.02, outage } };
}
