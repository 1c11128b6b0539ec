/** What is remembered of the drills of a group between runs. A drill takes hours, and a run minutes. Times are epoch milliseconds. */
import type { Archive } from '../archives.ts';
import type { Backup } from '../facts.ts';
import type { DrillEntry } from '../history/entry.ts';
import { entryFrom } from '../history/stored.ts';
import type { Verdict } from './verdict.ts';

/** What a drill restores: a backup, or an export to S3 as if it were one. `createdAt`: it has the items of then. */
export interface Source
  extends Pick<Backup, 'arn' | 'name' | 'table' | 'tableId' | 'createdAt' | 'sizeBytes'> {
  /** Only of an export. */
  readonly archive?: Archive;
}

export const isExport = ({ archive }: Pick<Source, 'archive'>): boolean => archive !== undefined;

/** A drill that is not over. */
export interface Drill {
  /** When it was decided. The restore starts afterwards. */
  readonly begunAt: number;
  readonly backup: Source;
  /** What it costs without the storage of the scratch table, in USD. */
  readonly usd: number;
  /** TableId of the scratch table, once it has been seen. */
  readonly tableId?: string;
  /** When a run first saw the scratch table restored. */
  readonly restoredAt?: number;
  /** ARN of the load of an export. */
  readonly load?: string;
  /** What has been counted of it. `next`: where the count continues; absent once it is complete. */
  readonly counted?: { readonly items: number; readonly next?: string };
  /** Once it is known, only the scratch table is left to delete. */
  readonly verdict?: Verdict;
}

export interface DrillRecord {
  /** The calendar month of the newest drill that has begun or was skipped: `2026-12`. */
  readonly month: string;
  /** What the drills of that month cost, in USD. */
  readonly usd: number;
  readonly drill?: Drill;
  /** The newest drill that compared something or failed. A skipped one leaves it as it is. */
  readonly last?: {
    readonly outcome: Verdict['outcome'];
    readonly at: number;
    readonly message: string;
    /** Of an export and not of a backup. Both take turns. */
    readonly isExport?: boolean;
  };
  /** What is not yet in the history. */
  readonly unrecorded?: DrillEntry;
}

export const monthOf = (now: number): string => new Date(now).toISOString().slice(0, 7);

export const storableDrill = (record: DrillRecord): string => JSON.stringify(record);

/** undefined if the text is not a valid record. A scratch table is then found by its name. */
export function drillFrom(text: string): DrillRecord | undefined {
  try {
    const record = JSON.parse(text) as DrillRecord;
    const { month, usd, drill, last, unrecorded } = record;
    const valid =
      typeof month === 'string' &&
      isNumber(usd) &&
      (drill === undefined || isDrill(drill)) &&
      (last === undefined || (isNumber(last.at) && isOutcome(last.outcome))) &&
      (unrecorded === undefined || entryFrom(JSON.stringify(unrecorded)) !== undefined);
    return valid ? record : undefined;
  } catch {
    return undefined;
  }
}

const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isOutcome = (value: unknown): boolean => value === 'passed' || value === 'failed';

function isDrill({ begunAt, usd, backup, restoredAt, counted, verdict }: Drill): boolean {
  const { archive } = backup;
  const ofArchive = archive ? [archive.exportArn, archive.bucket, archive.prefix, archive.format] : [];
  const texts = [backup.arn, backup.name, backup.table, backup.tableId, ...ofArchive];
  return (
    isNumber(begunAt) &&
    isNumber(usd) &&
    texts.every((one) => typeof one === 'string') &&
    isNumber(backup.createdAt) &&
    isNumber(backup.sizeBytes) &&
    (restoredAt === undefined || isNumber(restoredAt)) &&
    (counted === undefined || isNumber(counted.items)) &&
    (verdict === undefined || isOutcome(verdict.outcome))
  );
}
