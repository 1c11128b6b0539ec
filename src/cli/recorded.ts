import { DAY_MS } from '../core/calendar/period.ts';
import { type Command, recordCommand } from '../jobs/history.ts';
import type { Ports } from '../ports.ts';
import { leaseOwner } from '../runtime.ts';
import { type Context, configOf } from './context.ts';
import { visible } from './views/text.ts';

/** For commands that do not need the configuration, if it is invalid. */
const USUAL_MS = 90 * DAY_MS;

function historyMsOf(context: Context): number {
  try {
    return configOf(context).historyMs;
  } catch {
    return USUAL_MS;
  }
}

/** Adds a command to the history. If that fails, the command has succeeded all the same, and says why. */
export async function record(context: Context, ports: Ports, command: Command): Promise<void> {
  const owner = leaseOwner(command.command);
  const failure = await recordCommand(command, { ports, owner, historyMs: historyMsOf(context) });
  if (failure !== undefined) console.error(visible(failure));
}
