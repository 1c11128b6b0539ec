/** The exports of the region. Their records end after 90 days, and their objects stay. */
import type { ArchiveFormat } from '../core/archives.ts';
import { DAY_MS, HOUR_MS } from '../core/calendar/period.ts';
import { AwsError } from './failure.ts';
import type { Ids } from './ids.ts';
import type { Item } from './index-writes.ts';
import type { Table } from './table.ts';

export interface TableExport {
  readonly arn: string;
  readonly id: string;
  readonly source: Pick<Table, 'name' | 'arn' | 'id'>;
  readonly token: string;
  readonly startedAt: number;
  /** Milliseconds on the clock of `elapsed`, like all states. */
  readonly endsAt: number;
  readonly bucket: string;
  readonly prefix: string;
  readonly format: ArchiveFormat;
  readonly items: readonly Item[];
  readonly sizeBytes: number;
  /** Why it FAILS when it ends. */
  readonly failure?: Failure | undefined;
  /** Epoch milliseconds; undefined while it is IN_PROGRESS. */
  endedAt?: number;
}

/** FailureCode and FailureMessage. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** How long DynamoDB remembers exports: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html */
const REMEMBERED_MS = 90 * DAY_MS;
/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html */
const TOKEN_MS = 8 * HOUR_MS;

export class Exports {
  /** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
  atOnce = 300;
  /** Set it to let the exports that start from now on FAIL. */
  failure: Failure | undefined;
  readonly #all: TableExport[] = [];
  readonly #now: () => number;
  readonly #ids: Ids;

  constructor(now: () => number, ids: Ids) {
    this.#now = now;
    this.#ids = ids;
  }

  add(started: Omit<TableExport, 'arn' | 'id'>): TableExport {
    const id = `${String(started.startedAt).padStart(14, '0')}-${this.#ids.hex(`export ${started.source.arn}`, 8)}`;
    const added = { ...started, id, arn: `${started.source.arn}/export/${id}` };
    this.#all.push(added);
    return added;
  }

  /** The export that an earlier call with this token started; undefined without one within 8 hours. */
  withToken(token: string): TableExport | undefined {
    return this.#all.find((one) => one.token === token && this.#now() - one.startedAt < TOKEN_MS);
  }

  get(arn: unknown): TableExport {
    const found = this.remembered().find((one) => one.arn === arn);
    if (!found) throw new AwsError('ExportNotFoundException', `Export not found: ${String(arn)}`);
    return found;
  }

  /** In the order of their start. */
  remembered(): TableExport[] {
    return this.#all.filter(({ startedAt }) => this.#now() - startedAt < REMEMBERED_MS);
  }

  inProgress(): TableExport[] {
    return this.#all.filter(({ endedAt }) => endedAt === undefined);
  }
}
