import type { Instant } from '../resolver/types.ts';
import { batches } from './batch.ts';
import { singleItems } from './items.ts';
import { checkClient } from './options.ts';
import { ranges } from './ranges.ts';
import type { AttributeOf, Attributes, Indexes, KeysFrom, TableKeys } from './table-keys.ts';
import { sinceOf } from './tables.ts';
import type { RotatingClient, RotatingOptions, TimestampOf } from './types.ts';

/**
 * Creates a document client for one group. It finds the table of an item by the item's timestamp, and reads time ranges
 * over many tables as one sequence.
 *
 * To have all names checked, annotate the result: `const visits: RotatingClient<Visit, typeof keys.Visits> =
 * createRotatingClient(…)`. With the item type as the only type argument, `createRotatingClient<Visit>(…)`, TypeScript infers
 * nothing else. Then it checks the attributes, but neither the group, nor index names, nor whether keys are complete.
 * @throws ResolverError `unknown-group`; RotatingError `invalid-options`
 */
export function createRotatingClient<
  Item extends object = Attributes,
  Name extends string = string,
  const HashRange extends readonly AttributeOf<Item>[] = readonly AttributeOf<Item>[],
  const Indexed extends Indexes<AttributeOf<Item>> | undefined = Indexes<AttributeOf<Item>> | undefined,
  const Projected extends Indexes<AttributeOf<Item>> | undefined = Indexes<AttributeOf<Item>> | undefined,
>(
  options: Omit<RotatingOptions<Name>, keyof TableKeys | 'timestamp' | 'since'> & {
    readonly timestamp: TimestampOf<NoInfer<Item>>;
    readonly key: HashRange;
    readonly indexes?: Indexed;
    readonly projections?: Projected;
    readonly since?: { readonly [Index in keyof NonNullable<Indexed>]?: Instant | undefined } | undefined;
  },
): RotatingClient<Item, KeysFrom<HashRange, Indexed, Projected>> {
  checkClient(options);
  options.resolver.current(options.group);
  for (const index of Object.keys(options.since ?? {})) sinceOf(options, index);
  const client = { ...singleItems(options), ...ranges(options), ...batches(options) };
  // As with the document client, only the application knows the type of the items.
  return client as unknown as RotatingClient<Item, KeysFrom<HashRange, Indexed, Projected>>;
}
