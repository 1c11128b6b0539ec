import { batches } from './batch.ts';
import { singleItems } from './items.ts';
import { ranges } from './ranges.ts';
import type { Attributes, RotatingClient, RotatingOptions } from './types.ts';

/**
 * A document client for one group: it finds the table of each item by the item's own timestamp, and reads
 * ranges over many tables as if they were one.
 * @throws ResolverError `unknown-group`
 */
export function createRotatingClient<Item extends object = Attributes, Name extends string = string>(
  options: RotatingOptions<Name>,
): RotatingClient<Item> {
  options.resolver.current(options.group);
  const client: RotatingClient = { ...singleItems(options), ...ranges(options), ...batches(options) };
  // What is in the tables is the application's knowledge, as it is with the document client itself.
  return client as unknown as RotatingClient<Item>;
}
