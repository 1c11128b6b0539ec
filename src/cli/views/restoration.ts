import { sayInstant } from '../../core/calendar/instant.ts';
import type { TableState } from '../../core/facts.ts';
import { KEEP_TAG } from '../../core/guards/ownership.ts';
import type { Prices } from '../../core/prices.ts';
import { differencesOf, type Restoration } from '../../core/requests/restore.ts';
import { align } from './layout.ts';
import { grouped, sayBytes, sayDuration, style, visible } from './text.ts';

/** Formats the backup to restore and the cost. */
export function viewRestoration(plan: Restoration, prices: Prices, now: number): string {
  const { table, backup, usd, started } = plan;
  const name = style.heading(visible(table.name));
  const by = backup.type === 'SYSTEM' ? ', by DynamoDB when the table was deleted' : '';
  const created = `${sayInstant(backup.createdAt)}, ${sayDuration(now - backup.createdAt)} ago${by}`;
  const cost = `USD ${grouped(usd.toFixed(2))} once (USD ${prices.backup.restore} per GB), then the cost of the table`;
  const rows = [
    ['backup', visible(backup.name)],
    ['created', created],
    ['size', sayBytes(backup.sizeBytes)],
    ...(started ? [] : [['cost', cost]]),
  ];
  const heading = started
    ? `${name} is already restored from its backup, but not adopted:`
    : `${style.create('+')} ${name} will be restored from its newest backup:`;
  const warnings = plan.warnings.map((warning) => `\n\n  ${style.hold('!')} ${visible(warning)}`);
  return `${heading}\n\n${align(rows, '  ')}${warnings.join('')}`;
}

/** Formats what to know about a restored table. */
export function viewRestored({ table }: Restoration, state: TableState): string {
  const { arn } = state;
  const expired = table.phase === 'expired' ? EXPIRED : [];
  return [
    `${style.good('Restored')} ${visible(table.name)}.`,
    ...expired,
    ...differencesOf(table, state).map((difference) => `${style.hold('!')} ${visible(difference)}`),
    `The tag ${KEEP_TAG} keeps purge from deleting the table. When you no longer need it, remove the tag:`,
    `  aws dynamodb untag-resource --resource-arn ${visible(arn)} --tag-keys ${KEEP_TAG}`,
    'A backup does not include time to live, streams, or point-in-time recovery. Items in the table do not expire.',
  ].join('\n');
}

export const EXPIRED = [
  'The retention of its period has ended. Applications can use the table by its name, but ranges of the resolver exclude it.',
];

/** Shows on a terminal how long the restore has taken so far. */
export function waiting(stream: NodeJS.WriteStream, clock: () => number) {
  const started = clock();
  return {
    onWait(status: string): void {
      if (stream.isTTY)
        stream.write(
          `\r\u001b[K${visible(status)} for ${sayDuration(clock() - started)}. Press Ctrl-C to stop waiting`,
        );
    },
    done(): void {
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}
