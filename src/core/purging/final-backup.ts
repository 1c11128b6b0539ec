import { GB } from '../cost.ts';
import type { Prices } from '../prices.ts';
import { iso, sayInstant } from '../calendar/instant.ts';
import { DAY_MS } from '../calendar/period.ts';
import type { Drafting } from '../plan-builder.ts';
import type { Table } from '../fleet.ts';
import type { Backup, Observed, TableState } from '../observed.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html */
const LONGEST_NAME = 255;
/** Backups are there within minutes; one that takes longer is a matter for people. */
const OVERDUE_MS = DAY_MS;

/** `<table>.<YYYYMMDDTHHMMSSZ>`, of the instant of its condemnation: another sentence needs another backup. */
export function lastBackupName(table: string, condemnedAt: number): string {
  const instant = `.${iso(condemnedAt).replace(/[-:]|\.\d+/g, '')}`;
  return table.slice(0, LONGEST_NAME - instant.length) + instant;
}

/** What there is of the backup that a condemned table goes by. */
export interface LastBackups {
  readonly available?: Backup;
  readonly making?: Backup;
}

export const none: LastBackups = {};

/** Those of this very table that were made for its sentence, where the settings ask for one. */
export function lastBackups(
  draft: Drafting,
  observed: Observed,
  table: Table,
  { id }: TableState,
  condemnedAt: number,
): LastBackups | 'unknown' {
  if (!table.spec.settings.purge.lastBackup) return none;
  const backups = draft.ask(observed, table, 'backups');
  if (!backups) return 'unknown';
  const name = lastBackupName(table.name, condemnedAt);
  const own = backups.value.filter(
    (backup) => backup.name === name && backup.tableId === id && backup.createdAt >= condemnedAt,
  );
  const inStatus = (status: Backup['status']) => own.find((backup) => backup.status === status);
  return { available: inStatus('AVAILABLE'), making: inStatus('CREATING') };
}

interface Circumstances {
  /** Epoch milliseconds. */
  readonly condemnedAt: number;
  readonly now: number;
  readonly prices: Prices;
}

/** Asks for the backup, or waits for the one that is being made. */
export function secure(
  draft: Drafting,
  table: Table,
  state: TableState,
  making: Backup | undefined,
  { condemnedAt, now, prices }: Circumstances,
): void {
  if (making) {
    const message = `Its last backup, asked for ${sayInstant(making.createdAt)}, is still being made; it goes once that is available.`;
    return draft.hold(table, 'delete', 'backup-pending', message, now - making.createdAt > OVERDUE_MS);
  }
  draft.do(table, {
    kind: 'back-up',
    reason: 'last-backup',
    message: `Condemned ${sayInstant(condemnedAt)}, and still due: backed up before it goes, for about ${costOf(state, prices)} USD a month.`,
    createdAt: iso(state.createdAt),
    backup: lastBackupName(table.name, condemnedAt),
  });
}

const costOf = ({ sizeBytes }: TableState, { backup }: Prices): string =>
  ((sizeBytes / GB) * backup.month).toFixed(2);
