import type { GlobalSecondaryIndex, Properties, TableSpec } from '../../generated/tables.ts';
import type { Finding } from '../finding.ts';
import type { Path } from '../problem.ts';
import type { Rule } from './rule.ts';

const P = 'Properties';
const KEYS = ['ProvisionedThroughput', 'OutdatedTableProvisionedThroughput', 'OnDemandThroughput'] as const;

interface Part {
  readonly path: Path;
  readonly value: Properties | GlobalSecondaryIndex;
}

const table = ({ Properties: value }: TableSpec): Part[] => [{ path: [P], value }];

const indexes = ({ Properties: { GlobalSecondaryIndexes: all = [] } }: TableSpec): Part[] =>
  all.map((value, i) => ({ path: [P, 'GlobalSecondaryIndexes', i], value }));

function onDemand({ path, value }: Part): Finding[] {
  return KEYS.filter((key) => key !== 'OnDemandThroughput' && value[key] !== undefined).map((key) => ({
    at: [...path, key],
    message:
      'is not allowed because BillingMode is "PAY_PER_REQUEST". On-demand tables have no provisioned throughput.',
  }));
}

function provisioned({ path, value }: Part): Finding[] {
  const findings: Finding[] = [];
  if (value.ProvisionedThroughput === undefined)
    findings.push({
      at: path,
      message:
        'is missing "ProvisionedThroughput", which is required unless the table has BillingMode "PAY_PER_REQUEST".',
    });
  if (value.OnDemandThroughput !== undefined)
    findings.push({
      at: [...path, 'OnDemandThroughput'],
      message: 'is not allowed unless the table has BillingMode "PAY_PER_REQUEST".',
    });
  return findings;
}

/** An outdated table that becomes on-demand has no provisioned throughput either. */
function outdatedOnDemand({ path, value }: Part): Finding[] {
  const key = 'OutdatedTableProvisionedThroughput';
  const message =
    'is not allowed because Outdated.BillingMode is "PAY_PER_REQUEST". On-demand tables have no provisioned throughput.';
  return value[key] === undefined ? [] : [{ at: [...path, key], message }];
}

const check = (spec: TableSpec, parts: readonly Part[]): Finding[] =>
  parts.flatMap(spec.Properties.BillingMode === 'PAY_PER_REQUEST' ? onDemand : provisioned);

export const throughputRules: readonly Rule[] = [
  {
    reads: [[P, 'BillingMode'], ...KEYS.map((key) => [P, key])],
    check: (spec) => check(spec, table(spec)),
  },
  {
    reads: [[P, 'BillingMode'], ...KEYS.map((key) => [P, 'GlobalSecondaryIndexes', '*', key])],
    check: (spec) => check(spec, indexes(spec)),
  },
  {
    reads: [
      [P, 'BillingMode'],
      [P, 'Outdated'],
      [P, 'OutdatedTableProvisionedThroughput'],
      [P, 'GlobalSecondaryIndexes', '*', 'OutdatedTableProvisionedThroughput'],
    ],
    check: (spec) =>
      spec.Properties.Outdated?.BillingMode === undefined || spec.Properties.BillingMode === 'PAY_PER_REQUEST'
        ? []
        : [...table(spec), ...indexes(spec)].flatMap(outdatedOnDemand),
  },
];
