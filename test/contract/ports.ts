/** What every implementation of the ports must do. One suite, for the simulator and for the SDK. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ArchiveFormat,
  dataPrefix,
  type Export,
  manifestFrom,
  summaryKey,
} from '../../src/core/archives.ts';
import type { MetricQuery, MetricSeries } from '../../src/core/capacity/demand.ts';
import { decreasesToday } from '../../src/core/capacity/quota.ts';
import type { Backup, TableState } from '../../src/core/facts.ts';
import type { FailureCode } from '../../src/core/failure.ts';
import type { Notice } from '../../src/core/notice.ts';
import type { CreateTable } from '../../src/core/plan.ts';
import type { Units } from '../../src/core/spec.ts';
import type { ExportRequest, LoadRequest, Ports } from '../../src/ports.ts';
import { DAY, HOUR, MINUTE, units } from '../support/specs.ts';

/** An implementation under test, and what the tests do to it. */
export interface Subject {
  readonly ports: Pick<Ports, 'tables' | 'backups' | 'exports' | 'metrics' | 'state' | 'inRegion'> &
    Required<Pick<Ports, 'notices' | 'mappings' | 'archive' | 'loads' | 'items'>>;
  /** Puts items with these keys into a table. */
  fill(table: string, keys: readonly string[]): Promise<void>;
  /** Writes an item with the key `Key`. */
  put(table: string, key: string, value: string): Promise<void>;
  /** The notices that the topic has accepted. */
  published(): readonly Notice[];
  now(): number;
  /** Lets time pass. A minute is enough for any change in progress to end. */
  pass(durationMs: number): Promise<void>;
  /** Records consumption or throttling in the minute that starts at `minute`. */
  record(point: MetricQuery & { minute: number; sum: number }): void;
  /** Adds a global index to a table, or deletes one, as a person would. DynamoDB fills or deletes it for an hour. */
  addIndex(table: string, index: string, throughput: Units): Promise<void>;
  dropIndex(table: string, index: string): Promise<void>;
  /** Gives a table a status such as ARCHIVED, as AWS does by itself. */
  impair(table: string, status: string): void;
  /** Lets the exports that start from now on FAIL. undefined: no more. */
  failExports(failure: { readonly code: string; readonly message: string } | undefined): void;
  /** How many exports can be IN_PROGRESS. */
  limitExports(atOnce: number): void;
  /** Names of functions, and ARNs of Kinesis data streams, that do not exist. */
  readonly absent: Set<string>;
  /** Disables an event source mapping, or a Kinesis data stream of a table, as a person would. */
  disableMapping(id: string): Promise<void>;
  disableDestination(table: string, stream: string): Promise<void>;
  /** Regions that do not answer, and those in which DynamoDB cannot create a replica. */
  readonly unreachable: Set<string>;
  readonly failing: Set<string>;
  /** Makes lists of mappings have pages of this size, if they have pages. */
  inPagesOf<T>(size: number, work: () => Promise<T>): Promise<T>;
  /** Whether answers show new and deleted tables late: for less than a minute. */
  delay(late: Partial<Record<'describe' | 'tags' | 'list', boolean>>): void;
  /** How many tables can be CREATING, UPDATING or DELETING. */
  limitChanges(limits: { readonly all?: number; readonly creatingWithIndexes?: number }): void;
  /** Calls per second: of the control plane, and changes of tags. */
  limitCalls(perSecond: { readonly control?: number; readonly tagWrites?: number }): void;
  /** Whether reads of metrics fail. */
  breakMetrics(broken: boolean): void;
  close(): Promise<void>;
}

/** The bucket that exports go to. */
export const BUCKET = 'archive';

/** Reads of tags that both implementations allow per second. AWS allows about 10. */
export const TAG_READS_PER_SECOND = 100;

export interface TableOptions {
  readonly throughput?: Units;
  readonly indexes?: Readonly<Record<string, Units>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly more?: Record<string, unknown>;
}

const wire = ({ read, write }: Units) => ({ ReadCapacityUnits: read, WriteCapacityUnits: write });

export function tableInput(TableName: string, options: TableOptions = {}): CreateTable {
  const { throughput = units(10, 20), indexes = {}, tags = {}, more = {} } = options;
  const names = Object.keys(indexes);
  return {
    TableName,
    AttributeDefinitions: ['Key', ...names].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
    ProvisionedThroughput: wire(throughput),
    ...(names.length > 0 && {
      GlobalSecondaryIndexes: names.map((IndexName) => ({
        IndexName,
        KeySchema: [{ AttributeName: IndexName, KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
        ProvisionedThroughput: wire(indexes[IndexName]!),
      })),
    }),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    ...more,
  };
}

const onDemand = { BillingMode: 'PAY_PER_REQUEST', ProvisionedThroughput: undefined };

/** The sums of a series. If it could not be read, the test fails with the error. */
export function sumsOf(series: MetricSeries | undefined): ReadonlyMap<number, number> {
  if (series && 'sums' in series) return series.sums;
  throw new Error(series?.error ?? 'No series was answered.');
}

export function portsContract(name: string, open: () => Promise<Subject>): void {
  describe(name, () => {
    let subject: Subject;
    let made = 0;
    beforeAll(async () => {
      subject = await open();
      await subject.ports.state.initialize();
    });
    afterAll(() => subject.close());

    const tables = () => subject.ports.tables;
    /** Long enough for every limit of calls per second. */
    const tenMinutes = async () => {
      for (let i = 0; i < 10; i += 1) await subject.pass(MINUTE);
    };
    const limited = async (limits: Parameters<Subject['limitCalls']>[0], work: () => Promise<void>) => {
      subject.limitCalls(limits);
      await tenMinutes();
      await work().finally(() => subject.limitCalls({}));
    };
    const create = async (options: TableOptions = {}): Promise<string> => {
      made += 1;
      const table = `table-${made}`;
      await tables().create(tableInput(table, options));
      return table;
    };
    const standing = async (options: TableOptions = {}): Promise<string> => {
      const table = await create(options);
      await subject.pass(2 * MINUTE);
      return table;
    };
    /** A table whose continuous backups are enabled. */
    const recoverable = async (options: TableOptions = {}): Promise<string> => {
      const table = await standing(options);
      await subject.pass(MINUTE);
      return table;
    };
    const stateOf = async (table: string): Promise<TableState> => {
      const state = await tables().describe(table);
      if (!state) throw new Error(`${table} does not exist`);
      return state;
    };
    const capacityOf = async (table: string, index?: string): Promise<Units> => {
      const found = (await stateOf(table)).capacities.find((capacity) => capacity.index === index);
      return units(found?.read ?? -1, found?.write ?? -1);
    };
    const resize = async (table: string, to: Units, index?: string): Promise<void> =>
      tables().resize(table, [
        { ...(index === undefined ? {} : { index }), from: await capacityOf(table, index), to },
      ]);
    const fails = (call: Promise<unknown>, code: FailureCode) =>
      expect(call).rejects.toMatchObject({ name: 'ServiceError', code });

    describe('a table', () => {
      it('is CREATING, then ACTIVE, and is listed immediately', async () => {
        const before = subject.now();
        const table = await create();
        expect(await stateOf(table)).toMatchObject({ name: table, status: 'CREATING' });
        expect(await tables().list()).toContain(table);
        await subject.pass(2 * MINUTE);
        const state = await stateOf(table);
        expect(state).toMatchObject({
          status: 'ACTIVE',
          billingMode: 'PROVISIONED',
          deletionProtected: false,
        });
        expect(state.createdAt).toBe(before);
        expect(state.arn.endsWith(`:table/${table}`)).toBe(true);
      });

      it('has its initial capacity: the table first, then its indexes', async () => {
        const table = await standing({ indexes: { byA: units(1, 2), byB: units(3, 4) } });
        const { capacities } = await stateOf(table);
        expect(capacities.map(({ index, read, write, status }) => [index, read, write, status])).toEqual([
          [undefined, 10, 20, 'ACTIVE'],
          ['byA', 1, 2, 'ACTIVE'],
          ['byB', 3, 4, 'ACTIVE'],
        ]);
        expect(
          capacities.map(({ lastIncrease, lastDecrease, decreases }) => [
            lastIncrease,
            lastDecrease,
            decreases,
          ]),
        ).toEqual(Array(3).fill([undefined, undefined, 0]));
      });

      it('has the tags of its CreateTable call', async () => {
        const tags = { 'turntable:spec': 'Events', team: 'web', empty: '' };
        const table = await standing({ tags });
        expect(await tables().tags((await stateOf(table)).arn)).toEqual(tags);
      });

      it('has no tags by default', async () => {
        const table = await standing({ more: { Tags: undefined } });
        expect(await tables().tags((await stateOf(table)).arn)).toEqual({});
      });

      it('gets further tags, and new values of existing ones', async () => {
        const table = await standing({ tags: { team: 'web', stays: 'yes' } });
        const { arn } = await stateOf(table);
        await tables().tag(arn, { team: 'data', 'turntable:spec': 'Events' });
        expect(await tables().tags(arn)).toEqual({ team: 'data', stays: 'yes', 'turntable:spec': 'Events' });
        await fails(tables().tag(arn.replace(/table\/.*/, 'table/nothing-here'), { a: 'b' }), 'not-found');
      });

      it('throttles reads of tags above the limit of the account, and answers them later', async () => {
        const { arn } = await stateOf(await standing({ tags: { team: 'web' } }));
        await subject.pass(20 * MINUTE);
        const codes: string[] = [];
        for (let i = 0; i <= 2 * TAG_READS_PER_SECOND && codes.length === 0; i += 1)
          await tables()
            .tags(arn)
            .catch(({ code }) => codes.push(code));
        expect(codes).toEqual(['throttled']);
        await tenMinutes();
        expect(await tables().tags(arn)).toEqual({ team: 'web' });
      });

      it('throttles changes of tags above the limit of the account, and makes them later', async () => {
        const { arn } = await stateOf(await standing());
        await limited({ tagWrites: 2 }, async () => {
          await tables().tag(arn, { a: '1' });
          await tables().tag(arn, { b: '2' });
          await fails(tables().tag(arn, { c: '3' }), 'throttled');
          expect(await tables().tags(arn)).toEqual({ a: '1', b: '2' });
          await tenMinutes();
          await tables().tag(arn, { c: '3' });
        });
      });

      it('throttles calls of the control plane above the limit of the account, together', async () => {
        const table = await standing();
        await limited({ control: 3 }, async () => {
          await tables().describe(table);
          await tables().list();
          await tables().timeToLive(table);
          await fails(tables().describe(table), 'throttled');
          await fails(tables().create(tableInput('never-created')), 'throttled');
          await tenMinutes();
          expect(await tables().list()).not.toContain('never-created');
        });
      });

      it('is undefined if it does not exist', async () => {
        expect(await tables().describe('nothing-here')).toBeUndefined();
        const { arn } = await stateOf(await create());
        await fails(tables().tags(arn.replace(/table\/.*/, 'table/nothing-here')), 'not-found');
      });

      it('is not created twice: in-use, while CREATING and after', async () => {
        const table = await create();
        await fails(tables().create(tableInput(table)), 'in-use');
        await subject.pass(2 * MINUTE);
        await fails(tables().create(tableInput(table)), 'in-use');
      });

      it('has its vector indexes, which only an on-demand table can have', async () => {
        const index = {
          IndexName: 'ByMeaning',
          VectorAttribute: { AttributeName: 'Embedding' },
          Dimensions: 256,
          DistanceFunction: 'COSINE',
          Projection: { ProjectionType: 'KEYS_ONLY' },
          SearchSchema: [{ AttributeName: 'Owner', SearchSchemaElementType: 'HASH' }],
        };
        const definitions = ['Key', 'Owner'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' }));
        const more = { VectorIndexes: [index], AttributeDefinitions: definitions };
        const table = await standing({ more: { ...onDemand, ...more } });
        const { schema, billingMode } = await stateOf(table);
        expect(schema.VectorIndexes).toEqual([index]);
        expect(schema.AttributeDefinitions).toEqual(definitions);
        expect(billingMode).toBe('PAY_PER_REQUEST');
        await fails(tables().setBilling(table, [{ read: 5, write: 5 }]), 'refused');
        await fails(tables().create(tableInput('vector-provisioned', { more })), 'refused');
      });

      it('is not described just after its creation if answers are late', async () => {
        subject.delay({ describe: true });
        const table = await create();
        expect(await tables().describe(table)).toBeUndefined();
        await fails(tables().create(tableInput(table)), 'in-use');
        await subject.pass(2 * MINUTE);
        expect(await stateOf(table)).toMatchObject({ status: 'ACTIVE' });
        subject.delay({});
      });

      it('has no tags, or those of an earlier table of its name, just after its creation if answers are late', async () => {
        const table = await create({ tags: { team: 'old' } });
        const { arn } = await stateOf(table);
        subject.delay({ tags: true });
        expect(await tables().tags(arn)).toEqual({});
        await subject.pass(2 * MINUTE);
        expect(await tables().tags(arn)).toEqual({ team: 'old' });
        await tables().remove(table);
        await subject.pass(2 * MINUTE);
        expect(await tables().describe(table)).toBeUndefined();
        await tables().create(tableInput(table, { tags: { team: 'new' } }));
        expect(await tables().tags(arn)).toEqual({ team: 'old' });
        await subject.pass(2 * MINUTE);
        expect(await tables().tags(arn)).toEqual({ team: 'new' });
        subject.delay({});
      });

      it('is listed late if answers are late, and stays listed for a while after its deletion', async () => {
        subject.delay({ list: true });
        const table = await create();
        expect(await tables().list()).not.toContain(table);
        await subject.pass(2 * MINUTE);
        expect(await tables().list()).toContain(table);
        await tables().remove(table);
        await subject.pass(MINUTE);
        expect(await tables().describe(table)).toBeUndefined();
        expect(await tables().list()).toContain(table);
        await subject.pass(2 * MINUTE);
        expect(await tables().list()).not.toContain(table);
        subject.delay({});
      });

      it('is not created while too many tables are changing: limit-exceeded', async () => {
        subject.limitChanges({ all: 2 });
        await create();
        await create();
        await fails(create(), 'limit-exceeded');
        await subject.pass(2 * MINUTE);
        await create();
        await subject.pass(2 * MINUTE);
        subject.limitChanges({ creatingWithIndexes: 1 });
        const indexed = { indexes: { byA: units(1, 2) } };
        await create(indexed);
        await fails(create(indexed), 'limit-exceeded');
        await create();
        await subject.pass(2 * MINUTE);
        await create(indexed);
        await subject.pass(2 * MINUTE);
        subject.limitChanges({});
      });

      it('has no capacity to resize if it is on-demand', async () => {
        const table = await standing({ more: onDemand });
        expect(await stateOf(table)).toMatchObject({ billingMode: 'PAY_PER_REQUEST' });
        expect(await capacityOf(table)).toEqual(units(0, 0));
        await fails(resize(table, units(5, 5)), 'refused');
      });
    });

    describe('resizing', () => {
      it('keeps the old capacity until the table is ACTIVE again', async () => {
        const table = await standing();
        const before = subject.now();
        await resize(table, units(10, 40));
        expect(await stateOf(table)).toMatchObject({ status: 'UPDATING' });
        expect(await capacityOf(table)).toEqual(units(10, 20));
        await subject.pass(2 * MINUTE);
        expect(await capacityOf(table)).toEqual(units(10, 40));
        const [capacity] = (await stateOf(table)).capacities;
        expect(capacity).toMatchObject({ status: 'ACTIVE', lastIncrease: before, decreases: 0 });
        expect(capacity?.lastDecrease).toBeUndefined();
      });

      it('fails while CREATING or UPDATING: in-use', async () => {
        const table = await create();
        await fails(resize(table, units(11, 21)), 'in-use');
        await subject.pass(2 * MINUTE);
        await resize(table, units(11, 21));
        await fails(resize(table, units(12, 22)), 'in-use');
      });

      it('fails if nothing would change', async () => {
        const table = await standing();
        await fails(resize(table, units(10, 20)), 'refused');
        expect(await stateOf(table)).toMatchObject({ status: 'ACTIVE' });
      });

      it('changes the table and its indexes in one call, or any of them', async () => {
        const table = await standing({ indexes: { byA: units(1, 2), byB: units(3, 4) } });
        const change = (to: Units, index?: string) => ({
          ...(index ? { index } : {}),
          from: units(0, 0),
          to,
        });
        await tables().resize(table, [change(units(11, 21)), change(units(5, 6), 'byB')]);
        await subject.pass(2 * MINUTE);
        await resize(table, units(7, 8), 'byA');
        await subject.pass(2 * MINUTE);
        const { capacities } = await stateOf(table);
        expect(capacities.map(({ read, write }) => [read, write])).toEqual([
          [11, 21],
          [7, 8],
          [5, 6],
        ]);
      });

      it('fails without a table: not-found', async () => {
        const change = { from: units(1, 1), to: units(2, 2) };
        await fails(tables().resize('nothing-here', [change]), 'not-found');
        const table = await standing();
        await fails(tables().resize(table, [{ ...change, index: 'nothing' }]), 'not-found');
      });
    });

    describe('a table that AWS has impaired', () => {
      const impaired = async (status: string): Promise<string> => {
        const table = await standing();
        subject.impair(table, status);
        return table;
      };

      it.each(['INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'ARCHIVING', 'REPLICATION_NOT_AUTHORIZED'])(
        'is %s, and can be neither changed nor backed up nor deleted: in-use',
        async (status) => {
          const table = await impaired(status);
          expect(await stateOf(table)).toMatchObject({ status });
          await fails(resize(table, units(11, 21)), 'in-use');
          await fails(tables().setTableClass(table, 'STANDARD_INFREQUENT_ACCESS'), 'in-use');
          await fails(tables().setTimeToLive(table, 'expires', true), 'in-use');
          await fails(subject.ports.backups.create(table, 'backup'), 'in-use');
          await fails(tables().remove(table), 'in-use');
        },
      );

      it('is ARCHIVED, and can be deleted and not changed', async () => {
        const table = await impaired('ARCHIVED');
        await fails(resize(table, units(11, 21)), 'in-use');
        await fails(subject.ports.backups.create(table, 'backup'), 'in-use');
        await tables().remove(table);
        expect(await stateOf(table)).toMatchObject({ status: 'DELETING' });
        await subject.pass(2 * MINUTE);
        expect(await tables().describe(table)).toBeUndefined();
      });
    });

    describe('an index that is added to a table', () => {
      const indexOf = async (table: string, index = 'byNew') =>
        (await stateOf(table)).capacities.find((one) => one.index === index);
      const building = async (): Promise<string> => {
        const table = await standing({ indexes: { byA: units(1, 2) } });
        await subject.addIndex(table, 'byNew', units(3, 4));
        return table;
      };
      const filling = async (): Promise<string> => {
        const table = await building();
        await subject.pass(2 * MINUTE);
        return table;
      };

      it('is CREATING while the table is UPDATING, then filled while the table is ACTIVE, and then ACTIVE', async () => {
        const table = await building();
        expect(await stateOf(table)).toMatchObject({ status: 'UPDATING' });
        const allocated = { status: 'CREATING', backfilling: false, ...units(3, 4) };
        expect(await indexOf(table)).toMatchObject(allocated);
        await subject.pass(2 * MINUTE);
        expect(await stateOf(table)).toMatchObject({ status: 'ACTIVE' });
        expect(await indexOf(table)).toMatchObject({ status: 'CREATING', backfilling: true });
        expect(await indexOf(table, 'byA')).toMatchObject({ status: 'ACTIVE' });
        await subject.pass(HOUR);
        expect(await indexOf(table)).toMatchObject({ status: 'ACTIVE' });
        expect((await indexOf(table))?.backfilling).toBeUndefined();
      });

      it('prevents every change while it is allocated: in-use', async () => {
        const table = await building();
        await fails(resize(table, units(11, 21)), 'in-use');
        await fails(subject.dropIndex(table, 'byNew'), 'in-use');
        await fails(tables().remove(table), 'in-use');
      });

      it('prevents no change of throughput while it is filled, not even of its own', async () => {
        const table = await filling();
        await resize(table, units(11, 21));
        expect(await indexOf(table)).toMatchObject({ status: 'CREATING', backfilling: true });
        await subject.pass(2 * MINUTE);
        await resize(table, units(5, 6), 'byA');
        await subject.pass(2 * MINUTE);
        await resize(table, units(3, 40), 'byNew');
        await subject.pass(2 * MINUTE);
        expect((await stateOf(table)).capacities.map(({ read, write }) => [read, write])).toEqual([
          [11, 21],
          [5, 6],
          [3, 40],
        ]);
      });

      it('is the only one that is added or deleted: limit-exceeded', async () => {
        const table = await filling();
        await fails(subject.addIndex(table, 'byOther', units(1, 1)), 'limit-exceeded');
        await fails(subject.dropIndex(table, 'byA'), 'limit-exceeded');
        await subject.dropIndex(table, 'byNew');
        await subject.pass(HOUR + 2 * MINUTE);
        expect(await indexOf(table)).toBeUndefined();
      });

      it('is DELETING for a while if it is deleted, and others can be changed meanwhile', async () => {
        const table = await standing({ indexes: { byA: units(1, 2) } });
        await subject.dropIndex(table, 'byA');
        await subject.pass(2 * MINUTE);
        expect(await stateOf(table)).toMatchObject({ status: 'ACTIVE' });
        expect(await indexOf(table, 'byA')).toMatchObject({ status: 'DELETING' });
        await fails(resize(table, units(2, 3), 'byA'), 'in-use');
        await resize(table, units(11, 21));
        await subject.pass(HOUR);
        expect(await indexOf(table, 'byA')).toBeUndefined();
        await fails(subject.dropIndex(table, 'byA'), 'not-found');
      });
    });

    it('returns the limits of the region, for all tables and for one', async () => {
      expect(await tables().limits()).toEqual({
        account: units(80_000, 80_000),
        table: units(40_000, 40_000),
      });
    });

    describe('switching billing mode or table class', () => {
      const indexed = { indexes: { byA: units(1, 2) } };
      const back = [
        { read: 7, write: 8 },
        { index: 'byA', read: 3, write: 4 },
      ];
      const settled = async (call: Promise<void>): Promise<void> => {
        await call;
        await subject.pass(2 * MINUTE);
      };

      it('leaves nothing provisioned in the table and its indexes after a switch to on-demand', async () => {
        const table = await standing(indexed);
        const before = subject.now();
        await tables().setBilling(table);
        expect(await stateOf(table)).toMatchObject({ status: 'UPDATING' });
        await subject.pass(2 * MINUTE);
        const state = await stateOf(table);
        expect(state).toMatchObject({
          status: 'ACTIVE',
          billingMode: 'PAY_PER_REQUEST',
          onDemandSince: before,
        });
        expect(await capacityOf(table)).toEqual(units(0, 0));
        expect(await capacityOf(table, 'byA')).toEqual(units(0, 0));
      });

      it('needs throughput for the table and every index to switch to provisioned', async () => {
        const table = await standing(indexed);
        await settled(tables().setBilling(table));
        await fails(tables().setBilling(table, back.slice(0, 1)), 'refused');
        await settled(tables().setBilling(table, back));
        expect(await stateOf(table)).toMatchObject({ status: 'ACTIVE', billingMode: 'PROVISIONED' });
        expect(await capacityOf(table)).toEqual(units(7, 8));
        expect(await capacityOf(table, 'byA')).toEqual(units(3, 4));
        expect((await stateOf(table)).capacities[0]?.decreases).toBe(0);
      });

      it('allows on-demand four times in 24 hours', async () => {
        const table = await standing();
        for (let i = 0; i < 4; i += 1) {
          await settled(tables().setBilling(table));
          await settled(tables().setBilling(table, back.slice(0, 1)));
        }
        await fails(tables().setBilling(table), 'refused');
        expect(await stateOf(table)).toMatchObject({ status: 'ACTIVE', billingMode: 'PROVISIONED' });
        await subject.pass(DAY);
        await tables().setBilling(table);
      });

      it('allows two table classes in 30 days, and keeps capacity', async () => {
        const table = await standing();
        expect(await stateOf(table)).toMatchObject({ tableClass: 'STANDARD' });
        expect((await stateOf(table)).classChangedAt).toBeUndefined();
        const before = subject.now();
        await settled(tables().setTableClass(table, 'STANDARD_INFREQUENT_ACCESS'));
        expect(await stateOf(table)).toMatchObject({
          status: 'ACTIVE',
          tableClass: 'STANDARD_INFREQUENT_ACCESS',
          classChangedAt: before,
        });
        expect(await capacityOf(table)).toEqual(units(10, 20));
        await settled(tables().setTableClass(table, 'STANDARD'));
        await fails(tables().setTableClass(table, 'STANDARD_INFREQUENT_ACCESS'), 'refused');
        await subject.pass(30 * DAY);
        await tables().setTableClass(table, 'STANDARD_INFREQUENT_ACCESS');
      });

      it('fails while CREATING or UPDATING: in-use', async () => {
        const table = await create();
        await fails(tables().setBilling(table), 'in-use');
        await fails(tables().setTableClass(table, 'STANDARD_INFREQUENT_ACCESS'), 'in-use');
        await subject.pass(2 * MINUTE);
        await tables().setBilling(table);
        await fails(tables().setTableClass(table, 'STANDARD_INFREQUENT_ACCESS'), 'in-use');
        await fails(tables().remove(table), 'in-use');
      });
    });

    describe('the decrease quota', () => {
      /** To 00:05 UTC of the next day, so that every test has a whole day. */
      const newDay = async () =>
        subject.pass(Math.ceil(subject.now() / DAY) * DAY + 5 * MINUTE - subject.now());
      const spend = async (table: string, from: number, times: number, index?: string) => {
        for (let i = 1; i <= times; i += 1) {
          await resize(table, units(50, from - i), index);
          await subject.pass(2 * MINUTE);
        }
      };
      const decreasesOf = async (table: string, index?: string) =>
        (await stateOf(table)).capacities.find((capacity) => capacity.index === index)!;

      it('allows four at any time, then one after each hour, and four again from midnight', async () => {
        await newDay();
        const table = await standing({ throughput: units(50, 50) });
        await spend(table, 50, 4);
        const spent = await decreasesOf(table);
        expect(spent.decreases).toBe(4);
        expect(spent.lastDecrease).toBe(subject.now() - 2 * MINUTE);
        await fails(resize(table, units(50, 40)), 'refused');
        await subject.pass(58 * MINUTE - 1);
        await fails(resize(table, units(50, 40)), 'refused');
        await subject.pass(1);
        await resize(table, units(50, 40));
        await subject.pass(2 * MINUTE);
        await fails(resize(table, units(50, 39)), 'refused');
        await newDay();
        const reset = await decreasesOf(table);
        expect(reset.decreases).toBe(0);
        expect(decreasesToday(reset, subject.now())).toBe(0);
        await resize(table, units(50, 39));
      });

      it('counts reads and writes lowered together once', async () => {
        await newDay();
        const table = await standing({ throughput: units(50, 50) });
        await resize(table, units(40, 40));
        await subject.pass(2 * MINUTE);
        expect((await decreasesOf(table)).decreases).toBe(1);
      });

      it('rejects a whole call that raises and lowers, and a rejected call uses none of it', async () => {
        await newDay();
        const table = await standing({ throughput: units(50, 50), indexes: { byA: units(50, 50) } });
        await spend(table, 50, 4);
        await fails(resize(table, units(60, 45)), 'refused');
        const both = [
          { index: 'byA', from: units(50, 50), to: units(50, 40) },
          { from: units(50, 46), to: units(50, 45) },
        ];
        await fails(tables().resize(table, both), 'refused');
        expect(await capacityOf(table)).toEqual(units(50, 46));
        expect(await capacityOf(table, 'byA')).toEqual(units(50, 50));
        expect((await decreasesOf(table, 'byA')).decreases).toBe(0);
        expect((await decreasesOf(table)).decreases).toBe(4);
        await resize(table, units(60, 46));
      });

      it('is separate for every index', async () => {
        await newDay();
        const table = await standing({ throughput: units(50, 50), indexes: { byA: units(50, 50) } });
        await spend(table, 50, 4);
        await spend(table, 50, 4, 'byA');
        await fails(resize(table, units(50, 40), 'byA'), 'refused');
      });

      it('does not limit raises', async () => {
        await newDay();
        const table = await standing({ throughput: units(50, 50) });
        await spend(table, 50, 4);
        for (let i = 1; i < 5; i += 1) {
          await resize(table, units(50, 50 + i));
          await subject.pass(2 * MINUTE);
        }
        expect(await capacityOf(table)).toEqual(units(50, 54));
      });
    });

    describe('deleting', () => {
      it('leaves a table DELETING for a while', async () => {
        const table = await standing();
        await tables().remove(table);
        expect(await stateOf(table)).toMatchObject({ status: 'DELETING' });
        expect(await tables().list()).toContain(table);
        await fails(tables().create(tableInput(table)), 'in-use');
        await fails(resize(table, units(11, 21)), 'in-use');
        await subject.pass(2 * MINUTE);
        expect(await tables().describe(table)).toBeUndefined();
        expect(await tables().list()).not.toContain(table);
      });

      it('allows a new table of the same name, with another id', async () => {
        const table = await standing({ tags: { a: 'b' } });
        const { createdAt } = await stateOf(table);
        await tables().remove(table);
        await subject.pass(2 * MINUTE);
        await tables().create(tableInput(table));
        expect((await stateOf(table)).createdAt).toBeGreaterThan(createdAt);
        expect(await tables().tags((await stateOf(table)).arn)).toEqual({});
      });

      it('succeeds again while DELETING', async () => {
        const table = await standing();
        await tables().remove(table);
        await tables().remove(table);
        expect(await stateOf(table)).toMatchObject({ status: 'DELETING' });
      });

      it('fails while CREATING or UPDATING: in-use', async () => {
        const table = await create();
        await fails(tables().remove(table), 'in-use');
        await subject.pass(2 * MINUTE);
        await resize(table, units(11, 21));
        await fails(tables().remove(table), 'in-use');
      });

      it('fails for a protected table', async () => {
        const table = await standing({ more: { DeletionProtectionEnabled: true } });
        expect(await stateOf(table)).toMatchObject({ deletionProtected: true });
        await fails(tables().remove(table), 'refused');
        expect(await stateOf(table)).toMatchObject({ status: 'ACTIVE' });
      });

      it('succeeds after deletion protection was turned off', async () => {
        const table = await standing({ more: { DeletionProtectionEnabled: true } });
        await tables().protect(table, false);
        expect(await stateOf(table)).toMatchObject({ deletionProtected: false });
        await subject.pass(2 * MINUTE);
        await tables().protect(table, true);
        await subject.pass(2 * MINUTE);
        expect(await stateOf(table)).toMatchObject({ status: 'ACTIVE', deletionProtected: true });
        await fails(tables().remove(table), 'refused');
        await tables().protect(table, false);
        await subject.pass(2 * MINUTE);
        await tables().remove(table);
        expect(await stateOf(table)).toMatchObject({ status: 'DELETING' });
      });

      it('fails while CREATING, and so does protecting', async () => {
        await fails(tables().protect(await create(), true), 'in-use');
        await fails(tables().protect('nothing-here', true), 'not-found');
      });

      it('fails without a table: not-found', () => fails(tables().remove('nothing-here'), 'not-found'));
    });

    describe('a replica', () => {
      const REGION = 'eu-west-1';
      const replicated = {
        more: {
          ...onDemand,
          StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
        },
      };
      const abroad = (region = REGION) => subject.ports.inRegion(region).tables;
      const statuses = async (table: string) =>
        ((await stateOf(table)).replicas ?? []).map(({ region, status }) => [region, status]);
      /** DynamoDB takes minutes. */
      const settle = tenMinutes;
      const withReplica = async (region = REGION): Promise<string> => {
        const table = await standing(replicated);
        await tables().addReplica(table, { RegionName: region });
        await settle();
        return table;
      };

      it('is CREATING while its table is UPDATING, then ACTIVE', async () => {
        const table = await standing(replicated);
        expect(await stateOf(table)).toMatchObject({ global: false });
        await tables().addReplica(table, {
          RegionName: REGION,
          TableClassOverride: 'STANDARD_INFREQUENT_ACCESS',
        });
        expect(await stateOf(table)).toMatchObject({
          status: 'UPDATING',
          global: true,
          replicas: [{ region: REGION, status: 'CREATING', tableClass: 'STANDARD_INFREQUENT_ACCESS' }],
        });
        expect(await abroad().describe(table)).toMatchObject({ status: 'CREATING' });
        await settle();
        expect(await stateOf(table)).toMatchObject({ status: 'ACTIVE' });
        expect(await statuses(table)).toEqual([[REGION, 'ACTIVE']]);
        expect((await tables().list()).filter((name) => name === table)).toHaveLength(1);
      });

      it('has an ARN, a creation time, tags, protection and recovery of its own', async () => {
        const table = await standing({ ...replicated, tags: { team: 'flags' } });
        await tables().protect(table, true);
        await settle();
        await tables().addReplica(table, { RegionName: REGION });
        await settle();
        const copy = (await abroad().describe(table))!;
        expect(copy.arn).toBe(`arn:aws:dynamodb:${REGION}:000000000000:table/${table}`);
        expect(copy.createdAt).toBeGreaterThan((await stateOf(table)).createdAt);
        expect(copy).toMatchObject({ deletionProtected: false, billingMode: 'PAY_PER_REQUEST' });
        expect(await abroad().tags(copy.arn)).toEqual({});
        await abroad().tag(copy.arn, { team: 'abroad' });
        await abroad().protect(table, true);
        await abroad().setRecovery(table, { enabled: true, days: 7 });
        await settle();
        expect(await abroad().tags(copy.arn)).toEqual({ team: 'abroad' });
        expect(await abroad().describe(table)).toMatchObject({ deletionProtected: true });
        expect(await abroad().recovery(table)).toEqual({ enabled: true, days: 7 });
        expect(await tables().tags((await stateOf(table)).arn)).toEqual({ team: 'flags' });
        expect(await tables().recovery(table)).toMatchObject({ enabled: false });
      });

      it('changes one at a time: in-use', async () => {
        const table = await standing(replicated);
        await tables().addReplica(table, { RegionName: REGION });
        await fails(tables().addReplica(table, { RegionName: 'us-west-2' }), 'in-use');
        await fails(tables().removeReplica(table, REGION), 'in-use');
        await settle();
        await tables().addReplica(table, { RegionName: 'us-west-2' });
        await settle();
        expect(await statuses(table)).toEqual([
          [REGION, 'ACTIVE'],
          ['us-west-2', 'ACTIVE'],
        ]);
        await tables().removeReplica(table, REGION);
        await fails(tables().removeReplica(table, 'us-west-2'), 'in-use');
      });

      it('is of an on-demand table with a stream of both images, in another region: refused', async () => {
        const add = async (options: TableOptions, region = REGION) =>
          tables().addReplica(await standing(options), { RegionName: region });
        const { StreamSpecification, ...withoutStream } = replicated.more;
        await fails(add({ more: { StreamSpecification } }), 'refused');
        await fails(add({ more: withoutStream }), 'refused');
        await fails(add(replicated, 'us-east-1'), 'refused');
      });

      it('is the only one in its region, which has no table of the name: refused', async () => {
        const table = await withReplica();
        await fails(tables().addReplica(table, { RegionName: REGION }), 'refused');
        const other = await standing(replicated);
        await abroad().create(tableInput(other));
        await subject.pass(MINUTE);
        await fails(tables().addReplica(other, { RegionName: REGION }), 'refused');
      });

      it('is DELETING and then gone after it was removed, and the last table is an ordinary one', async () => {
        const table = await withReplica();
        await tables().removeReplica(table, REGION);
        expect(await statuses(table)).toEqual([[REGION, 'DELETING']]);
        expect(await stateOf(table)).toMatchObject({ status: 'UPDATING' });
        await settle();
        expect(await abroad().describe(table)).toBeUndefined();
        expect(await stateOf(table)).toMatchObject({ status: 'ACTIVE', global: false });
      });

      it('cannot be removed while it is protected, or if it does not exist: refused', async () => {
        const table = await withReplica();
        await abroad().protect(table, true);
        await subject.pass(MINUTE);
        await fails(tables().removeReplica(table, REGION), 'refused');
        await fails(tables().removeReplica(table, 'us-west-2'), 'refused');
        expect(await statuses(table)).toEqual([[REGION, 'ACTIVE']]);
      });

      it('keeps its source for 24 hours, also after it was removed: refused', async () => {
        const table = await withReplica();
        await tables().removeReplica(table, REGION);
        await settle();
        await expect(tables().remove(table)).rejects.toMatchObject({
          code: 'refused',
          message: expect.stringContaining('acted as a source region'),
        });
        await subject.pass(DAY);
        await tables().remove(table);
        await subject.pass(MINUTE);
        expect(await tables().describe(table)).toBeUndefined();
      });

      it('is CREATION_FAILED if DynamoDB cannot create it, until it is removed', async () => {
        subject.failing.add('sa-east-1');
        const table = await standing(replicated);
        await tables().addReplica(table, { RegionName: 'sa-east-1' });
        await settle();
        expect(await statuses(table)).toEqual([['sa-east-1', 'CREATION_FAILED']]);
        await tables().removeReplica(table, 'sa-east-1');
        await settle();
        expect(await statuses(table)).toEqual([]);
      });

      it('is unavailable if its region does not answer, and its table is not', async () => {
        const table = await withReplica('ap-south-1');
        subject.unreachable.add('ap-south-1');
        await fails(abroad('ap-south-1').describe(table), 'unavailable');
        const { metrics } = subject.ports.inRegion('ap-south-1');
        const to = Math.floor(subject.now() / MINUTE) * MINUTE;
        const [series] = await metrics.read(
          [{ metric: 'ConsumedReadCapacityUnits', table }],
          to - MINUTE,
          to,
        );
        expect(series).toHaveProperty('error');
        expect(await statuses(table)).toEqual([['ap-south-1', 'ACTIVE']]);
        subject.unreachable.delete('ap-south-1');
        expect(await abroad('ap-south-1').describe(table)).toMatchObject({ status: 'ACTIVE' });
      });
    });

    describe('a Kinesis data stream of a table', () => {
      const kinesis = (name: string) => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
      const statuses = async (table: string) =>
        (await tables().destinations(table)).map(({ stream, status }) => [stream, status]);

      it('is ENABLING, then ACTIVE', async () => {
        const table = await standing();
        expect(await tables().destinations(table)).toEqual([]);
        await tables().enableDestination(table, kinesis('a'), 'MICROSECOND');
        expect(await statuses(table)).toEqual([[kinesis('a'), 'ENABLING']]);
        await subject.pass(MINUTE);
        const [only] = await tables().destinations(table);
        expect(only).toMatchObject({ stream: kinesis('a'), status: 'ACTIVE', precision: 'MICROSECOND' });
      });

      it('is the only one of its table: refused', async () => {
        const table = await standing();
        await tables().enableDestination(table, kinesis('a'));
        await fails(tables().enableDestination(table, kinesis('a')), 'refused');
        await subject.pass(MINUTE);
        await fails(tables().enableDestination(table, kinesis('b')), 'refused');
      });

      it('can be enabled again after it was disabled', async () => {
        const table = await standing();
        await tables().enableDestination(table, kinesis('a'));
        await subject.pass(MINUTE);
        await subject.disableDestination(table, kinesis('a'));
        expect(await statuses(table)).toEqual([[kinesis('a'), 'DISABLING']]);
        await fails(tables().enableDestination(table, kinesis('a')), 'refused');
        await subject.pass(MINUTE);
        expect(await statuses(table)).toEqual([[kinesis('a'), 'DISABLED']]);
        await tables().enableDestination(table, kinesis('b'));
        expect(await statuses(table)).toEqual([
          [kinesis('a'), 'DISABLED'],
          [kinesis('b'), 'ENABLING'],
        ]);
      });

      it('needs an ACTIVE table and a data stream that exists', async () => {
        const table = await create();
        await fails(tables().enableDestination(table, kinesis('a')), 'in-use');
        await subject.pass(2 * MINUTE);
        subject.absent.add(kinesis('gone'));
        await fails(tables().enableDestination(table, kinesis('gone')), 'not-found');
        await fails(tables().enableDestination('no-table', kinesis('a')), 'not-found');
        await fails(tables().destinations('no-table'), 'not-found');
      });
    });

    describe('what is in another Region or account than the tables', () => {
      const settings = { StartingPosition: 'TRIM_HORIZON' };
      const streaming = {
        more: { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } },
      };

      it('is no Kinesis data stream of a table: refused', async () => {
        const table = await standing();
        for (const place of ['eu-west-1:000000000000', 'us-east-1:111111111111']) {
          const call = tables().enableDestination(table, `arn:aws:kinesis:${place}:stream/a`);
          await fails(call, 'refused');
        }
        expect(await tables().destinations(table)).toEqual([]);
      });

      it('is no function that exists, or one without permission, and not the one with the same name', async () => {
        const { mappings } = subject.ports;
        const [abroad, foreign, own] = [
          'eu-west-1:000000000000',
          'us-east-1:111111111111',
          'us-east-1:000000000000',
        ].map((place) => `arn:aws:lambda:${place}:function:placed`) as [string, string, string];
        const { stream } = await stateOf(await standing(streaming));
        await fails(mappings.create(abroad, stream!, settings), 'refused');
        await fails(mappings.create(foreign, stream!, settings), 'access-denied');
        expect(await mappings.list(abroad)).toBeUndefined();
        await fails(mappings.list(foreign), 'access-denied');
        await mappings.create(own, stream!, settings);
        expect(await mappings.list(own)).toHaveLength(1);
      });
    });

    describe('an event source mapping', () => {
      const mappings = () => subject.ports.mappings;
      const settings = { StartingPosition: 'TRIM_HORIZON', BatchSize: 7 };
      const streaming = {
        more: { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } },
      };
      const streamOf = async (table: string) => (await stateOf(table)).stream!;
      const mapped = async (name: string): Promise<{ table: string; stream: string; id: string }> => {
        const table = await standing(streaming);
        const stream = await streamOf(table);
        await mappings().create(name, stream, settings);
        const [only] = (await mappings().list(name)) ?? [];
        return { table, stream, id: only!.id };
      };
      const stateOfMapping = async (id: string) => (await mappings().describe(id))?.state;

      it('is Creating, then Enabled, with its settings', async () => {
        const { stream, id } = await mapped('creating');
        expect(stream).toMatch(/:table\/table-\d+\/stream\/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
        expect(await mappings().describe(id)).toMatchObject({ source: stream, state: 'Creating', settings });
        await subject.pass(MINUTE);
        const [only] = (await mappings().list('creating'))!;
        const changedAt = subject.now() - MINUTE;
        expect(only).toMatchObject({ id, source: stream, state: 'Enabled', changedAt, settings });
      });

      it('is one of its function and stream: in-use', async () => {
        const { stream } = await mapped('twice');
        await fails(mappings().create('twice', stream, settings), 'in-use');
        await mappings().create('other', stream, settings);
        expect(await mappings().list('twice')).toHaveLength(1);
      });

      it('needs a function and a stream that exist', async () => {
        const { stream } = await mapped('needing');
        subject.absent.add('missing');
        await fails(mappings().create('missing', stream, settings), 'refused');
        await fails(mappings().create('needing', `${stream}0`, settings), 'not-found');
        expect(await mappings().list('missing')).toBeUndefined();
        expect(await mappings().list('without')).toEqual([]);
      });

      it('is Deleting, then gone', async () => {
        const { id } = await mapped('deleting');
        await fails(mappings().remove(id), 'in-use');
        await subject.pass(MINUTE);
        await mappings().remove(id);
        expect(await stateOfMapping(id)).toBe('Deleting');
        await fails(mappings().remove(id), 'in-use');
        await subject.pass(MINUTE);
        expect(await stateOfMapping(id)).toBeUndefined();
        expect(await mappings().list('deleting')).toEqual([]);
        await fails(mappings().remove(id), 'not-found');
      });

      it('can be disabled by a person, and says who did', async () => {
        const { id } = await mapped('disabling');
        await subject.pass(MINUTE);
        await subject.disableMapping(id);
        expect(await stateOfMapping(id)).toBe('Disabling');
        await subject.pass(MINUTE);
        expect(await mappings().describe(id)).toMatchObject({
          state: 'Disabled',
          stateReason: 'User action',
        });
      });

      it('outlives its table, and a table made again has another stream', async () => {
        const { table, stream, id } = await mapped('outliving');
        await tables().remove(table);
        await subject.pass(2 * MINUTE);
        expect(await mappings().list('outliving')).toMatchObject([{ id, source: stream }]);
        await tables().create(tableInput(table, streaming));
        await subject.pass(2 * MINUTE);
        const again = await streamOf(table);
        expect(again).not.toBe(stream);
        await mappings().create('outliving', again, settings);
        expect(await mappings().list('outliving')).toHaveLength(2);
      });

      it('is found on every page', async () => {
        for (let i = 0; i < 3; i += 1) {
          const table = await standing(streaming);
          await mappings().create('paged', await streamOf(table), settings);
        }
        const all = await subject.inPagesOf(2, () => mappings().list('paged'));
        expect(new Set(all!.map(({ source }) => source)).size).toBe(3);
      });
    });

    describe('time to live', () => {
      it('can be turned on for an attribute, and off again', async () => {
        const table = await standing();
        expect((await tables().timeToLive(table)).attribute).toBeUndefined();
        await tables().setTimeToLive(table, 'expires', true);
        expect(await tables().timeToLive(table)).toEqual({ attribute: 'expires', changing: 'ENABLING' });
        await subject.pass(HOUR);
        expect(await tables().timeToLive(table)).toEqual({ attribute: 'expires' });
        await tables().setTimeToLive(table, 'expires', false);
        expect(await tables().timeToLive(table)).toEqual({ changing: 'DISABLING' });
        await subject.pass(HOUR);
        expect(await tables().timeToLive(table)).toEqual({});
      });

      it('can be changed once per hour: refused, also after the change is complete', async () => {
        const table = await standing();
        await tables().setTimeToLive(table, 'expires', true);
        await fails(tables().setTimeToLive(table, 'expires', false), 'refused');
        await subject.pass(HOUR - MINUTE);
        expect(await tables().timeToLive(table)).toEqual({ attribute: 'expires' });
        await fails(tables().setTimeToLive(table, 'expires', false), 'refused');
        await subject.pass(MINUTE);
        await tables().setTimeToLive(table, 'expires', false);
      });

      it('fails while CREATING: in-use', async () => {
        const table = await create();
        await fails(tables().setTimeToLive(table, 'expires', true), 'in-use');
        await subject.pass(2 * MINUTE);
        await tables().setTimeToLive(table, 'expires', true);
      });

      it('fails if nothing would change, or for another attribute', async () => {
        const table = await standing();
        await fails(tables().setTimeToLive(table, 'expires', false), 'refused');
        await tables().setTimeToLive(table, 'expires', true);
        await subject.pass(HOUR);
        await fails(tables().setTimeToLive(table, 'expires', true), 'refused');
        await fails(tables().setTimeToLive(table, 'until', true), 'refused');
        expect((await tables().timeToLive(table)).attribute).toBe('expires');
      });

      it('fails without a table: not-found', async () => {
        await fails(tables().timeToLive('nothing-here'), 'not-found');
        await fails(tables().setTimeToLive('nothing-here', 'expires', true), 'not-found');
      });
    });

    describe('point-in-time recovery', () => {
      it('cannot be turned on while DynamoDB still enables the backups of a new table: in-use', async () => {
        const table = await create();
        await subject.pass(MINUTE);
        expect(await stateOf(table)).toMatchObject({ status: 'ACTIVE' });
        await fails(tables().setRecovery(table, { enabled: true }), 'in-use');
        await subject.pass(MINUTE);
        await tables().setRecovery(table, { enabled: true });
        expect(await tables().recovery(table)).toMatchObject({ enabled: true });
      });

      it('can be turned on for a number of days, and off again', async () => {
        const table = await recoverable();
        expect(await tables().recovery(table)).toMatchObject({ enabled: false });
        await tables().setRecovery(table, { enabled: true, days: 7 });
        expect(await tables().recovery(table)).toEqual({ enabled: true, days: 7 });
        await tables().setRecovery(table, { enabled: true, days: 14 });
        expect(await tables().recovery(table)).toEqual({ enabled: true, days: 14 });
        await tables().setRecovery(table, { enabled: false });
        expect(await tables().recovery(table)).toMatchObject({ enabled: false });
      });

      it('reaches 35 days back by default', async () => {
        const table = await recoverable();
        await tables().setRecovery(table, { enabled: true });
        expect(await tables().recovery(table)).toEqual({ enabled: true, days: 35 });
      });

      it('fails without a table: not-found', async () => {
        await fails(tables().recovery('nothing-here'), 'not-found');
        await fails(tables().setRecovery('nothing-here', { enabled: true }), 'not-found');
      });
    });

    it('lists every table, beyond 100 and beyond 1,000', async () => {
      const many = Array.from({ length: 1_050 }, (_, i) => `many-${String(i).padStart(4, '0')}`);
      const listed = async () => (await tables().list()).filter((one) => one.startsWith('many-'));
      for (let i = 0; i < many.length; i += 10) {
        // No more than 500 tables may be CREATING at a time.
        if (i % 400 === 0) await subject.pass(2 * MINUTE);
        await Promise.all(many.slice(i, i + 10).map((one) => tables().create(tableInput(one))));
        if (i === 100) expect((await listed()).sort()).toEqual(many.slice(0, 110));
      }
      expect((await listed()).sort()).toEqual(many);
    });

    describe('metrics', () => {
      const consumed = (table: string, index?: string): MetricQuery => ({
        metric: 'ConsumedWriteCapacityUnits',
        table,
        ...(index === undefined ? {} : { index }),
      });
      const minuteOf = (instant: number) => Math.floor(instant / MINUTE) * MINUTE;
      /** A whole minute, and points in it and in those around it. */
      const recorded = async (table: string): Promise<number> => {
        const minute = minuteOf(subject.now());
        for (const i of [-1, 0, 1, 2])
          subject.record({ ...consumed(table), minute: minute + i * MINUTE, sum: 100 + i });
        await subject.pass(10 * MINUTE);
        return minute;
      };

      it('are one-minute sums in [from, to)', async () => {
        const minute = await recorded('metered');
        const [series] = await subject.ports.metrics.read([consumed('metered')], minute, minute + 2 * MINUTE);
        expect([...sumsOf(series)]).toEqual([
          [minute, 100],
          [minute + MINUTE, 101],
        ]);
      });

      it('add up within one minute', async () => {
        const minute = minuteOf(subject.now());
        subject.record({ ...consumed('added'), minute, sum: 1.5 });
        subject.record({ ...consumed('added'), minute, sum: 2 });
        await subject.pass(10 * MINUTE);
        const [series] = await subject.ports.metrics.read([consumed('added')], minute, minute + MINUTE);
        expect([...sumsOf(series)]).toEqual([[minute, 3.5]]);
      });

      it('arrive two minutes late', async () => {
        await subject.pass(MINUTE - (subject.now() % MINUTE));
        const minute = subject.now();
        subject.record({ ...consumed('late'), minute, sum: 5 });
        const read = async () => {
          const [series] = await subject.ports.metrics.read([consumed('late')], minute, minute + 5 * MINUTE);
          return sumsOf(series).size;
        };
        expect(await read()).toBe(0);
        await subject.pass(2 * MINUTE - 1);
        expect(await read()).toBe(0);
        await subject.pass(1);
        expect(await read()).toBe(1);
      });

      it('are an empty series without data, not an error', async () => {
        const minute = minuteOf(subject.now());
        const [series] = await subject.ports.metrics.read([consumed('unused')], minute - HOUR, minute);
        expect(series).toEqual({ sums: new Map() });
      });

      it('are separate for a table, its index and other metrics', async () => {
        const minute = minuteOf(subject.now());
        const throttles = { ...consumed('split'), metric: 'WriteThrottleEvents' };
        subject.record({ ...consumed('split'), minute, sum: 1 });
        subject.record({ ...consumed('split', 'byUser'), minute, sum: 2 });
        subject.record({ ...throttles, minute, sum: 3 });
        await subject.pass(10 * MINUTE);
        const queries = [
          consumed('split', 'byUser'),
          throttles,
          consumed('split'),
          consumed('split', 'other'),
        ];
        const series = await subject.ports.metrics.read(queries, minute, minute + MINUTE);
        expect(series.map((one) => sumsOf(one).get(minute))).toEqual([2, 3, 1, undefined]);
      });

      it('remain after the table was deleted', async () => {
        const table = await standing();
        const minute = await recorded(table);
        await tables().remove(table);
        await subject.pass(2 * MINUTE);
        const [series] = await subject.ports.metrics.read([consumed(table)], minute, minute + MINUTE);
        expect(sumsOf(series).get(minute)).toBe(100);
      });

      it('answer more queries than fit into one call, in their order', async () => {
        const minute = minuteOf(subject.now());
        const names = Array.from({ length: 1_203 }, (_, i) => `bulk-${i}`);
        for (const [i, table] of names.entries()) subject.record({ ...consumed(table), minute, sum: i });
        await subject.pass(10 * MINUTE);
        const series = await subject.ports.metrics.read(
          names.map((table) => consumed(table)),
          minute,
          minute + MINUTE,
        );
        expect(series.map((one) => sumsOf(one).get(minute))).toEqual(names.map((_, i) => i));
      });

      it.each([
        ['minutes', 60_000, [3, 5, 7, 11]],
        ['five minutes', 300_000, [8, 7, 11]],
        ['hours', 3_600_000, [15, 11]],
      ] as const)('are summed over %s', async (name, stepMs, expected) => {
        const hour = Math.floor(subject.now() / HOUR) * HOUR;
        const query = consumed(`by-${name.replace(' ', '-')}`);
        const points = [
          [0, 3],
          [4, 5],
          [59, 7],
          [60, 11],
        ] as const;
        for (const [minute, sum] of points) subject.record({ ...query, minute: hour + minute * MINUTE, sum });
        await subject.pass(3 * HOUR);
        const [series] = await subject.ports.metrics.read([query], hour, hour + 2 * HOUR, stepMs);
        const starts = [
          ...new Set(points.map(([minute]) => Math.floor((hour + minute * MINUTE) / stepMs) * stepMs)),
        ];
        expect([...sumsOf(series)]).toEqual(starts.map((at, i) => [at, expected[i]]));
      });

      it.each([
        ['minutes', 60_000, 15],
        ['five minutes', 300_000, 63],
        ['hours', 3_600_000, 455],
      ] as const)('are retained for the documented time: %s', async (name, stepMs, days) => {
        const hour = Math.floor(subject.now() / HOUR) * HOUR;
        const query = consumed(`kept-${name.replace(' ', '-')}`);
        subject.record({ ...query, minute: hour, sum: 1 });
        const read = async () =>
          sumsOf((await subject.ports.metrics.read([query], hour, hour + HOUR, stepMs))[0]).size;
        await subject.pass(hour + days * DAY - subject.now());
        expect(await read()).toBe(1);
        await subject.pass(HOUR);
        expect(await read()).toBe(0);
      });

      it('are an empty list if there are no queries', async () => {
        expect(await subject.ports.metrics.read([], 0, MINUTE)).toEqual([]);
      });

      it('are errors if they cannot be read, and nothing is thrown', async () => {
        subject.breakMetrics(true);
        const queries = [consumed('a'), consumed('b')];
        const minute = minuteOf(subject.now());
        expect(await subject.ports.metrics.read(queries, minute - HOUR, minute)).toEqual([
          { error: expect.any(String) },
          { error: expect.any(String) },
        ]);
        subject.breakMetrics(false);
        expect(await subject.ports.metrics.read(queries, minute - HOUR, minute)).toEqual([
          { sums: new Map() },
          { sums: new Map() },
        ]);
      });
    });

    describe.each(['ownership', 'unmanaged'] as const)('what was seen of tags, in the record %s,', (kind) => {
      const state = () => subject.ports.state;
      const seen = (schemes: string, ...ids: readonly string[]) => ({
        schemes,
        seenAt: new Map(ids.map((id, i) => [id, i * MINUTE] as const)),
      });

      it('is what was stored last of each group, in whole minutes', async () => {
        expect(await state().seen(kind)).toEqual(new Map());
        await state().rememberSeen(kind, 'Events', seen('daily', 'a', 'b'));
        await state().rememberSeen(kind, 'Flags', seen('none'));
        await state().rememberSeen(kind, 'Events', seen('weekly', 'c', 'd', 'e'));
        await state().rememberSeen(kind, 'Users', {
          schemes: 'daily',
          seenAt: new Map([['f', 90_000]]),
        });
        expect(await state().seen(kind)).toEqual(
          new Map([
            ['Events', seen('weekly', 'c', 'd', 'e')],
            ['Flags', seen('none')],
            ['Users', { schemes: 'daily', seenAt: new Map([['f', 60_000]]) }],
          ]),
        );
      });
    });

    describe('the newest valid configuration', () => {
      it('is what was recorded last', async () => {
        const { state } = subject.ports;
        expect(await state.validConfig()).toBeUndefined();
        const valid = { place: 's3://bucket/team', versions: { 'tables.json': 'v1' }, since: 1_000 };
        await state.recordValidConfig(valid);
        expect(await state.validConfig()).toEqual(valid);
        const newer = { ...valid, versions: { 'tables.json': 'v2', 'settings.json': 'v1' }, since: 2_000 };
        await state.recordValidConfig(newer);
        expect(await state.validConfig()).toEqual(newer);
      });
    });

    describe('a lease', () => {
      const state = () => subject.ports.state;
      let jobs = 0;
      const job = () => {
        jobs += 1;
        return `job-${jobs}`;
      };

      it('is granted to one owner, not to another', async () => {
        const name = job();
        expect(await state().acquire({ job: name, owner: 'a' }, 1_000, 5_000)).toEqual({ granted: true });
        expect(await state().acquire({ job: name, owner: 'b' }, 1_001, 9_000)).toMatchObject({
          granted: false,
        });
      });

      it('names its owner and its end if it is not granted', async () => {
        const name = job();
        expect(await state().acquire({ job: name, owner: 'a' }, 1_000, 5_000)).toEqual({ granted: true });
        expect(await state().acquire({ job: name, owner: 'b' }, 1_001, 9_000)).toEqual({
          granted: false,
          owner: 'a',
          expiresAt: 5_000,
          skippedSince: 1_001,
          skips: 1,
        });
      });

      it('tells how many requests were not granted while no owner released it, and since when', async () => {
        const name = job();
        const skipped = async (owner: string, now: number) => {
          const answer = await state().acquire({ job: name, owner }, now, now + 1_000);
          return answer.granted || [answer.skips, answer.skippedSince];
        };
        expect(await skipped('crashed', 1_000)).toBe(true);
        expect(await skipped('b', 1_500)).toEqual([1, 1_500]);
        expect(await skipped('c', 1_600)).toEqual([2, 1_500]);
        expect(await skipped('crashed too', 3_000)).toBe(true);
        expect(await skipped('d', 3_500)).toEqual([3, 1_500]);
        expect(await skipped('e', 4_000)).toBe(true);
        await state().release({ job: name, owner: 'e' });
        expect(await skipped('f', 5_000)).toBe(true);
        expect(await skipped('g', 5_500)).toEqual([1, 5_500]);
      });

      it('is granted to its owner again, with a later end', async () => {
        const name = job();
        await state().acquire({ job: name, owner: 'a' }, 1_000, 5_000);
        expect(await state().acquire({ job: name, owner: 'a' }, 2_000, 8_000)).toEqual({ granted: true });
        expect(await state().acquire({ job: name, owner: 'b' }, 7_999, 9_000)).toMatchObject({
          granted: false,
        });
      });

      it('is granted to another after it expired, and the former owner cannot release it', async () => {
        const name = job();
        await state().acquire({ job: name, owner: 'a' }, 1_000, 5_000);
        expect(await state().acquire({ job: name, owner: 'b' }, 4_999, 9_000)).toMatchObject({
          granted: false,
        });
        expect(await state().acquire({ job: name, owner: 'b' }, 5_000, 9_000)).toEqual({ granted: true });
        await state().release({ job: name, owner: 'a' });
        expect(await state().acquire({ job: name, owner: 'c' }, 6_000, 9_000)).toMatchObject({
          granted: false,
        });
      });

      it('is granted to another if it ends later than any lease can, because a wrong clock wrote it', async () => {
        const name = job();
        const now = 1_000;
        await state().acquire(
          { job: name, owner: 'days ahead' },
          now + 172_800_000,
          now + 172_800_000 + 5_000,
        );
        expect(await state().acquire({ job: name, owner: 'b' }, now, 9_000)).toEqual({ granted: true });
      });

      it('is listed until its release, also after it expired, with the requests that were not granted', async () => {
        const name = job();
        const listed = async () => (await state().leases()).filter((lease) => lease.job === name);
        expect(await listed()).toEqual([]);
        await state().acquire({ job: name, owner: 'a' }, 1_000, 5_000);
        expect(await listed()).toEqual([{ job: name, owner: 'a', expiresAt: 5_000, skips: 0 }]);
        await state().acquire({ job: name, owner: 'b' }, 2_000, 9_000);
        await state().acquire({ job: name, owner: 'c' }, 3_000, 9_000);
        expect(await listed()).toEqual([
          { job: name, owner: 'a', expiresAt: 5_000, skips: 2, skippedSince: 2_000 },
        ]);
        await state().release({ job: name, owner: 'a' });
        expect(await listed()).toEqual([]);
      });

      it('is free after its release', async () => {
        const name = job();
        await state().acquire({ job: name, owner: 'a' }, 1_000, 5_000);
        await state().release({ job: name, owner: 'a' });
        expect(await state().acquire({ job: name, owner: 'b' }, 1_001, 5_000)).toEqual({ granted: true });
      });

      it('is separate for each job, and releasing none succeeds', async () => {
        const name = job();
        await state().acquire({ job: name, owner: 'a' }, 1_000, 5_000);
        expect(await state().acquire({ job: job(), owner: 'b' }, 1_000, 5_000)).toEqual({ granted: true });
        await state().release({ job: job(), owner: 'another' });
      });

      it('is granted to exactly one of many at once', async () => {
        const name = job();
        const owners = Array.from({ length: 12 }, (_, i) => `owner-${i}`);
        const answers = await Promise.all(
          owners.map((owner) => state().acquire({ job: name, owner }, 1_000, 5_000)),
        );
        expect(answers.filter(({ granted }) => granted)).toHaveLength(1);
      });

      it('accepts instants that are not whole milliseconds', async () => {
        const name = job();
        expect(await state().acquire({ job: name, owner: 'a' }, 1_000.25, 5_000.75)).toEqual({
          granted: true,
        });
        expect(await state().acquire({ job: name, owner: 'b' }, 5_000.5, 9_000)).toMatchObject({
          granted: false,
        });
      });
    });

    describe('a backup', () => {
      const backups = () => subject.ports.backups;
      const only = async (table: string): Promise<Backup> => {
        const [backup, ...others] = await backups().list(table);
        if (!backup || others.length > 0) throw new Error(`${others.length} backups too many of ${table}`);
        return backup;
      };
      const backedUp = async (options: TableOptions = {}): Promise<string> => {
        const table = await standing(options);
        await backups().create(table, 'last');
        await subject.pass(2 * MINUTE);
        return table;
      };
      const gone = async (table: string): Promise<void> => {
        await tables().remove(table);
        await subject.pass(2 * MINUTE);
      };

      it('is CREATING, then AVAILABLE, and has the id of its table', async () => {
        const table = await standing();
        const { id } = await stateOf(table);
        const before = subject.now();
        await backups().create(table, 'last');
        const reported = { name: 'last', table, tableId: id, type: 'USER', createdAt: before };
        const listed = await only(table);
        expect(listed).toMatchObject({ ...reported, status: 'CREATING' });
        expect(await backups().describe(listed.arn)).toEqual({ ...listed, key: ['Key'], itemCount: 0 });
        expect(await backups().listAll()).toContainEqual(listed);
        await subject.pass(2 * MINUTE);
        expect(await only(table)).toMatchObject({ ...reported, status: 'AVAILABLE' });
        expect(await backups().describe(listed.arn)).toMatchObject({ ...reported, status: 'AVAILABLE' });
      });

      it('needs an ACTIVE table without another backup in progress', async () => {
        await fails(backups().create('table-none', 'last'), 'not-found');
        const table = await create();
        await fails(backups().create(table, 'last'), 'in-use');
        await subject.pass(2 * MINUTE);
        await backups().create(table, 'first');
        await fails(backups().create(table, 'second'), 'in-use');
        await fails(tables().remove(table), 'in-use');
        await subject.pass(2 * MINUTE);
        await backups().create(table, 'second');
        expect((await backups().list(table)).map(({ name }) => name)).toEqual(['first', 'second']);
      });

      it('remains after its table was deleted, and keeps that table’s id', async () => {
        const table = await backedUp();
        await gone(table);
        const { tableId, arn } = await only(table);
        await fails(backups().create(table, 'late'), 'not-found');
        await tables().create(tableInput(table));
        expect((await stateOf(table)).id).not.toBe(tableId);
        expect(await only(table)).toMatchObject({ arn, tableId });
      });

      it('is undefined if it does not exist', async () => {
        expect(await backups().list('table-none')).toEqual([]);
        const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/none/backup/00000000000000-00000000';
        expect(await backups().describe(arn)).toBeUndefined();
        await fails(backups().restore(arn, 'table-none'), 'not-found');
      });

      it('restores keys, indexes and throughput, and neither tags nor settings', async () => {
        const table = await recoverable({
          indexes: { byA: units(1, 2) },
          tags: { Team: 'web' },
          more: { DeletionProtectionEnabled: true },
        });
        await tables().setTimeToLive(table, 'Expires', true);
        await tables().setRecovery(table, { enabled: true });
        await resize(table, units(7, 8));
        await subject.pass(2 * MINUTE);
        await backups().create(table, 'last');
        await subject.pass(2 * MINUTE);
        const { arn } = await only(table);
        const before = subject.now();
        await backups().restore(arn, `${table}.again`);
        expect(await stateOf(`${table}.again`)).toMatchObject({ status: 'CREATING', restoredFrom: arn });
        await subject.pass(2 * MINUTE);
        const state = await stateOf(`${table}.again`);
        expect(state).toMatchObject({
          status: 'ACTIVE',
          createdAt: before,
          deletionProtected: false,
          restoredFrom: arn,
        });
        expect(await capacityOf(`${table}.again`)).toEqual(units(7, 8));
        expect(await capacityOf(`${table}.again`, 'byA')).toEqual(units(1, 2));
        expect(await tables().tags(state.arn)).toEqual({});
        expect(await tables().timeToLive(`${table}.again`)).toEqual({});
        expect(await tables().recovery(`${table}.again`)).toMatchObject({ enabled: false });
      });

      it('restores an on-demand table as on-demand', async () => {
        const table = await backedUp({ more: onDemand });
        await gone(table);
        await backups().restore((await only(table)).arn, table);
        expect(await stateOf(table)).toMatchObject({ billingMode: 'PAY_PER_REQUEST' });
      });

      it('restores items, and any table as on-demand if asked to', async () => {
        const table = await standing({ indexes: { byA: units(1, 2) } });
        for (let i = 0; i < 3; i += 1) await subject.put(table, `key ${i}`, 'value');
        await backups().create(table, 'last');
        await subject.pass(2 * MINUTE);
        const { arn } = await only(table);
        expect(await backups().describe(arn)).toMatchObject({ itemCount: 3 });
        await backups().restore(arn, `${table}.again`, 'onDemand');
        expect(await stateOf(`${table}.again`)).toMatchObject({ status: 'CREATING', restoring: true });
        await subject.pass(2 * MINUTE);
        expect(await stateOf(`${table}.again`)).toMatchObject({
          billingMode: 'PAY_PER_REQUEST',
          restoring: false,
        });
        expect(await capacityOf(`${table}.again`, 'byA')).toEqual(units(0, 0));
        expect(await subject.ports.items.count(`${table}.again`, undefined)).toEqual({ items: 3 });
      });

      it('replaces no table, and must be AVAILABLE', async () => {
        const table = await standing();
        await backups().create(table, 'last');
        const { arn } = await only(table);
        await fails(backups().restore(arn, `${table}.again`), 'in-use');
        await subject.pass(2 * MINUTE);
        await fails(backups().restore(arn, table), 'in-use');
        await backups().restore(arn, `${table}.again`);
        await fails(backups().restore(arn, `${table}.again`), 'in-use');
      });

      it('is created by DynamoDB when a table with point-in-time recovery is deleted', async () => {
        const table = await recoverable();
        await tables().setRecovery(table, { enabled: true });
        await gone(table);
        const backup = await only(table);
        expect(backup).toMatchObject({
          name: `${table}$DeletedTableBackup`,
          type: 'SYSTEM',
          status: 'AVAILABLE',
        });
        await backups().restore(backup.arn, table);
        expect(await stateOf(table)).toMatchObject({ restoredFrom: backup.arn });
      });
    });

    describe('an export to S3', () => {
      const exports = () => subject.ports.exports;
      let tokens = 0;
      const requestFor = (table: string, more: Partial<ExportRequest> = {}): ExportRequest => {
        tokens += 1;
        return { token: `token-${tokens}`, bucket: BUCKET, prefix: table, format: 'DYNAMODB_JSON', ...more };
      };
      /** A table with point-in-time recovery. */
      const exportable = async (): Promise<{ table: string; arn: string; id: string }> => {
        const table = await recoverable();
        await tables().setRecovery(table, { enabled: true });
        const { arn, id } = await stateOf(table);
        return { table, arn, id };
      };
      const only = async (arn: string): Promise<Export> => {
        const [found, ...others] = await exports().list(arn);
        if (!found || others.length > 0) throw new Error(`${others.length} exports too many of ${arn}`);
        return found;
      };
      const manifestOf = async (one: Export) => {
        const text = await subject.ports.archive.read(one.bucket, summaryKey(one));
        return text === undefined ? undefined : manifestFrom(text);
      };
      /** Longer than an export takes. */
      const ended = () => subject.pass(6 * MINUTE);

      it('is IN_PROGRESS, then COMPLETED, and then has a manifest with the TableId', async () => {
        const { table, arn, id } = await exportable();
        const request = requestFor(table);
        const before = subject.now();
        await exports().start(arn, request);
        const reported = { ...request, tableId: id, startedAt: before, exportTime: before };
        const going = await only(arn);
        expect(going).toMatchObject({ ...reported, status: 'IN_PROGRESS' });
        expect(await manifestOf(going)).toBeUndefined();
        await ended();
        const done = await only(arn);
        expect(done).toEqual({ ...going, status: 'COMPLETED' });
        expect(await exports().describe(done.arn)).toEqual(done);
        expect(await manifestOf(done)).toEqual({
          exportArn: done.arn,
          tableArn: arn,
          tableId: id,
          exportTime: before,
          itemCount: 0,
          billedBytes: 0,
          format: 'DYNAMODB_JSON',
        });
      });

      it('needs point-in-time recovery, and a table that exists', async () => {
        const table = await recoverable();
        const { arn } = await stateOf(table);
        await fails(exports().start(arn, requestFor(table)), 'refused');
        await fails(exports().start(`${arn}-none`, requestFor(table)), 'not-found');
        expect(await exports().list(arn)).toEqual([]);
      });

      it('is started once by a token within 8 hours, and again later', async () => {
        const { table, arn } = await exportable();
        const request = requestFor(table);
        await exports().start(arn, request);
        await exports().start(arn, request);
        await ended();
        await exports().start(arn, request);
        await fails(exports().start(arn, { ...request, prefix: 'another' }), 'in-use');
        expect(await exports().list(arn)).toHaveLength(1);
        await subject.pass(8 * HOUR);
        await exports().start(arn, request);
        expect(await exports().list(arn)).toHaveLength(2);
        await ended();
      });

      it('can FAIL, and says why', async () => {
        const { table, arn } = await exportable();
        subject.failExports({ code: 'AccessDenied', message: 'The role may not write' });
        await exports().start(arn, requestFor(table));
        subject.failExports(undefined);
        await ended();
        const failed = await only(arn);
        expect(failed).toMatchObject({ status: 'FAILED', failure: 'AccessDenied: The role may not write' });
        expect(await manifestOf(failed)).toBeUndefined();
      });

      it('is not started while too many are IN_PROGRESS: limit-exceeded', async () => {
        const { table, arn } = await exportable();
        subject.limitExports(1);
        await exports().start(arn, requestFor(table));
        await fails(exports().start(arn, requestFor(table)), 'limit-exceeded');
        subject.limitExports(300);
        await ended();
      });

      it('remains after its table was deleted, and keeps that table’s id', async () => {
        const { table, arn, id } = await exportable();
        await exports().start(arn, requestFor(table));
        await tables().remove(table);
        await ended();
        expect(await only(arn)).toMatchObject({ tableId: id, status: 'COMPLETED' });
        await tables().create(tableInput(table));
        await subject.pass(2 * MINUTE);
        expect((await stateOf(table)).id).not.toBe(id);
        expect(await only(arn)).toMatchObject({ tableId: id });
      });

      it('is forgotten after 90 days, and its manifest is found in S3', async () => {
        const { table, arn, id } = await exportable();
        await exports().start(arn, requestFor(table, { prefix: `old/${table}` }));
        await ended();
        const done = await only(arn);
        await subject.pass(90 * DAY);
        expect(await exports().list(arn)).toEqual([]);
        expect(await exports().describe(done.arn)).toBeUndefined();
        const { archive } = subject.ports;
        expect(await archive.folders(BUCKET, `old/${table.slice(0, 5)}`)).toContain(`old/${table}/`);
        const folder = `old/${table}/AWSDynamoDB/`;
        const [own] = await archive.folders(BUCKET, folder);
        expect(own).toBe(`${folder}${done.arn.split('/').at(-1)}/`);
        expect(manifestFrom((await archive.read(BUCKET, `${own}manifest-summary.json`)) ?? '')).toMatchObject(
          {
            tableId: id,
          },
        );
      });
    });

    describe('a load from S3', () => {
      const loads = () => subject.ports.loads;
      const ended = () => subject.pass(6 * MINUTE);
      /** A completed export of three items. */
      const exported = async (format: ArchiveFormat = 'DYNAMODB_JSON'): Promise<Export> => {
        const table = await recoverable({ more: onDemand });
        await subject.fill(table, ['a', 'b', 'c']);
        await tables().setRecovery(table, { enabled: true });
        const { arn } = await stateOf(table);
        const request = { token: table, bucket: BUCKET, prefix: table, format };
        await subject.ports.exports.start(arn, request);
        await ended();
        const [one] = await subject.ports.exports.list(arn);
        return one!;
      };
      const requestFor = (one: Export, token: string): LoadRequest => ({
        token,
        bucket: one.bucket,
        prefix: dataPrefix(one),
        format: one.format,
        errorsPrefix: `${one.prefix}/restore/1`,
      });

      it.each(['DYNAMODB_JSON', 'ION'] as const)(
        'of %s is IN_PROGRESS, then COMPLETED, with as many items as the manifest',
        async (format) => {
          const one = await exported(format);
          const text = await subject.ports.archive.read(one.bucket, summaryKey(one));
          expect(manifestFrom(text ?? '')).toMatchObject({ itemCount: 3, format });
          const table = await standing({ more: onDemand });
          const load = await loads().start(table, requestFor(one, format));
          expect(load).toMatchObject({ status: 'IN_PROGRESS' });
          await ended();
          const done = { arn: load.arn, status: 'COMPLETED', processed: 3, failed: 0 };
          expect(await loads().describe(load.arn)).toEqual(done);
        },
      );

      it('is started once by a token within 8 hours', async () => {
        const one = await exported();
        const table = await standing({ more: onDemand });
        const { arn } = await loads().start(table, requestFor(one, 'second'));
        await ended();
        expect(await loads().start(table, requestFor(one, 'second'))).toMatchObject({
          arn,
          status: 'COMPLETED',
        });
        await fails(loads().start(table, { ...requestFor(one, 'second'), prefix: 'another/' }), 'refused');
        await subject.pass(8 * HOUR);
        expect((await loads().start(table, requestFor(one, 'second'))).arn).not.toBe(arn);
        await ended();
      });

      it('needs an ACTIVE table', async () => {
        const one = await exported();
        await fails(loads().start('table-none', requestFor(one, 'third')), 'not-found');
        const table = await create({ more: onDemand });
        await fails(loads().start(table, requestFor(one, 'third')), 'in-use');
      });

      it('is undefined if it does not exist', async () => {
        expect(
          await loads().describe('arn:aws:dynamodb:us-east-1:000000000000:table/none/bulk-operation/1'),
        ).toBeUndefined();
      });
    });

    describe('items', () => {
      const items = () => subject.ports.items;
      const filled = async (count: number, value = 'value'): Promise<string> => {
        const table = await standing();
        for (let i = 0; i < count; i += 1) await subject.put(table, `key ${i}`, value);
        return table;
      };

      it('are counted page by page', async () => {
        const table = await filled(12, 'x'.repeat(120_000));
        let [pages, count]: [number, number] = [0, 0];
        let next: string | undefined;
        do {
          const page = await items().count(table, next);
          next = page.next;
          count += page.items;
          pages += 1;
        } while (next !== undefined);
        expect([count, pages > 1]).toEqual([12, true]);
        expect(await items().count(await standing(), undefined)).toEqual({ items: 0 });
      });

      it('are sampled from a table, and found by their keys in another one', async () => {
        const [table, other] = [await filled(40), await filled(40)];
        await subject.put(other, 'key 7', 'changed');
        const sample = await items().sample(table, ['Key'], 100);
        expect(sample.length).toBeGreaterThan(20);
        expect(sample.length).toBeLessThanOrEqual(100);
        expect(new Set(sample.map(({ key }) => key)).size).toBe(sample.length);
        const all = (await items().sample(table, ['Key'], 2_000)).map(({ key }) => key);
        expect(all).toHaveLength(40);
        const { read, found } = await items().withKeys(other, ['Key'], all);
        expect([read.size, found.size]).toEqual([40, 40]);
        const unlike = (await items().sample(table, ['Key'], 2_000)).filter(
          ({ key, item }) => found.get(key) !== item,
        );
        expect(unlike.map(({ key }) => key)).toEqual([expect.stringContaining('key 7')]);
        const none = await items().withKeys(await standing(), ['Key'], all.slice(0, 3));
        expect([none.read.size, none.found.size]).toEqual([3, 0]);
      });

      it('do not exist in a table that does not', async () => {
        await fails(items().count('table-none', undefined), 'not-found');
        await fails(items().sample('table-none', ['Key'], 10), 'not-found');
      });
    });

    describe('what is remembered of drills', () => {
      const state = () => subject.ports.state;

      it('is there by group, as it was given, until it is replaced', async () => {
        expect(await state().drills()).toEqual(new Map());
        await state().rememberDrill('Events', '{"month":"2026-11"}');
        await state().rememberDrill('Visits', 'é');
        await state().rememberDrill('Events', '{"month":"2026-12"}');
        expect(await state().drills()).toEqual(
          new Map([
            ['Events', '{"month":"2026-12"}'],
            ['Visits', 'é'],
          ]),
        );
      });
    });

    describe('scheduled deletions', () => {
      const state = () => subject.ports.state;
      const scheduled = (table: string, scheduledAt = 2_000) => ({ table, createdAt: 1_000, scheduledAt });
      const all = async () =>
        (await state().scheduledDeletions()).toSorted((a, b) => a.table.localeCompare(b.table));

      it('are stored, replaced and removed', async () => {
        expect(await all()).toEqual([]);
        await state().scheduleDeletion(scheduled('b'));
        await state().scheduleDeletion(scheduled('a'));
        await state().scheduleDeletion(scheduled('b', 3_000));
        expect(await all()).toEqual([scheduled('a'), scheduled('b', 3_000)]);
        await state().cancelDeletion('a');
        await state().cancelDeletion('missing');
        expect(await all()).toEqual([scheduled('b', 3_000)]);
        await state().scheduleDeletion({ ...scheduled('b'), closedAt: 1_500 });
        expect(await all()).toEqual([{ ...scheduled('b'), closedAt: 1_500 }]);
        await state().cancelDeletion('b');
        expect(await all()).toEqual([]);
      });

      it('are not leases', async () => {
        await state().acquire({ job: 'scheduled-deletion', owner: 'a' }, 1_000, 5_000);
        expect(await all()).toEqual([]);
      });
    });

    describe('suspensions', () => {
      const state = () => subject.ports.state;

      it('are stored, replaced and removed, and are neither scheduled deletions nor leases', async () => {
        expect(await state().suspensions()).toEqual([]);
        await state().suspend({ what: 'purging', since: 1_000 });
        await state().suspend({ what: 'lowering', since: 2_000, until: 3_000, reason: 'a “reason”' });
        const sorted = async () =>
          (await state().suspensions()).toSorted((a, b) => a.what.localeCompare(b.what));
        expect(await sorted()).toEqual([
          { what: 'lowering', since: 2_000, until: 3_000, reason: 'a “reason”' },
          { what: 'purging', since: 1_000 },
        ]);
        expect(await state().scheduledDeletions()).toEqual([]);
        await state().suspend({ what: 'lowering', since: 4_000 });
        await state().resume('purging');
        expect(await sorted()).toEqual([{ what: 'lowering', since: 4_000 }]);
        await state().resume('lowering');
        await state().resume('lowering');
        expect(await state().suspensions()).toEqual([]);
      });
    });

    describe('memories', () => {
      const state = () => subject.ports.state;

      it('are returned as they were stored, the newest of each group', async () => {
        const long = JSON.stringify(Array.from({ length: 20_000 }, (_, i) => i / 7));
        await state().remember('Events', 'first “words”');
        await state().remember('Users', long);
        await state().remember('Events', '{"write":{}}');
        expect(await state().memories()).toEqual(
          new Map([
            ['Events', '{"write":{}}'],
            ['Users', long],
          ]),
        );
      });

      it('of many groups are stored together', async () => {
        const all = new Map(Array.from({ length: 60 }, (_, i) => [`Group${i}`, `memory ${i}`]));
        await state().remember('Group0', 'earlier');
        await state().rememberAll(all);
        await state().rememberAll(new Map());
        expect(await state().memories([...all.keys()])).toEqual(all);
      });

      it('are not scheduled deletions, and can be empty', async () => {
        await state().remember('Nothing', '');
        expect((await state().memories()).get('Nothing')).toBe('');
        expect(await state().scheduledDeletions()).toEqual([]);
      });
    });

    describe('notices', () => {
      const notice: Notice = {
        subject: 'Turntable production: test',
        message: 'Two lines\nwith <&> and “é” + 1=1',
        types: ['delete', 'hold-begun'],
      };
      /** The bytes of the attribute, which count too: its name, its type, and its value. */
      const ATTRIBUTE = 'typesString.Array["delete","hold-begun"]'.length;
      const publish = (changed: Partial<Notice> = {}) =>
        subject.ports.notices.publish({ ...notice, ...changed });
      const accepted = () =>
        subject.published().map(({ subject: title, message, types }) => [title, message, types]);

      it('are accepted as they were published', async () => {
        await publish();
        expect(accepted().at(-1)).toEqual([notice.subject, notice.message, notice.types]);
        const longest = 'é'.repeat((262_144 - ATTRIBUTE) / 2);
        await publish({ subject: 'x'.repeat(100), message: longest });
        expect(accepted().at(-1)?.[1]).toBe(longest);
      });

      it.each<[string, Partial<Notice>]>([
        ['no message', { message: '' }],
        [
          'a message that has more than 262,144 bytes with its attributes',
          { message: `${'é'.repeat((262_144 - ATTRIBUTE) / 2)}.` },
        ],
        ['a subject of more than 100 characters', { subject: 'x'.repeat(101) }],
        ['a subject with a line break', { subject: 'two\nlines' }],
        ['a subject that is not ASCII', { subject: 'é' }],
      ])('are refused with %s', async (_, changed) => {
        const before = accepted().length;
        await fails(publish(changed), 'refused');
        expect(accepted()).toHaveLength(before);
      });
    });

    describe('retentions', () => {
      const state = () => subject.ports.state;
      const daily = { scheme: 'daily', keep: 14, since: 1_000 } as const;

      it('are returned as they were stored, the newest of each group', async () => {
        expect(await state().retentions()).toEqual(new Map());
        const announced = { scheme: 'weekly', keep: 1, toldAt: 2_000 } as const;
        await state().recordRetention('Events', { ...daily, announced });
        const previously = [{ scheme: 'daily', keep: Infinity, until: 5_000 }] as const;
        await state().recordRetention('Users', { scheme: 'monthly', keep: Infinity, previously, since: 0 });
        expect(await state().retentions()).toEqual(
          new Map([
            ['Events', { ...daily, announced }],
            ['Users', { scheme: 'monthly', keep: Infinity, previously, since: 0 }],
          ]),
        );
        await state().recordRetention('Events', daily);
        expect((await state().retentions()).get('Events')).toEqual(daily);
        expect(await state().scheduledDeletions()).toEqual([]);
      });
    });

    describe('the mark of a closed environment', () => {
      const state = () => subject.ports.state;
      const tables = new Map([
        ['id-1', { name: 'production.Events.20251121', listedAt: 1_000 }],
        ['id-2', { name: 'production.Flags', listedAt: 2_000 }],
      ]);
      const closing = { environment: 'contract', since: 1_000, tables };

      it('is returned as it was stored, and is gone when the environment is opened again', async () => {
        expect(await state().closing()).toBeUndefined();
        await state().close({ ...closing, by: 'arn:aws:iam::123456789012:user/ann' });
        expect(await state().closing()).toEqual({ ...closing, by: 'arn:aws:iam::123456789012:user/ann' });
        await state().close({ ...closing, tables: new Map() });
        expect(await state().closing()).toEqual({ ...closing, tables: new Map() });
        await state().reopen();
        await state().reopen();
        expect(await state().closing()).toBeUndefined();
      });
    });

    describe('the history', () => {
      const state = () => subject.ports.state;
      const start = Date.parse('2025-11-21T09:00:00Z');
      const entry = (minute: number, text: string, place = 0) => ({
        id: `${new Date(start + minute * MINUTE).toISOString()} owner ${place}`,
        entry: text,
        expiresAt: start + 90 * DAY,
      });

      it('has what was added, oldest first, from one instant to another', async () => {
        expect(await state().history(start, start + DAY)).toEqual([]);
        await state().recordHistory([entry(2, 'd'), entry(1, 'b', 0), entry(1, 'c', 1), entry(0, 'a')]);
        expect(await state().history(start, start + 2 * MINUTE)).toEqual(['a', 'b', 'c', 'd']);
        expect(await state().history(start + 1, start + MINUTE)).toEqual(['b', 'c']);
        expect(await state().history(start + MINUTE + 1, start + 2 * MINUTE - 1)).toEqual([]);
      });

      it('has more entries than fit into one request', async () => {
        const day = 1440;
        const many = Array.from({ length: 60 }, (_, i) => entry(day + i, `entry ${i}`));
        await state().recordHistory(many);
        expect(await state().history(start + DAY, start + DAY + HOUR)).toEqual(many.map((one) => one.entry));
      });

      it('has what is open by job, apart from the entries', async () => {
        expect(await state().openHolds('rotate')).toBeUndefined();
        await state().recordHistory([{ job: 'rotate', open: 'one' }, entry(3, 'e')]);
        await state().recordHistory([{ job: 'rotate', open: 'two' }]);
        await state().recordHistory([{ job: 'scale', open: 'x'.repeat(500_000) }]);
        expect(await state().openHolds('rotate')).toBe('two');
        expect(await state().openHolds('scale')).toHaveLength(500_000);
        expect(await state().openHolds('purge')).toBeUndefined();
        expect(await state().history(start + 3 * MINUTE, start + 3 * MINUTE)).toEqual(['e']);
      });

      it('is no other record', async () => {
        expect(await state().scheduledDeletions()).toEqual([]);
        expect([...(await state().memories()).keys()].filter((id) => /owner|open/.test(id))).toEqual([]);
        expect(await state().acquire({ job: 'history', owner: 'a' }, 0, 1)).toEqual({ granted: true });
      });
    });

    describe('records of runs', () => {
      it('are returned as they were stored, the newest of each job', async () => {
        const { state } = subject.ports;
        expect(await state.runs()).toEqual(new Map());
        const hold = {
          group: 'Events',
          table: 'production.Events.20261121',
          kind: 'delete',
          reason: 'in-use',
        };
        const watched = { since: 1_000, until: 2_000 };
        await state.recordRun('scale', { watched, holds: [{ ...hold, since: 60_000, seen: 120_000 }] });
        await state.recordRun('purge', { succeededAt: 3_000, holds: [] });
        expect(await state.runs()).toEqual(
          new Map([
            ['purge', { succeededAt: 3_000, holds: [] }],
            ['scale', { watched, holds: [{ ...hold, since: 60_000, seen: 120_000 }] }],
          ]),
        );
        await state.recordRun('scale', { succeededAt: 4_000, watched, holds: [] });
        expect((await state.runs()).get('scale')).toEqual({ succeededAt: 4_000, watched, holds: [] });
      });

      it('have what a shard reports to the coordinator', async () => {
        const { state } = subject.ports;
        const reported = { tick: 60_000, throughput: units(7, 0), short: true };
        await state.recordRun('scale/3', { holds: [], shard: reported });
        expect((await state.runs()).get('scale/3')).toEqual({ holds: [], shard: reported });
        await state.recordRun('scale/3', { holds: [], shard: { tick: 0, short: false } });
        expect((await state.runs()).get('scale/3')).toEqual({ holds: [], shard: { tick: 0, short: false } });
        await state.recordRun('scale/3', { holds: [] });
        expect((await state.runs()).get('scale/3')).toEqual({ holds: [] });
      });
    });

    describe('the layout of shards', () => {
      it('is replaced only by who has read the newest one, and is no lease', async () => {
        const { state } = subject.ports;
        const layout = async () => (await state.shards()).layout;
        expect(await layout()).toBeUndefined();
        const first = { shards: 2, stamp: '2-a', at: 60_000, from: 1 };
        expect(await state.recordLayout(first, undefined)).toBe(true);
        expect(await layout()).toEqual(first);
        const second = { shards: 2, stamp: '2-a', at: 120_000, bounds: [units(1, 2), units(3, 4)] };
        const answers = await Promise.all([
          state.recordLayout(second, first),
          state.recordLayout({ ...second, at: 180_000 }, first),
        ]);
        expect(answers.filter(Boolean)).toHaveLength(1);
        expect((await layout())?.bounds).toEqual(second.bounds);
        await state.acquire({ job: 'scale/0', owner: 'worker' }, 1_000, 5_000);
        const { leases } = await state.shards();
        expect(leases.filter(({ job: name }) => name.startsWith('scale/'))).toEqual([
          { job: 'scale/0', owner: 'worker', expiresAt: 5_000, skips: 0 },
        ]);
        expect(leases).toEqual(await state.leases());
        await state.release({ job: 'scale/0', owner: 'worker' });
        expect(await layout()).toBeDefined();
      });
    });

    describe('the records of some groups', () => {
      it('are read without those of others, also hundreds of them', async () => {
        const { state } = subject.ports;
        const groups = Array.from({ length: 130 }, (_, i) => `Part${i}`);
        await Promise.all(groups.map((group) => state.remember(group, `memory of ${group}`)));
        await state.rememberSeen('ownership', 'Part1', { schemes: 'daily', seenAt: new Map() });
        const some = [...groups.slice(0, 120), 'Missing', 'Part1'];
        const read = await state.memories(some);
        expect([...read.keys()].sort()).toEqual(groups.slice(0, 120).sort());
        expect(read.get('Part7')).toBe('memory of Part7');
        expect(await state.memories([])).toEqual(new Map());
        expect([...(await state.seen('ownership', ['Part1', 'Part2'])).keys()]).toEqual(['Part1']);
      });
    });

    it('changes nothing if the state table is created again', async () => {
      await subject.ports.state.scheduleDeletion({ table: 'kept', createdAt: 1, scheduledAt: 2 });
      expect(await subject.ports.state.initialize()).toEqual({ created: false, timeToLiveEnabled: false });
      expect(await subject.ports.state.scheduledDeletions()).toHaveLength(1);
      await subject.ports.state.cancelDeletion('kept');
    });
  });
}
