import { undoTeardownCommand } from '../../core/commands.ts';
import { sayClosed } from '../../core/guards/closing.ts';
import { withoutFinalDot } from '../../core/text.ts';
import { style, visible } from './text.ts';

/** What a plan or a status knows of a teardown. */
export interface ShownClosing {
  readonly environment: string;
  readonly closed?: { readonly since: string; readonly by?: string | null } | null;
  readonly closedUnread?: string | null;
}

/** The place in a heading: `feature-x (eu-west-1), which is closed`. */
export const placeIn = (place: string, { closed }: ShownClosing): string =>
  closed ? `${place}, which is closed` : place;

/** Formats a line if the environment is closed, with the command that opens it, or if that is not known. */
export function viewClosed({ environment, closed, closedUnread }: ShownClosing): string[] {
  if (typeof closedUnread === 'string')
    return [
      `${style.bad('!')} ${visible(`Could not read whether the environment is closed: ${withoutFinalDot(closedUnread)}. Until then, rotate creates tables, and purge deletes none because of a teardown.`)}`,
    ];
  if (!closed) return [];
  const { since, by } = closed;
  const said = sayClosed({ since: Date.parse(since), ...(typeof by === 'string' && { by }) });
  return [
    `${style.warn('!')} ${visible(`${said} Rotate creates no tables, and purge deletes the tables of the teardown. To undo: ${undoTeardownCommand(environment)}`)}`,
  ];
}
