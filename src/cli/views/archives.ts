import { type Archive, addressOf, errorsPrefix } from '../../core/archives.ts';
import { sayInstant } from '../../core/calendar/instant.ts';
import { KEEP_TAG } from '../../core/guards/ownership.ts';
import type { Prices } from '../../core/prices.ts';
import type { ArchiveRestoration } from '../../core/requests/restore-archive.ts';
import type { Spec } from '../../core/spec.ts';
import type { FoundArchive } from '../../jobs/archive-list.ts';
import type { Loaded } from '../../jobs/restore-archive.ts';
import { align, type Column, layout } from './layout.ts';
import { EXPIRED } from './restoration.ts';
import { grouped, plural, sayBytes, sayDuration, shellWord, style, visible } from './text.ts';

const COLUMNS: readonly Column[] = [
  { title: 'PERIOD' },
  { title: 'ITEMS OF' },
  { title: 'ITEMS', align: 'right' },
  { title: 'BILLED', align: 'right' },
  { title: 'FORMAT' },
];

/** Formats the exports of a group, oldest first. */
export function viewArchives(group: string, environment: string, found: readonly FoundArchive[]): string {
  const heading = style.heading(visible(`${environment}.${group}`));
  if (found.length === 0) return `${heading}: S3 has no export of its tables.`;
  const complete = found.filter(({ archive }) => archive).length;
  const rows = found.map(({ table, address, archive, unread }) => ({
    cells: [
      visible(table.name.slice(`${environment}.${group}.`.length) || '-'),
      archive
        ? sayInstant(archive.exportTime)
        : style.hold(unread === undefined ? 'incomplete' : 'not readable'),
      archive ? grouped(archive.itemCount) : '',
      archive ? sayBytes(archive.billedBytes) : '',
      archive?.format ?? '',
    ],
    notes: [visible(address), ...(unread === undefined ? [] : [visible(unread)])],
  }));
  const count = `${plural(found.length, 'export')}${complete < found.length ? `, ${complete} of them complete` : ''}`;
  return `${heading}: ${count}\n${layout(COLUMNS, rows, { indent: '  ' })}`;
}

export const addressOfArchive = ({ exportArn, bucket, prefix }: Archive): string =>
  addressOf({ arn: exportArn, bucket, prefix });

/** Formats the export to restore, the cost, and what does not come back. */
export function viewArchiveRestoration(
  { table, archive, usd, started }: ArchiveRestoration,
  prices: Prices,
  now: number,
): string {
  const name = style.heading(visible(table.name));
  const age = `${sayInstant(archive.exportTime)}, ${sayDuration(now - archive.exportTime)} ago`;
  const rows = [
    ['export', visible(addressOfArchive(archive))],
    ['items of', age],
    ['items', grouped(archive.itemCount)],
    [
      'cost',
      `${usd > 0 && usd < 0.01 ? 'less than USD 0.01' : `about USD ${grouped(usd.toFixed(2))}`} once (USD ${prices.archive.loaded} per GB), then the cost of the table`,
    ],
  ];
  const heading = started
    ? `${name} was created from this export, and its items are not all loaded:`
    : `${style.create('+')} ${name} will be created, and loaded from its newest export:`;
  return `${heading}\n\n${align(rows, '  ')}\n\n  ${visible(sayRest(table.spec))}`;
}

/** What the table has, and what of its spec it lacks. */
function sayRest({ properties, replicas, consumers, destination }: Spec): string {
  const { TimeToLive: ttl, StreamSpecification: stream, PointInTimeRecoverySpecification: pitr } = properties;
  const regions = replicas.map(({ region }) => region);
  const functions = consumers.map((consumer) => consumer.function);
  const named = (one: string, many: string, names: readonly string[]) =>
    names.length > 0 ? [`the ${names.length > 1 ? many : one} ${names.join(' and ')}`] : [];
  const lacks = [
    ...(ttl && ttl.Enabled !== false ? ['time to live'] : []),
    ...(stream?.StreamEnabled ? ['the stream'] : []),
    ...(pitr?.PointInTimeRecoveryEnabled ? ['point-in-time recovery'] : []),
    ...named('replica in', 'replicas in', regions),
    ...named('consumer', 'consumers', functions),
    ...(destination ? [`the Kinesis stream destination ${destination.stream}`] : []),
  ];
  const has = 'The table is on-demand, with the keys, indexes and tags of the spec.';
  return lacks.length > 0 ? `${has} These do not come back: ${lacks.join(', ')}.` : has;
}

/** Formats how the load ended. */
export function viewLoaded({ table, archive }: ArchiveRestoration, { state, load }: Loaded): string {
  const put = load.processed - load.failed;
  const lines = [
    `${style.good('Restored')} ${visible(table.name)}: ${grouped(put)} of ${plural(archive.itemCount, 'item')}.`,
  ];
  const errors = `s3://${archive.bucket}/${errorsPrefix(archive)}/`;
  if (load.failed > 0)
    lines.push(
      `${style.bad('!')} DynamoDB could not put ${plural(load.failed, 'item')}. What they are and why: ${visible(errors)}`,
      `  aws s3 cp --recursive ${shellWord(errors)} bad-items/`,
    );
  else if (load.processed < archive.itemCount)
    lines.push(
      `${style.bad('!')} The load has ${grouped(load.processed)} items, and the manifest of the export has ${grouped(archive.itemCount)}. Look whether objects of the export were deleted.`,
    );
  return [
    ...lines,
    ...(table.phase === 'expired' ? EXPIRED : []),
    `The tag ${KEEP_TAG} keeps purge from deleting the table. When you no longer need it, remove the tag:`,
    `  aws dynamodb untag-resource --resource-arn ${visible(state.arn)} --tag-keys ${KEEP_TAG}`,
    visible(sayRest(table.spec)),
  ].join('\n');
}
