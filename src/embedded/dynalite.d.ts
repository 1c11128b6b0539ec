/** dynalite 4 has no types. These are the parts that are used here. */
declare module 'dynalite' {
  import type { Server } from 'node:http';
  export interface DynaliteOptions {
    createTableMs?: number;
    updateTableMs?: number;
    deleteTableMs?: number;
  }
  export default function dynalite(options?: DynaliteOptions): Server;
}

declare module 'dynalite/db/index.js' {
  /** The size of an item in bytes, as dynalite charges it. */
  export function itemSize(item: Record<string, unknown>): number;
  const db: { itemSize: typeof itemSize };
  export default db;
}
