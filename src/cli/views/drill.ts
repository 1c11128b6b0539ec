import { sayInstant } from '../../core/calendar/instant.ts';
import { scratchName } from '../../core/drilling/name.ts';
import { sayUsd } from '../../core/drilling/say.ts';
import type { DrillPlan } from '../../jobs/drill-command.ts';
import { align } from './layout.ts';
import { sayBytes, sayDuration, style, visible } from './text.ts';

/** Formats what a drill restores, and what it costs. */
export function viewDrill({ spec, backup, usd, started, last }: DrillPlan, now: number): string {
  const name = style.heading(visible(scratchName(spec.environment, spec.name)));
  const created = `${sayInstant(backup.createdAt)}, ${sayDuration(now - backup.createdAt)} ago`;
  const rows = [
    [backup.archive ? 'export' : 'backup', `${visible(backup.name)} of ${visible(backup.table)}`],
    ['created', created],
    ['size', sayBytes(backup.sizeBytes)],
    ...(started ? [] : [['cost', sayUsd(usd)]]),
    ['last drill', last ? `${last.outcome} ${sayInstant(last.at)}` : 'none'],
  ];
  const heading = started
    ? `${name} is already being drilled:`
    : `${style.create('+')} ${name} will be restored from the newest ${backup.archive ? 'export' : 'backup'}, compared, and deleted:`;
  return `${heading}\n\n${align(rows, '  ')}`;
}
