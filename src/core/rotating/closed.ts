import { askClosing } from '../ask.ts';
import { undoTeardownCommand } from '../commands.ts';
import type { Table } from '../fleet.ts';
import { sayClosed } from '../guards/closing.ts';
import type { Observed } from '../observed.ts';
import { holding, type Outcome } from '../outcome.ts';

/** What rotate does instead of creating a table in a closed environment; undefined if the environment is open, or might be. */
export function unlessClosed({ spec }: Table, observed: Observed, now: number): Outcome | undefined {
  const closing = askClosing(observed, spec, now);
  if ('pending' in closing) return closing.pending;
  if (!closing.value) return undefined;
  const message = `${sayClosed(closing.value)} Rotate creates no tables in it. To open it again, run ${undoTeardownCommand(spec.environment)}.`;
  return holding({ kind: 'create', reason: 'closed', message });
}
