import type { Outcome, ReportLine } from '../report.ts';
import type { Leaf } from '../yaml-source.ts';
import type { PeriodicTables, Unfit } from './tables.ts';

type Said = Pick<ReportLine, 'outcome' | 'message'>;

const said = (outcome: Outcome, message: string): Said => ({ outcome, message });

const onItsOwn = 'Scale follows demand with its own method. Set Scaling.Read and Scaling.Write for bounds.';

/** Keys of the table manager. */
const MANAGER: Readonly<Record<string, Said>> = {
  retention_deletes_enabled: said('carried', 'PurgeRotation has it.'),
  throughput_updates_disabled: said('changed', 'If true, Scaling.Method is "none".'),
  poll_interval: said('not-needed', 'Rotate runs three times an hour.'),
  dynamodb_poll_interval: said('not-needed', 'Rotate runs three times an hour.'),
  creation_grace_period: said('not-needed', 'Rotate creates each table a period ahead.'),
  enable_ondemand_throughput_mode: said('carried', 'If true, BillingMode is PAY_PER_REQUEST.'),
  provisioned_throughput_on_demand_mode: said('not-carried', 'Set BillingMode in the spec.'),
  enable_inactive_throughput_on_demand_mode: said(
    'carried',
    'If true, Outdated.BillingMode is PAY_PER_REQUEST.',
  ),
  inactive_throughput_on_demand_mode: said('not-carried', 'Set Outdated.BillingMode in the spec.'),
};

const UNITS = /^(provisioned|inactive)_(read|write)_throughput$/;

/** What became of a value. */
export function messageFor(leaf: Leaf, owner: PeriodicTables | Unfit | undefined, retained: string): Said {
  if (owner && 'message' in owner) return said('not-carried', owner.message);
  return leaf.path[0] === 'table_manager' ? aboutManager(leaf, retained) : aboutSchema(leaf, owner);
}

function aboutSchema({ path, value }: Leaf, owner: PeriodicTables | undefined): Said {
  const key = path.at(-1);
  if (owner && path.includes('tags')) return said('carried', 'Properties.Tags has it.');
  if (owner && key === 'prefix')
    return said(
      'changed',
      `TableName is ${JSON.stringify(String(value).replace(/[-_.]+$/, ''))}. Names end in a date, not in a number.`,
    );
  if (owner && key === 'period') return said('carried', `RotationScheme is ${JSON.stringify(owner.scheme)}.`);
  if (key === 'from')
    return said('not-needed', 'Rotate creates tables from now on. For past periods, set Backfill.');
  return said('not-needed', 'It decides which tables a spec needs.');
}

function aboutManager({ path, value }: Leaf, retained: string): Said {
  const key = String(path.at(-1));
  if (key === 'retention_period')
    return said('carried', `PurgeRotation is retention ÷ period + 1, if retention is on: ${retained}.`);
  if (path.length > 3) return said('not-carried', onItsOwn);
  if (UNITS.test(key)) {
    const part = key.startsWith('inactive') ? 'OutdatedTableProvisionedThroughput' : 'ProvisionedThroughput';
    const isUnits = typeof value === 'number' && Number.isInteger(value) && value >= 1;
    return said(
      isUnits ? 'carried' : 'changed',
      isUnits ? `${part} has it.` : `${part} must be an integer of 1 or more.`,
    );
  }
  return Object.hasOwn(MANAGER, key) ? MANAGER[key]! : said('not-carried', 'Turntable has no such setting.');
}
