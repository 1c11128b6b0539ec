import { say } from '../resolver/failure.ts';
import { type Details, RotatingError } from './failure.ts';
import type { Source } from './source.ts';
import type { TableWriter } from './table-writer.ts';
import type { BatchWrite, Rejected } from './types.ts';

/** What a batch has done when it ends. */
export interface Outcome {
  readonly source: Source<BatchWrite>;
  readonly taken: number;
  readonly writers: readonly TableWriter[];
  /** The request that is neither a put nor a delete, which ended the batch. */
  readonly malformed: readonly BatchWrite[];
  /** Requests without a table or a whole key. */
  readonly invalid: readonly Rejected[];
  /** Why the batch ended early, if it did. */
  readonly reason?: { readonly cause: unknown; readonly aborted: boolean } | undefined;
}

/** The error of a batch. undefined if everything is written. */
export function failureOf(outcome: Outcome): RotatingError | undefined {
  const { source, taken, writers, malformed, invalid, reason } = outcome;
  const failures = writers.flatMap(({ failure }) => failure ?? []);
  const rejected = [...invalid, ...writers.flatMap((writer) => writer.rejected)];
  const written = writers.reduce((sum, writer) => sum + writer.written, 0);
  const waiting = writers.flatMap((writer) => writer.unprocessed);
  const unprocessed = [...waiting, ...malformed, ...restOf(source, taken)];
  const details = { unprocessed, rejected, failures, taken, written };
  if (reason?.aborted) {
    const message = `The batch was aborted. ${written} of ${taken} requests are written.`;
    return new RotatingError('aborted', message, { ...details, cause: reason.cause });
  }
  const where = malformed.length > 0 ? `Request ${taken} of the batch is invalid. ` : '';
  if (reason) return failed(reason.cause, where, '', details);
  const [first] = failures;
  const more = failures.length - 1;
  const others = more > 0 ? ` Other tables failed too: ${more}. \`failures\` has the cause of each.` : '';
  if (first) return failed(first.cause, '', others, details, first.table);
  return rejected.length > 0 ? rejection(details) : undefined;
}

function failed(cause: unknown, where: string, others: string, details: Details, of?: string): RotatingError {
  if (cause instanceof RotatingError) {
    const { code, message, table = of, cause: origin = cause } = cause;
    return new RotatingError(code, where + message + others, { ...details, table, cause: origin });
  }
  const message = `${where}${cause instanceof Error ? cause.message : say(cause)}${others}`;
  return new RotatingError('unprocessed', message, { ...details, table: of, cause });
}

/** The error of a batch that has written everything else. */
function rejection(details: Details): RotatingError {
  const { rejected = [] } = details;
  const invalid = rejected.filter(
    ({ cause }) => (cause as RotatingError | undefined)?.code !== 'outside-retention',
  );
  const { table, cause } = invalid[0] ?? rejected[0]!;
  if (invalid.length === 0) return failed(cause, '', '', details, table);
  const first = `The first${table ? `, for ${table}` : ''}: ${cause instanceof Error ? cause.message : say(cause)}`;
  const message = `${rejected.length} of ${details.taken} requests cannot be written. \`rejected\` has each with its table and cause. ${first}`;
  return new RotatingError('rejected', message, { ...details, table, cause });
}

/** The rest of an array. Any other source can be endless, so only the caller knows its rest. */
const restOf = (source: Source<BatchWrite> | undefined, taken: number): readonly BatchWrite[] =>
  Array.isArray(source) ? source.slice(taken) : [];
