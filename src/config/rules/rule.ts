import type { TableSpec } from '../../generated/tables.ts';
import type { Finding } from '../finding.ts';
import type { Path } from '../problem.ts';

/** A check of one spec that a JSON Schema cannot express. Paths start at the spec. */
export interface Rule {
  /** The paths that the rule reads, with `*` for every element of a list. An invalid part there skips the rule. */
  readonly reads: readonly Path[];
  check(spec: TableSpec): Finding[];
}
