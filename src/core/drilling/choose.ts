/** Which groups a run drills, and which it skips and why. */
import { type Archive, exportId } from '../archives.ts';
import { parseTableName } from '../calendar/naming.ts';
import { GB } from '../cost.ts';
import type { Backup } from '../facts.ts';
import type { DrillReason } from '../reasons.ts';
import type { Config, Spec } from '../spec.ts';
import { sayBytes } from '../text.ts';
import { drillUsd } from './cost.ts';
import { type DrillRecord, isExport, monthOf, type Source } from './record.ts';
import { sayKind, sayUsd } from './say.ts';

export type Records = ReadonlyMap<string, DrillRecord>;

/** A drill to begin. */
export interface ToBegin {
  readonly spec: Spec;
  readonly backup: Source;
  /** Without the storage of the scratch table. */
  readonly usd: number;
}

export interface ToSkip {
  readonly spec: Spec;
  readonly reason: DrillReason;
  readonly message: string;
}

export interface Chosen {
  readonly begin: readonly ToBegin[];
  readonly skip: readonly ToSkip[];
}

/** DynamoDB restores 50 tables of an account at once, and operators need some of them. Most environments have fewer groups. */
const MOST_AT_ONCE = 5;

/** The groups whose drill of this month has neither begun nor been skipped. The longest without a drill come first. */
export function dueGroups({ specs }: Config, records: Records, now: number): Spec[] {
  const month = monthOf(now);
  const lastAt = ({ name }: Spec): number => records.get(name)?.last?.at ?? Number.NEGATIVE_INFINITY;
  return specs
    .filter(({ settings }) => settings.drill.enabled)
    .filter(({ name }) => {
      const record = records.get(name);
      return record?.month !== month && record?.drill === undefined;
    })
    .sort((a, b) => lastAt(a) - lastAt(b) || (a.name < b.name ? -1 : 1));
}

/** What the drills of a month have cost, in USD. */
export const spentIn = (records: Records, month: string): number =>
  [...records.values()].filter((one) => one.month === month).reduce((sum, { usd }) => sum + usd, 0);

/** `due`: in their order. What does not fit beside the drills that are not over waits for the next run. */
export function chooseDrills(
  due: readonly Spec[],
  {
    records,
    sources,
    config,
    now,
  }: {
    readonly records: Records;
    readonly sources: readonly Source[];
    readonly config: Config;
    readonly now: number;
  },
): Chosen {
  const inTurn = sourcesInTurn(due, sources, records, now);
  const all = [...records.values()];
  let spent = spentIn(records, monthOf(now));
  let free = MOST_AT_ONCE - all.filter(({ drill }) => drill).length;
  const begin: ToBegin[] = [];
  const skip: ToSkip[] = [];
  for (const spec of due) {
    const decided = decideDrill(spec, inTurn.get(spec), spent, config);
    if ('reason' in decided) skip.push(decided);
    else {
      spent += decided.usd;
      free -= 1;
      if (free >= 0) begin.push(decided);
    }
  }
  return { begin, skip };
}

/** `spent`: what the drills of the month have cost, in USD. */
export function decideDrill(
  spec: Spec,
  backup: Source | undefined,
  spent: number,
  { settings, prices }: Config,
): ToBegin | ToSkip {
  if (!backup) {
    const message =
      'Drill skipped: the group has no backup that is AVAILABLE, and no complete export to S3. Set Purge.FinalBackup or Purge.Archive, or create backups, for example with AWS Backup.';
    return { spec, reason: 'no-backup', message };
  }
  const { maxGB } = spec.settings.drill;
  const { maxUSD } = settings.drill;
  if (backup.sizeBytes > maxGB * GB) {
    const message = `Drill skipped: ${sayKind(backup)} ${backup.name} of ${backup.table} has ${sayBytes(backup.sizeBytes)}, and RestoreDrill.MaxGB (${maxGB}) allows less. To drill it, raise MaxGB and run turntable drill.`;
    return { spec, reason: 'too-large', message };
  }
  const usd = drillUsd(backup, prices);
  if (spent + usd > maxUSD) {
    const message = `Drill skipped: it would cost ${sayUsd(usd)}. The drills of this month have cost ${sayUsd(spent)}, and RestoreDrill.MaxUSD (${maxUSD}) allows no more. To drill it, raise MaxUSD and run turntable drill.`;
    return { spec, reason: 'over-budget', message };
  }
  return { spec, backup, usd };
}

/** The backups that can be restored. */
export const availableBackups = (backups: readonly Backup[]): Source[] =>
  backups.filter(({ status }) => status === 'AVAILABLE');

/** A complete export as what a drill restores. */
export const sourceOfArchive = (archive: Archive): Source => ({
  arn: archive.exportArn,
  name: exportId(archive),
  table: archive.tableArn.slice(archive.tableArn.lastIndexOf('/') + 1),
  tableId: archive.tableId,
  createdAt: archive.exportTime,
  sizeBytes: archive.billedBytes,
  archive,
});

/**
 * What a drill of each group restores of what exists at `now`, which can be in the past: the newest export or the newest backup, by
 * turns. The newest of both is never an export, because purge deletes a table after its export, and DynamoDB then retains a backup
 * for 35 days. Later, there is only the export.
 */
export function sourcesInTurn(
  specs: readonly Spec[],
  sources: readonly Source[],
  records: Records,
  now: number,
): Map<Spec, Source> {
  const existing = sources.filter(({ createdAt }) => createdAt <= now);
  const exports = newestSources(specs, existing.filter(isExport));
  const backups = newestSources(
    specs,
    existing.filter((one) => !isExport(one)),
  );
  return new Map(
    specs.flatMap((spec): [Spec, Source][] => {
      const [first, other] = isTurnOfExport(records.get(spec.name)) ? [exports, backups] : [backups, exports];
      const source = first.get(spec) ?? other.get(spec);
      return source ? [[spec, source]] : [];
    }),
  );
}

/** What failed is drilled again. Otherwise a drill of the other kind would pass, and hide the failure. */
function isTurnOfExport(record: DrillRecord | undefined): boolean {
  const wasExport = record?.last?.isExport ?? false;
  return record?.last?.outcome === 'failed' ? wasExport : !wasExport;
}

/** The newest of each group: of any of its tables, also of deleted ones. */
function newestSources(specs: readonly Spec[], sources: readonly Source[]): Map<Spec, Source> {
  const byBase = new Map(specs.map((spec) => [`${spec.environment}.${spec.name}`, spec]));
  const newest = new Map<Spec, Source>();
  for (const source of sources) {
    const { table } = source;
    for (const base of [table, table.slice(0, Math.max(0, table.lastIndexOf('.')))]) {
      const spec = byBase.get(base);
      if (!spec || !parseTableName(spec, table)) continue;
      if (source.createdAt > (newest.get(spec)?.createdAt ?? Number.NEGATIVE_INFINITY))
        newest.set(spec, source);
    }
  }
  return newest;
}
