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

declare module 'dynalite/db/conditionParser.js' {
  /** What an expression is parsed for. */
  export interface Context {
    readonly attrNames?: Readonly<Record<string, string>>;
    readonly attrVals?: Readonly<Record<string, object>>;
    readonly isKeyCondition?: boolean;
    /** Keys of `attrNames` and `attrVals`. The parser deletes those that the expression has. */
    readonly unusedAttrNames: Record<string, true>;
    readonly unusedAttrVals: Record<string, true>;
  }
  export interface Parsed {
    readonly expression: unknown;
  }
  /** Returns an error as a text. `parse` can be replaced. */
  const parser: { parse(expression: string, options: { readonly context: Context }): Parsed | string };
  export default parser;
}
