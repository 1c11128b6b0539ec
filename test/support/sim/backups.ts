import { DAY_MS } from '../../../src/core/calendar/period.ts';
import type { Backup } from '../../../src/core/facts.ts';
import { ServiceError } from '../../../src/core/failure.ts';
import type { CreateTable } from '../../../src/core/plan.ts';
import { keyNames, type Schema } from '../../../src/core/schema.ts';
import type { SimTable } from './table.ts';

interface SimBackup extends Omit<Backup, 'status'> {
  readonly availableFrom: number;
  readonly definition: CreateTable;
  readonly itemCount: number;
  readonly items: ReadonlyMap<string, string>;
}

const SYSTEM_LASTS_MS = 35 * DAY_MS;

/** Backups in memory: first CREATING, then AVAILABLE. They remain after their tables are deleted. */
export class SimBackups {
  readonly #all: SimBackup[] = [];

  /** @throws ServiceError */
  take(table: SimTable, name: string, now: number, backupMs: number): void {
    const status = table.status(now);
    if (status !== 'ACTIVE' && status !== 'UPDATING')
      throw new ServiceError('in-use', `Table is ${status}: ${table.input.TableName}`);
    if (this.creating(table, now))
      throw new ServiceError('in-use', `A backup of the table is being created: ${table.input.TableName}`);
    this.#add(table, { name, type: 'USER', createdAt: now, availableFrom: now + backupMs });
  }

  /** The system backup that DynamoDB creates when a table with point-in-time recovery is deleted. */
  addSystemBackup(table: SimTable, now: number): void {
    const name = `${table.input.TableName}$DeletedTableBackup`;
    this.#add(table, { name, type: 'SYSTEM', createdAt: now, availableFrom: now });
  }

  #add(table: SimTable, own: Pick<SimBackup, 'name' | 'type' | 'createdAt' | 'availableFrom'>): void {
    const { arn, sizeBytes } = table.describe(own.createdAt);
    this.#all.push({
      ...own,
      arn: `${arn}/backup/${String(own.createdAt).padStart(14, '0')}-${this.#all.length}`,
      table: table.input.TableName,
      tableId: table.id,
      sizeBytes,
      definition: table.definition(own.createdAt),
      itemCount: table.items.size,
      items: new Map(table.items),
    });
  }

  all(now: number): Backup[] {
    return this.#existing(now).map((backup) => described(backup, now));
  }

  of(table: string, now: number): Backup[] {
    return this.all(now).filter((backup) => backup.table === table);
  }

  itemsOf(arn: string): ReadonlyMap<string, string> {
    return this.#all.find((backup) => backup.arn === arn)?.items ?? new Map();
  }

  find(arn: string, now: number): Backup | undefined {
    const found = this.#existing(now).find((backup) => backup.arn === arn);
    if (!found) return undefined;
    const { KeySchema } = found.definition as { KeySchema?: Schema['KeySchema'] };
    const { itemCount } = found;
    return { ...described(found, now), itemCount, ...(KeySchema && { key: keyNames(KeySchema) }) };
  }

  /** The input that creates a restored table. @throws ServiceError */
  definition(arn: string, now: number): CreateTable {
    const found = this.#existing(now).find((backup) => backup.arn === arn);
    if (!found) throw new ServiceError('not-found', `Backup not found: ${arn}`);
    if (now < found.availableFrom) throw new ServiceError('in-use', `Backup is being created: ${found.name}`);
    return found.definition;
  }

  creating({ id }: SimTable, now: number): boolean {
    return this.#all.some((backup) => backup.tableId === id && now < backup.availableFrom);
  }

  #existing(now: number): SimBackup[] {
    return this.#all.filter(({ type, createdAt }) => type !== 'SYSTEM' || now < createdAt + SYSTEM_LASTS_MS);
  }
}

const described = (
  { availableFrom, definition: _, itemCount: __, items: ___, ...backup }: SimBackup,
  now: number,
): Backup => ({
  ...backup,
  status: now < availableFrom ? 'CREATING' : 'AVAILABLE',
});
