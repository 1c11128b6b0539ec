import { isPrices, isSettings, isTables } from '../generated/conforms.ts';
import type { Finding } from './finding.ts';
import type { Problem } from './problem.ts';

/** Whether a value conforms to the schema of a file. Compiled beforehand, because that takes longer than everything else a run starts with. */
const conforms = { tables: isTables, prices: isPrices, settings: isSettings };

/** The files that every run checks against their schemas. */
export type Kind = keyof typeof conforms;

/** A parsed JSON file and what is wrong with it. */
export interface Parsed {
  readonly value: unknown;
  /** Syntax errors. If there are any, the file has no value to check. */
  readonly syntax: readonly Problem[];
  readonly duplicates: readonly Problem[];
  problem(finding: Finding): Problem;
  /** Why the value does not conform to its schema. */
  violations(kind: Kind): Finding[];
}

/** Parses the text of a file. `explained` says what is wrong and where, `quick` only whether something is. */
export type Parse = (file: string, text: string) => Parsed;

/** The violations of the schema in a file. */
export const validate = (parsed: Parsed, kind: Kind): Finding[] =>
  conforms[kind](parsed.value) ? [] : parsed.violations(kind);
