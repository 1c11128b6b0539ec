import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import type { TablePeriod } from '../resolver/types.ts';
import { attempt } from './attempt.ts';
import { RotatingError } from './failure.ts';
import type { RotatingOptions } from './types.ts';

/**
 * Why a table may rightly be absent: it expired, it is older than all that there are, or its period has not begun.
 * That the group's oldest tables were lost looks like a group that began later.
 */
export type Absence = 'purged' | 'before-the-group' | 'not-yet';

/**
 * Whether a table that DynamoDB does not know may be absent.
 * @throws RotatingError `missing-table` where it should exist
 */
export async function absenceOf(
  options: RotatingOptions,
  { table, start }: TablePeriod,
  cause: unknown,
  signal?: AbortSignal,
  findOldest = oldestTable,
): Promise<Absence> {
  const { resolver, group } = options;
  if (Number.isFinite(start)) {
    const { status } = resolver.locate(group, start);
    if (status === 'expired') return 'purged';
    if (status !== 'retained') return 'not-yet';
    if (table !== resolver.current(group)) {
      const oldest = await findOldest(options, signal).catch((error) => blind(table, error, signal));
      if (!oldest) throw noTable(options, table, cause);
      // Names of a group sort like their periods.
      if (table < oldest.table) return 'before-the-group';
    }
  }
  throw missingTable(table, cause);
}

export const missingTable = (table: string, cause: unknown): RotatingError =>
  new RotatingError(
    'missing-table',
    `The table ${table} should exist and does not. \`turntable rotate\` makes current and coming tables, and past ones as far as \`Backfill\` says; it is a scheduled job too.`,
    { table, cause },
  );

/** A group without any table is one that nobody has rotated, and more often one of another environment. */
export function noTable({ resolver, group }: RotatingOptions, table: string, cause?: unknown): RotatingError {
  const [environment] = resolver.current(group).split('.');
  return new RotatingError(
    'missing-table',
    `There is no table of "${group}" in the environment "${environment}" at all, not even ${table}: is it the right environment, the right account and region? \`turntable rotate\` makes its tables.`,
    { table, cause },
  );
}

const FORBIDDEN = /AccessDenied|NotAuthorized|Unauthorized/;

function blind(table: string, error: unknown, signal?: AbortSignal): never {
  if (signal?.aborted) throw signal.reason;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const why = FORBIDDEN.test(name)
    ? "can't be told without dynamodb:ListTables: allow that, or say `from` when the group began"
    : `can't be told, since ListTables failed (${name}: ${message})`;
  throw new RotatingError(
    'missing-table',
    `The table ${table} does not exist. Whether it should ${why}. If it should, \`turntable rotate\` makes it.`,
    { table, cause: error },
  );
}

/** The oldest table of the group that exists. It takes one call: tables are listed in the order of their names. */
export async function oldestTable(
  options: RotatingOptions,
  signal?: AbortSignal,
): Promise<TablePeriod | undefined> {
  const { documents, resolver, group } = options;
  const prefix = resolver.current(group).replace(/\d+$/, '');
  let after: string | undefined = prefix;
  while (after !== undefined) {
    const command: ListTablesCommand = new ListTablesCommand({ ExclusiveStartTableName: after });
    const { TableNames: names = [], LastEvaluatedTableName } = await attempt(signal, (http) =>
      documents.send(command, http),
    );
    for (const name of names) {
      if (!name.startsWith(prefix)) return undefined;
      const period = periodOf(options, name);
      if (period) return period;
    }
    after = LastEvaluatedTableName;
  }
  return undefined;
}

/** The period of a table's name; undefined where the name is not exactly one that the group makes. */
function periodOf({ resolver, group }: RotatingOptions, name: string): TablePeriod | undefined {
  const [, year, month, day, hour = '00'] = /\.(\d{4})(\d\d)(\d\d)(\d\d)?$/.exec(name) ?? [];
  const instant = new Date(`${year}-${month}-${day}T${hour}:00:00Z`);
  if (Number.isNaN(instant.getTime())) return undefined;
  const period = resolver.locate(group, instant);
  return period.table === name ? period : undefined;
}
