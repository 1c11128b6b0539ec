import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Tables per group: eight past ones, the current one and the upcoming one. */
export const TABLES_A_GROUP = 10;

/** Writes a configuration folder whose specs have `tables` tables together, and returns its path. `Method`: undefined for the default one. */
export function configFor(tables: number, Method?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'turntable-bench-'));
  const specs = Array.from({ length: tables / TABLES_A_GROUP }, (_, i) => ({
    TableName: `Group${i}`,
    RotationScheme: 'daily',
    PurgeRotation: 9,
    Backfill: 8,
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
      ProvisionedThroughput: { ReadCapacityUnits: 10, WriteCapacityUnits: 10 },
      OutdatedTableProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    },
  }));
  writeFileSync(join(folder, 'tables.json'), JSON.stringify(specs));
  const Scaling = { Method, Read: { Min: 10 }, Write: { Min: 10 } };
  const Defaults = { Scaling, Purge: { MaxPerRun: tables } };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ Defaults }));
  return folder;
}
