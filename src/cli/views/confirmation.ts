import { HOUR_MS } from '../../core/calendar/period.ts';
import { sayKeep } from '../../core/purging/retention-words.ts';
import type { Confirmation } from '../../core/requests/confirm.ts';
import { type KnownPlace, viewPlace } from './place.ts';
import { plural, style, visible } from './text.ts';

/** Formats the retention in force, the one of the spec, and the tables that become due by the confirmation. */
export function viewConfirmation(
  { spec, applied, settled, due }: Confirmation,
  place: KnownPlace = {},
): string {
  const title = viewPlace(`${spec.environment}.${spec.name}`, place);
  const now = `PurgeRotation ${sayKeep(spec)} (${spec.scheme})`;
  if (settled === 'applied') return `${title}: ${now} is in force. There is nothing to confirm.`;
  if (settled === 'not-shorter' && applied)
    return `${title}: ${now} is in force at once, because it is not shorter than PurgeRotation ${sayKeep(applied)} (${applied.scheme}). There is nothing to confirm.`;
  const before = applied
    ? `purge applies PurgeRotation ${sayKeep(applied)} (${applied.scheme})`
    : 'purge has not applied a retention yet';
  const heading = `${title}: ${before}, and the configuration says ${now}.`;
  if (due.length === 0) return `${heading}\n\nThe confirmation makes no table due now.`;
  const hours = spec.settings.purge.waitingPeriodMs / HOUR_MS;
  const names = due.map((name) => `  ${style.remove('-')} ${visible(name)}`).join('\n');
  return `${heading}\n\nThe confirmation makes ${plural(due.length, 'table')} due. Purge can schedule the deletion in its next run and delete ${due.length === 1 ? 'it' : 'them'} ${plural(hours, 'hour')} later:\n${names}`;
}
