import { awsClients, type Chosen } from './aws/clients.ts';
import { awsItems } from './aws/items.ts';
import { awsLoads } from './aws/loads.ts';
import type { ItemReader, LoadClient } from './ports.ts';

/** Items of tables, which only restore drills read. */
export const tableItems = (chosen: Chosen = {}): { readonly items: ItemReader } => ({
  items: awsItems(awsClients(undefined, undefined, chosen).dynamodb),
});

/** Loads of exports, of which only restore drills load some without a person. */
export const tableLoads = (): { readonly loads: LoadClient } => ({
  loads: awsLoads(() => awsClients().dynamodb),
});
