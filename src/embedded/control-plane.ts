/** DescribeTable, ListTables, DeleteTable and DescribeLimits. CreateTable and UpdateTable have their own files. */
import { createTable } from './create-table.ts';
import { startDeletion } from './delete-table.ts';
import { inUse, validation } from './failure.ts';
import type { Operation, Operations, Region } from './region.ts';
import { describeIn, rejectSource } from './replicas.ts';
import { rejectWhileChanging } from './table.ts';
import { updateTable } from './update-table.ts';
import { tableNameOf } from './wire.ts';

const NAMES_PER_PAGE = 100;

export function controlPlane(region: Region): Operations {
  return {
    CreateTable: createTable(region),
    UpdateTable: updateTable(region),
    DeleteTable: deleteTable(region),
    DescribeTable: (input) => ({
      Table: describeIn(region, region.tables.described(tableNameOf(input))),
    }),
    ListTables: listTables(region),
    DescribeLimits: () => ({
      AccountMaxReadCapacityUnits: 80_000,
      AccountMaxWriteCapacityUnits: 80_000,
      TableMaxReadCapacityUnits: 40_000,
      TableMaxWriteCapacityUnits: 40_000,
    }),
  };
}

function listTables({ tables }: Region): Operation {
  return (input) => {
    const limit = (input.Limit as number | undefined) ?? NAMES_PER_PAGE;
    if (!Number.isInteger(limit) || limit < 1 || limit > NAMES_PER_PAGE)
      throw validation(
        `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value ` +
          (limit > NAMES_PER_PAGE ? `less than or equal to ${NAMES_PER_PAGE}` : 'greater than or equal to 1'),
      );
    const { names, last } = tables.page(input.ExclusiveStartTableName as string | undefined, limit);
    return { TableNames: names, ...(last !== undefined && { LastEvaluatedTableName: last }) };
  };
}

function deleteTable(region: Region): Operation {
  return (input) => {
    const name = tableNameOf(input);
    return region.locks.run([`table ${name}`], async () => {
      const table = region.tables.get(name);
      // Deleting a table that is DELETING is not an error.
      if (table.change?.status === 'DELETING') return { TableDescription: describeIn(region, table) };
      rejectWhileChanging(table, 'deletable');
      if (region.backups.making(table))
        throw inUse(
          `Attempt to change a resource which is still in use: a backup is being created of ${name}`,
        );
      if (table.settings.deletionProtection)
        throw validation(
          'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
        );
      rejectSource(table, region.now());
      await startDeletion(region, table);
      return { TableDescription: describeIn(region, table) };
    });
  };
}
