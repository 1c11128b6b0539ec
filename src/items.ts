import { awsClients, type Chosen } from './aws/clients.ts';
import { awsItems } from './aws/items.ts';
import type { ItemReader } from './ports.ts';

/** Items of tables, which only restore drills read. */
export const tableItems = (chosen: Chosen = {}): { readonly items: ItemReader } => ({
  items: awsItems(awsClients(undefined, undefined, chosen).dynamodb),
});
