import type { TableSpec } from '../../generated/tables.ts';
import type { Finding } from '../finding.ts';
import type { Path } from '../problem.ts';

/** What a JSON Schema can't say about one spec. Paths begin at the spec. */
export interface Rule {
  /** What the rule looks at, `*` for every element of a list; it is left out where the schema has found fault there. */
  readonly reads: readonly Path[];
  check(spec: TableSpec): Finding[];
}
