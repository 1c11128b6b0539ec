import { sayInstant } from '../../core/calendar/instant.ts';
import { KEEP_TAG } from '../../core/guards/ownership.ts';
import type { TableState } from '../../core/observed.ts';
import type { Prices } from '../../core/prices.ts';
import { differencesOf, type Restoration } from '../../core/requests/restore.ts';
import { align, sayBytes, sayDuration, style, visible } from './text.ts';

/** What comes back from what, and what that costs. */
export function viewRestoration(plan: Restoration, prices: Prices, now: number): string {
  const { table, backup, usd, started } = plan;
  const name = style.heading(visible(table.name));
  const by = backup.type === 'SYSTEM' ? ', left by DynamoDB itself' : '';
  const made = `${sayInstant(backup.createdAt)}, ${sayDuration(now - backup.createdAt)} ago${by}`;
  const cost = `${usd.toFixed(2)} USD once (${prices.backup.restore} USD a GB), and from then on what a table costs`;
  const rows = [
    ['backup', visible(backup.name)],
    ['made', made],
    ['size', sayBytes(backup.sizeBytes)],
    ...(started ? [] : [['costs', cost]]),
  ];
  const heading = started
    ? `${name} has been restored from its backup, and is not taken over yet:`
    : `${style.create('+')} ${name} comes back from its newest backup:`;
  const warned = plan.cautions.map((caution) => `\n\n  ${style.hold('!')} ${visible(caution)}`);
  return `${heading}\n\n${align(rows, '  ')}${warned.join('')}`;
}

/** What is to be known of a restored table. */
export function viewRestored({ table }: Restoration, state: TableState): string {
  const { arn } = state;
  const beyond = table.phase === 'expired' ? BEYOND : [];
  return [
    `${style.good('Restored')} ${visible(table.name)}.`,
    ...beyond,
    ...differencesOf(table, state).map((difference) => `${style.hold('!')} ${visible(difference)}`),
    `Its tag ${KEEP_TAG} keeps purge from it. Without the tag it is purged like any other table; once you are done:`,
    `  aws dynamodb untag-resource --resource-arn ${visible(arn)} --tag-keys ${KEEP_TAG}`,
    'No backup brings time to live, streams and point-in-time recovery back: nothing in it expires.',
  ].join('\n');
}

const BEYOND = [
  'Its period is past retention: the application reaches it by its name, not by a range of the resolver.',
];

/** Says on a terminal how long AWS has been at it. */
export function waiting(stream: NodeJS.WriteStream, clock: () => number) {
  const began = clock();
  return {
    onWait(status: string): void {
      if (stream.isTTY)
        stream.write(
          `\r\u001b[K${visible(status)} for ${sayDuration(clock() - began)}; Ctrl-C stops waiting`,
        );
    },
    done(): void {
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}
