/** dynalite 4 ships no types: the little of it that is used here. */
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
  /** Bytes of an item as dynalite charges them. */
  export function itemSize(item: Record<string, unknown>): number;
  const db: { itemSize: typeof itemSize };
  export default db;
}
