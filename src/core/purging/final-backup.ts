import { iso, sayInstant } from '../calendar/instant.ts';
import { DAY_MS } from '../calendar/period.ts';
import { GB } from '../cost.ts';
import type { Table } from '../fleet.ts';
import type { Backup, Observed, TableState } from '../observed.ts';
import type { PlanBuilder } from '../plan-builder.ts';
import type { Prices } from '../prices.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html */
const LONGEST_NAME = 255;
/** Backups are there within minutes; one that takes longer is a matter for people. */
const OVERDUE_MS = DAY_MS;

/** `<table>.<YYYYMMDDTHHMMSSZ>`, of the instant of its condemnation: another sentence needs another backup. */
export function finalBackupName(table: string, scheduledAt: number): string {
  const instant = `.${iso(scheduledAt).replace(/[-:]|\.\d+/g, '')}`;
  return table.slice(0, LONGEST_NAME - instant.length) + instant;
}

/** What there is of the backup that a condemned table goes by. */
export interface FinalBackups {
  readonly available?: Backup;
  readonly making?: Backup;
}

export const none: FinalBackups = {};

/** Those of this very table that were made for its sentence, where the settings ask for one. */
export function finalBackups(
  draft: PlanBuilder,
  observed: Observed,
  table: Table,
  { id }: TableState,
  scheduledAt: number,
): FinalBackups | 'unknown' {
  if (!table.spec.settings.purge.finalBackup) return none;
  const backups = draft.ask(observed, table, 'backups');
  if (!backups) return 'unknown';
  const name = finalBackupName(table.name, scheduledAt);
  const own = backups.value.filter(
    (backup) => backup.name === name && backup.tableId === id && backup.createdAt >= scheduledAt,
  );
  const inStatus = (status: Backup['status']) => own.find((backup) => backup.status === status);
  return { available: inStatus('AVAILABLE'), making: inStatus('CREATING') };
}

interface Circumstances {
  /** Epoch milliseconds. */
  readonly scheduledAt: number;
  readonly now: number;
  readonly prices: Prices;
}

/** Asks for the backup, or waits for the one that is being made. */
export function secure(
  draft: PlanBuilder,
  table: Table,
  state: TableState,
  making: Backup | undefined,
  { scheduledAt, now, prices }: Circumstances,
): void {
  if (making) {
    const message = `Its final backup, asked for ${sayInstant(making.createdAt)}, is still being made; it goes once that is available.`;
    return draft.hold(table, 'delete', 'backup-pending', message, now - making.createdAt > OVERDUE_MS);
  }
  draft.do(table, {
    kind: 'back-up',
    reason: 'final-backup',
    message: `Condemned ${sayInstant(scheduledAt)}, and still due: backed up before it goes, for about ${costOf(state, prices)} USD a month.`,
    createdAt: iso(state.createdAt),
    backup: finalBackupName(table.name, scheduledAt),
  });
}

const costOf = ({ sizeBytes }: TableState, { backup }: Prices): string =>
  ((sizeBytes / GB) * backup.month).toFixed(2);
