import type { Leaf } from '../yaml-source.ts';
import { leafAt, type Which } from './tables.ts';

interface Units {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

/** What the table manager says about throughput, as properties of a spec. */
export interface Throughput {
  readonly BillingMode?: 'PAY_PER_REQUEST';
  readonly ProvisionedThroughput?: Units;
  readonly OutdatedTableProvisionedThroughput?: Units;
  readonly Outdated?: { readonly BillingMode: 'PAY_PER_REQUEST' };
}

/** The section of the table manager about the tables of the index or of the chunks. */
export const sectionOf = (which: Which): string =>
  which === 'index' ? 'index_tables_provisioning' : 'chunk_tables_provisioning';

/** Defaults of the table manager: https://grafana.com/docs/loki/v2.8.x/configuration/ */
const DEFAULTS = {
  provisioned_read_throughput: 300,
  provisioned_write_throughput: 1000,
  inactive_read_throughput: 300,
  inactive_write_throughput: 1,
} as const;

/** Throughput of at least 1, which DynamoDB needs. */
export function throughputOf(leaves: readonly Leaf[], which: Which): Throughput {
  const section = sectionOf(which);
  const valueAt = (key: string): unknown => leafAt(leaves, 'table_manager', section, key)?.value;
  const units = (kind: 'provisioned' | 'inactive'): Units => {
    const of = (what: 'read' | 'write'): number => {
      const key = `${kind}_${what}_throughput` as const;
      const value = valueAt(key) ?? DEFAULTS[key];
      return typeof value === 'number' && Number.isInteger(value) ? Math.max(1, value) : DEFAULTS[key];
    };
    return { ReadCapacityUnits: of('read'), WriteCapacityUnits: of('write') };
  };
  if (valueAt('enable_ondemand_throughput_mode') === true) return { BillingMode: 'PAY_PER_REQUEST' };
  const outdated = valueAt('enable_inactive_throughput_on_demand_mode') === true;
  return {
    ProvisionedThroughput: units('provisioned'),
    ...(outdated
      ? { Outdated: { BillingMode: 'PAY_PER_REQUEST' } }
      : { OutdatedTableProvisionedThroughput: units('inactive') }),
  };
}
