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
    message: 'must be left out: BillingMode is "PAY_PER_REQUEST", and on-demand tables provision nothing.',
  }));
}

function provisioned({ path, value }: Part): Finding[] {
  const findings: Finding[] = [];
  if (value.ProvisionedThroughput === undefined)
    findings.push({
      at: path,
      message: 'must have "ProvisionedThroughput", unless the BillingMode of the table is "PAY_PER_REQUEST".',
    });
  if (value.OnDemandThroughput !== undefined)
    findings.push({
      at: [...path, 'OnDemandThroughput'],
      message: 'must be left out, unless the BillingMode of the table is "PAY_PER_REQUEST".',
    });
  return findings;
}

/** On-demand tables provision nothing, outdated ones no more than others. */
function outdatedOnDemand({ path, value }: Part): Finding[] {
  const key = 'OutdatedTableProvisionedThroughput';
  const message = `must be left out: Outdated.BillingMode is "PAY_PER_REQUEST", and on-demand tables provision nothing.`;
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
