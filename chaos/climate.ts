import type { Files } from './operator.ts';
import type { Random } from './random.ts';
import { type AwsErrorName, awsErrors, type Climate, type Outage } from './weather.ts';

const operations = ['CreateTable', 'DeleteTable', 'UpdateTable', 'GetMetricData', 'ListTables'] as const;

/** The weather of the next day or so, and what it is called. */
export function aClimate({ tables }: Files, random: Random): { what: string; climate: Climate } {
  const kind = random.weighted({ calm: 3, showers: 4, storm: 2, outage: 2 });
  if (kind !== 'outage')
    return { what: kind, climate: { rate: { calm: 0, showers: 0.06, storm: 0.35 }[kind] } };
  const fault = { kind: 'error', error: random.pick(Object.keys(awsErrors) as AwsErrorName[]) } as const;
  const outage: Outage = random.chance(0.5)
    ? { fault, resource: `.${random.pick(tables).TableName}.` }
    : { fault, operation: random.pick(operations) };
  const what = `${outage.operation ?? outage.resource} answers ${fault.error}`;
  return { what, climate: { rate: 0.02, outage } };
}
