import { ask } from '../ask.ts';
import { iso, sayInstant } from '../calendar/instant.ts';
import { DAY_MS } from '../calendar/period.ts';
import { GB } from '../cost.ts';
import type { Backup, TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { type Answer, acting, holding, type Outcome } from '../outcome.ts';
import type { Prices } from '../prices.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html */
const LONGEST_NAME = 255;
/** DynamoDB creates a backup within minutes. If it takes longer than this, the run fails visibly. */
const OVERDUE_MS = DAY_MS;

/**
 * `<table>.<YYYYMMDDTHHMMSSZ>`, with the instant of scheduling: a deletion that is scheduled again needs a new backup.
 */
export function finalBackupName(table: string, scheduledAt: number): string {
  const instant = `.${iso(scheduledAt).replace(/[-:]|\.\d+/g, '')}`;
  return table.slice(0, LONGEST_NAME - instant.length) + instant;
}

/** Whether a table needs a final backup before it is deleted, and which ones exist. */
interface FinalBackups {
  readonly required: boolean;
  readonly available?: Backup;
  readonly creating?: Backup;
}

/** The backups of exactly this table that purge requested for the deletion scheduled at `scheduledAt`. */
export function finalBackups(
  observed: Observed,
  table: Table,
  { id }: TableState,
  scheduledAt: number,
): Answer<FinalBackups> {
  if (!table.spec.settings.purge.finalBackup) return { value: { required: false } };
  const backups = ask(observed, table, 'backups');
  if ('pending' in backups) return backups;
  const name = finalBackupName(table.name, scheduledAt);
  const own = backups.value.filter(
    (backup) => backup.name === name && backup.tableId === id && backup.createdAt >= scheduledAt,
  );
  const inStatus = (status: Backup['status']) => own.find((backup) => backup.status === status);
  return { value: { required: true, available: inStatus('AVAILABLE'), creating: inStatus('CREATING') } };
}

interface Unsaved {
  readonly table: Table;
  readonly state: TableState;
  /** The final backup, if DynamoDB is creating it. */
  readonly creating: Backup | undefined;
  /** Epoch milliseconds. */
  readonly scheduledAt: number;
  readonly now: number;
  readonly prices: Prices;
}

/** Requests the final backup, or holds the deletion until the requested one is AVAILABLE. */
export function backUp({ table, state, creating, scheduledAt, now, prices }: Unsaved): Outcome {
  if (creating)
    return holding({
      kind: 'delete',
      reason: 'backup-pending',
      message: `The final backup requested at ${sayInstant(creating.createdAt)} is still CREATING. The table is deleted after the backup is AVAILABLE.`,
      ...(now - creating.createdAt > OVERDUE_MS && { urgent: true }),
    });
  return acting({
    kind: 'back-up',
    reason: 'final-backup',
    message: `The deletion was scheduled at ${sayInstant(scheduledAt)} and the waiting period has ended. The final backup costs about USD ${costOf(state, prices)} per month. The table is deleted after the backup is AVAILABLE.`,
    createdAt: iso(state.createdAt),
    backup: finalBackupName(table.name, scheduledAt),
  });
}

const costOf = ({ sizeBytes }: TableState, { backup }: Prices): string =>
  ((sizeBytes / GB) * backup.month).toFixed(2);
