import { HOUR_MS } from '../calendar/period.ts';
import { GB, MONTH_HOURS } from '../cost.ts';
import type { Prices } from '../prices.ts';
import type { Source } from './record.ts';

/** An eventually consistent read of 4 KB is half a unit. */
const BYTES_PER_READ_UNIT = 8192;

/** What a drill costs, in USD: the restore or the load, and reading all of it once. Without its storage, which depends on time. */
export function drillUsd(
  { sizeBytes, archive: of }: Pick<Source, 'sizeBytes' | 'archive'>,
  { backup, archive, onDemandMillion }: Prices,
): number {
  const reads = (sizeBytes / BYTES_PER_READ_UNIT / 1e6) * onDemandMillion.read;
  return (sizeBytes / GB) * (of ? archive.loaded : backup.restore) + reads;
}

/** What a scratch table costs while it exists, in USD. */
export const storageUsd = (sizeBytes: number, ms: number, { storageMonth }: Prices): number =>
  ((sizeBytes / GB) * storageMonth.STANDARD * (ms / HOUR_MS)) / MONTH_HOURS;
