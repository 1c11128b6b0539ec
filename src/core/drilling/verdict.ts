/** Whether a restored table is what its backup says. */
import type { Backup } from '../facts.ts';
import type { DrillReason } from '../reasons.ts';
import { keyNames, type Schema } from '../schema.ts';
import type { Spec } from '../spec.ts';
import { plural } from '../text.ts';

export interface Verdict {
  readonly outcome: 'passed' | 'failed';
  readonly reason: DrillReason;
  readonly message: string;
}

/** Sampled items of the restored table beside the items with the same keys in the table that was backed up. */
export interface Sampled {
  /** Whether the deletion of that table is scheduled. Its items are then not read. */
  readonly isScheduled: boolean;
  /** Sampled items whose keys were read in that table. */
  readonly compared: number;
  readonly same: number;
  readonly changed: number;
  /** No longer in that table. */
  readonly gone: number;
  /** Whether nothing was written to that table since the backup; false also if that is unknown. */
  readonly unchangedSince: boolean;
  /** Whether time to live deletes items of that table, which is no write. */
  readonly expires: boolean;
}

/** What is compared. */
export interface Compared {
  /** undefined if the configuration no longer has the group. */
  readonly spec: Spec | undefined;
  /** As DescribeBackup returns it; undefined if the backup no longer exists. Of an export, what its manifest says. */
  readonly backup: Pick<Backup, 'key' | 'itemCount' | 'sizeBytes'> | undefined;
  /** Whether it is an export, whose count is exact. */
  readonly isExport: boolean;
  readonly table: string;
  readonly restored: Schema;
  /** By reading all of it. */
  readonly items: number;
  /** undefined if the table that was backed up is gone. */
  readonly sampled: Sampled | undefined;
}

/**
 * The backup's count is the ItemCount of the table, up to six hours old: more items are growth, and some fewer are deletions.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
 */
const LEAST_SHARE = 0.9;

export function verdictOf(compared: Compared): Verdict {
  const { spec, backup, isExport, restored, items } = compared;
  const what = isExport ? 'export' : 'backup';
  const key = keyNames(restored.KeySchema).join(', ');
  const failed = (reason: DrillReason, message: string): Verdict => ({ outcome: 'failed', reason, message });
  const expected = backup?.key?.join(', ');
  if (expected !== undefined && expected !== key)
    return failed('key-differs', `The restored table has the key ${key}, and the backup has ${expected}.`);
  const wanted = spec && keyNames(spec.properties.KeySchema).join(', ');
  if (wanted !== undefined && wanted !== key)
    return failed('key-differs', `The backup has the key ${key}, and the spec has ${wanted}.`);
  const count = backup?.itemCount;
  if (count !== undefined && items < count * (isExport ? 1 : LEAST_SHARE))
    return failed(
      'items-missing',
      `The restored table has ${plural(items, 'item')}, and the ${what} says ${count}.`,
    );
  if (items === 0 && (backup?.sizeBytes ?? 0) > 0)
    return failed(
      'items-missing',
      `The restored table is empty, and the ${what} has ${backup?.sizeBytes} bytes.`,
    );
  return sampleVerdict(compared) ?? passed(compared, key);
}

/** Only if nothing was written since the backup, every item has to be the same. */
function sampleVerdict({ table, sampled }: Compared): Verdict | undefined {
  if (!sampled?.unchangedSince) return undefined;
  const { compared, changed, gone, expires } = sampled;
  const wrong = changed + (expires ? 0 : gone);
  if (wrong === 0) return undefined;
  const message = `${wrong} of ${compared} sampled items are not as in ${table}, which was not written since the backup.`;
  return { outcome: 'failed', reason: 'items-differ', message };
}

function passed({ backup, isExport, table, items, sampled }: Compared, key: string): Verdict {
  const count =
    backup?.itemCount === undefined
      ? ''
      : `, and the ${isExport ? 'export' : 'backup'} says ${backup.itemCount}`;
  const sentences = [
    `The key is ${key}.`,
    `It has ${plural(items, 'item')}${count}.`,
    saySample(table, sampled),
  ];
  return { outcome: 'passed', reason: 'restorable', message: sentences.join(' ') };
}

function saySample(table: string, sampled: Sampled | undefined): string {
  if (!sampled) return `${table} is gone, so no items were compared with it.`;
  const { isScheduled, compared, same, changed, gone } = sampled;
  if (isScheduled) return `No items were compared with ${table}, because its deletion is scheduled.`;
  if (compared === 0) return `No items were compared with ${table}.`;
  const rest = [
    ...(changed > 0 ? [`${changed} changed since`] : []),
    ...(gone > 0 ? [`${gone} deleted since`] : []),
  ];
  return `${same} of ${compared} sampled items are the same in ${table}${rest.length > 0 ? `, and ${rest.join(' and ')}` : ''}.`;
}
