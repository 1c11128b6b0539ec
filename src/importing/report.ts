import type { SettingsFile } from '../generated/settings.ts';
import type { TableSpec } from '../generated/tables.ts';

/**
 * What became of an option:
 * `carried` means the same, `changed` is the nearest that Turntable has, `not-needed` is what Turntable does anyway or
 * has elsewhere, and `not-carried` is lost.
 */
export type Outcome = 'carried' | 'changed' | 'not-needed' | 'not-carried';

/** One option of the source and what became of it. */
export interface ReportLine {
  /** Line of the source, from 1. */
  readonly line: number;
  /** As the source names it: an option, a section, or a path of keys. */
  readonly option: string;
  readonly outcome: Outcome;
  /** Sentences: where the value is now, or why not, and what to do. */
  readonly message: string;
}

/** A problem of the source, for which nothing is written. */
export interface SourceProblem {
  readonly line: number;
  readonly message: string;
}

/** What a source becomes. */
export interface Imported {
  /** For a sentence: `a configuration of dynamic-dynamodb`. */
  readonly kind: string;
  readonly settings?: SettingsFile;
  readonly specs?: readonly TableSpec[];
  /** In the order of the source. */
  readonly report: readonly ReportLine[];
  /** What no line of the source says, as sentences. */
  readonly notes: readonly string[];
  /** If there are any, nothing is written. */
  readonly problems: readonly SourceProblem[];
}
