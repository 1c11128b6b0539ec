import { askMark } from '../ask.ts';
import { undoTeardownCommand } from '../commands.ts';
import type { Table } from '../fleet.ts';
import { sayClosed } from '../guards/closing.ts';
import type { Observed } from '../observed.ts';
import { holding, type Outcome } from '../outcome.ts';

/**
 * What rotate does instead of creating a table in a closed environment; undefined if the environment is open, or might be. A late
 * run, for an instant before it was closed, creates none either.
 */
export function unlessClosed({ spec }: Table, observed: Observed): Outcome | undefined {
  const closing = askMark(observed, spec);
  if ('pending' in closing) return closing.pending;
  if (!closing.value) return undefined;
  const message = `${sayClosed(closing.value)} Rotate creates no tables in it. To open it again, run ${undoTeardownCommand(spec.environment)}.`;
  return holding({ kind: 'create', reason: 'closed', message });
}
