import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { iso, parseInstant } from '../core/calendar/instant.ts';
import type { TablePeriod } from '../resolver/types.ts';
import { attempt } from './attempt.ts';
import { RotatingError } from './failure.ts';
import type { RotatingOptions } from './types.ts';

/**
 * Why a table does not need to exist: it has expired, it is older than every table of the group, or its period has not
 * started. If the oldest tables of a group were lost, the group looks like one that started later.
 */
export type Absence = 'purged' | 'before-the-group' | 'not-yet';

/**
 * Explains why a table does not exist.
 * @throws RotatingError `missing-table` if it should exist
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
    // As text, because numbers around the epoch count as seconds.
    const { status } = resolver.locate(group, iso(start));
    if (status === 'expired') return 'purged';
    if (status !== 'retained') return 'not-yet';
    if (table !== resolver.current(group)) {
      const oldest = await findOldest(options, signal).catch((error) => notListed(table, error, signal));
      if (!oldest) throw noTable(options, table, cause);
      // The names of a group sort in the order of their periods.
      if (table < oldest.table) return 'before-the-group';
    }
  }
  throw missingTable(options, table, cause);
}

const CHECK = 'Check the environment, the account and the region. If they are right, run `turntable rotate`';

/** The error for a table that should exist. */
export function missingTable(
  { resolver, group }: RotatingOptions,
  table: string,
  cause: unknown,
): RotatingError {
  // The names of a group sort in the order of their periods.
  const why =
    table < resolver.current(group)
      ? 'missing, and its period has ended. Rotate creates past tables only if the spec has a `Backfill`. If the table was deleted, `turntable restore` can restore its backup.'
      : `missing. ${CHECK}, or check its scheduled job.`;
  return new RotatingError('missing-table', `The table ${table} is ${why}`, { table, cause });
}

/** The error for a group without any table. The environment is often wrong, or rotate has never run. */
export function noTable({ resolver, group }: RotatingOptions, table: string, cause?: unknown): RotatingError {
  const [environment] = resolver.current(group).split('.');
  return new RotatingError(
    'missing-table',
    `The group "${group}" has no tables in the environment "${environment}", so ${table} is missing. ${CHECK}, which creates the tables.`,
    { table, cause },
  );
}

const FORBIDDEN = /AccessDenied|NotAuthorized|Unauthorized/;

/** The error for a missing table if ListTables failed, so that the start of the group is unknown. */
function notListed(table: string, error: unknown, signal?: AbortSignal): never {
  if (signal?.aborted) throw signal.reason;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const why = FORBIDDEN.test(name)
    ? 'the permission dynamodb:ListTables is missing. Allow it, or set `from` to the start of the group'
    : `ListTables failed (${name}: ${message})`;
  throw new RotatingError(
    'missing-table',
    `The table ${table} does not exist. Could not check whether it should: ${why}. If it should, run \`turntable rotate\`.`,
    { table, cause: error },
  );
}

/**
 * The oldest existing table of the group. One call finds it, because DynamoDB lists tables in the order of their names.
 *
 * moto lists them in the order of their creation, and none after a name that is not a table. So if nothing comes after the
 * names of the group, all tables are listed before the group counts as empty.
 */
export async function oldestTable(
  options: RotatingOptions,
  signal?: AbortSignal,
): Promise<TablePeriod | undefined> {
  const prefix = options.resolver.current(options.group).replace(/\d+$/, '');
  for await (const name of tablesAfter(options, prefix, signal)) {
    if (!name.startsWith(prefix)) return undefined;
    const period = periodOf(options, name);
    if (period) return period;
  }
  let oldest: TablePeriod | undefined;
  for await (const name of tablesAfter(options, undefined, signal)) {
    const period = periodOf(options, name);
    if (period && !(oldest && oldest.start <= period.start)) oldest = period;
  }
  return oldest;
}

async function* tablesAfter(
  { documents }: RotatingOptions,
  after: string | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, undefined> {
  let last = after;
  do {
    const command: ListTablesCommand = new ListTablesCommand({ ExclusiveStartTableName: last });
    const { TableNames = [], LastEvaluatedTableName } = await attempt(signal, (http) =>
      documents.send(command, http),
    );
    yield* TableNames;
    last = LastEvaluatedTableName;
  } while (last !== undefined);
}

/** The period of a table name. undefined unless the name is exactly the one that the group has for its period. */
export function periodOf({ resolver, group }: RotatingOptions, name: string): TablePeriod | undefined {
  const date = dateOf(name);
  // The only table of `none` has no date.
  const period = resolver.locate(group, date === undefined ? resolver.now() : iso(date));
  return period.table === name ? period : undefined;
}

/** The start of the period in a table name of any scheme, in epoch milliseconds. undefined if the name has none. */
export function dateOf(name: string): number | undefined {
  const [, year, month, day, hour = '00'] = /\.(\d{4})(\d\d)(\d\d)(\d\d)?$/.exec(name) ?? [];
  return parseInstant(`${year}-${month}-${day}T${hour}:00Z`);
}
