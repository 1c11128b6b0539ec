import type { RotationScheme } from '../../core/calendar/period.ts';
import type { Leaf, YamlPath } from '../yaml-source.ts';
import { hoursOf } from './duration.ts';

/** Which tables of a schema config: those of the index or of the chunks. */
export type Which = 'index' | 'chunks';

/** The tables that an entry of `schema_config.configs` names. */
export interface PeriodicTables {
  readonly which: Which;
  readonly path: YamlPath;
  readonly prefix: Leaf;
  readonly scheme: RotationScheme;
  readonly hours: number;
}

/** Stores whose tables are in DynamoDB. `aws` means DynamoDB for the index, and S3 for chunks. */
const STORES: Readonly<Record<Which, readonly string[]>> = {
  index: ['aws', 'aws-dynamo'],
  chunks: ['aws-dynamo'],
};

/** The value at a path. */
export const leafAt = (leaves: readonly Leaf[], ...path: YamlPath): Leaf | undefined =>
  leaves.find((leaf) => leaf.path.join('\n') === path.join('\n'));

/** Periods that a scheme has. */
const SCHEMES: ReadonlyMap<number, RotationScheme> = new Map([
  [24, 'daily'],
  [168, 'weekly'],
]);

/** Why tables cannot have a spec, as a sentence. */
export interface Unfit {
  readonly path: YamlPath;
  readonly message: string;
}

/** The tables of one entry, or why they cannot have a spec. */
export function tablesOf(
  leaves: readonly Leaf[],
  entry: number,
  which: Which,
): PeriodicTables | Unfit | undefined {
  const path = ['schema_config', 'configs', entry, which];
  const prefix = leafAt(leaves, ...path, 'prefix');
  if (!prefix) return undefined;
  const store = leafAt(leaves, 'schema_config', 'configs', entry, 'store')?.value;
  const object = leafAt(leaves, 'schema_config', 'configs', entry, 'object_store')?.value;
  const used = which === 'chunks' ? (object ?? store) : store;
  if (!STORES[which].includes(String(used)))
    return { path, message: `The store is ${JSON.stringify(used ?? null)}, so DynamoDB has no such tables.` };
  const period = leafAt(leaves, ...path, 'period')?.value ?? '168h';
  const hours = hoursOf(period);
  const scheme = SCHEMES.get(hours ?? Number.NaN);
  if (hours === undefined || !scheme)
    return {
      path,
      message: `The period ${JSON.stringify(period)} has no scheme. Turntable has 24h (daily) and 168h (weekly).`,
    };
  return { which, path, prefix, scheme, hours };
}
