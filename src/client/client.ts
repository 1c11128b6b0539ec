import type { Instant } from '../resolver/types.ts';
import { batches } from './batch.ts';
import { checkClient } from './given.ts';
import { singleItems } from './items.ts';
import { ranges } from './ranges.ts';
import type { Attributes, RotatingClient, RotatingOptions } from './types.ts';

/**
 * Where only the type of items is given, TypeScript infers no names of groups, and any would do: then a resolver that
 * knows its groups does not. Declare what it makes a RotatingClient<Item> instead, or name the group as the second type.
 */
interface Knowing<Name extends string> {
  readonly resolver: { readonly current: (group: Name, now?: Instant) => string };
}

/** Attributes are named as items have them: any name, where nothing is known of items. */
interface Naming<Attribute extends string> {
  readonly timestamp: { readonly attribute: Attribute };
  readonly key: readonly Attribute[];
}

/**
 * A document client for one group: it finds the table of each item by the item's own timestamp, and reads
 * ranges over many tables as if they were one.
 * @throws ResolverError `unknown-group`, RotatingError `invalid-options`
 */
export function createRotatingClient<Item extends object = Attributes, Name extends string = string>(
  options: RotatingOptions<Name> & Knowing<Name> & Naming<NoInfer<keyof Item & string>>,
): RotatingClient<Item> {
  checkClient(options);
  options.resolver.current(options.group);
  const client: RotatingClient = { ...singleItems(options), ...ranges(options), ...batches(options) };
  // What is in the tables is the application's knowledge, as it is with the document client itself.
  return client as unknown as RotatingClient<Item>;
}
