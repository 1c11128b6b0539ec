import type { Instant } from '../resolver/types.ts';
import { batches } from './batch.ts';
import { singleItems } from './items.ts';
import { checkClient } from './options.ts';
import { ranges } from './ranges.ts';
import type { Attributes, RotatingClient, RotatingOptions } from './types.ts';

/**
 * Accepts only a resolver that knows the group. With the item type as the only type argument, TypeScript does not infer the
 * group name, and a resolver of known groups does not match. Annotate the result as RotatingClient<Item> instead, or add
 * the group name as the second type argument.
 */
interface Knowing<Name extends string> {
  readonly resolver: { readonly current: (group: Name, now?: Instant) => string };
}

/** Accepts only attribute names of the item type. Any name, if the item type is unknown. */
interface Naming<Attribute extends string> {
  readonly timestamp: { readonly attribute: Attribute };
  readonly key: readonly Attribute[];
}

/**
 * Creates a document client for one group. It finds the table of an item by the item's timestamp, and reads time ranges
 * over many tables as one sequence.
 * @throws ResolverError `unknown-group`; RotatingError `invalid-options`
 */
export function createRotatingClient<Item extends object = Attributes, Name extends string = string>(
  options: RotatingOptions<Name> & Knowing<Name> & Naming<NoInfer<keyof Item & string>>,
): RotatingClient<Item> {
  checkClient(options);
  options.resolver.current(options.group);
  const client: RotatingClient = { ...singleItems(options), ...ranges(options), ...batches(options) };
  // As with the document client, only the application knows the type of the items.
  return client as unknown as RotatingClient<Item>;
}
