/** The lines of docs/libraries.md, over midnight, and what the page says about each library. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DescribeTableCommand, DynamoDBClient, ListTagsOfResourceCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { Table as OneTable } from 'dynamodb-onetable';
import { Entity as ToolboxEntity } from 'dynamodb-toolbox/entity';
import { BatchPutRequest } from 'dynamodb-toolbox/entity/actions/batchPut';
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put';
import { item } from 'dynamodb-toolbox/schema/item';
import { number } from 'dynamodb-toolbox/schema/number';
import { string } from 'dynamodb-toolbox/schema/string';
import { Table } from 'dynamodb-toolbox/table';
import { BatchWriteCommand, execute as executeBatchWrite } from 'dynamodb-toolbox/table/actions/batchWrite';
import { QueryCommand as ToolboxQuery } from 'dynamodb-toolbox/table/actions/query';
import dynamoose from 'dynamoose';
import { Entity, Service } from 'electrodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { createResolver } from '../../src/index.ts';
import { runJob } from '../../src/jobs/run.ts';
import { awsPorts, wallClock } from '../../src/runtime.ts';
import { at, DAY, HOUR, MINUTE } from '../support/specs.ts';
import { statesLasting } from '../support/states.ts';
import { virtualDate } from '../support/virtual-date.ts';
import { type Consumer, createConsumer, exampleSource, librariesSource } from './consumer.ts';
import { pinnedNode } from './template.ts';

interface Visit {
  Visitor: string;
  At: number;
  Page: string;
}

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/libraries.md'), 'utf8');
const packages = [
  'electrodb',
  'dynamodb-toolbox',
  'dynamoose',
  'dynamodb-onetable',
  '@aws-lambda-powertools',
];

/** One minute before midnight. */
const EVENING = at('2026-11-21T23:59');
const MORNING = EVENING + 2 * MINUTE;

const DAILY = 'DailyIdempotency';

let now = EVENING;
let aws: EmbeddedAws;
let project: Consumer;
let documents: DynamoDBDocumentClient;

const load = (file: string) => import(join(project.folder, 'libraries', file));

beforeAll(async () => {
  virtualDate(() => now);
  aws = await startEmbeddedAws({ now: () => now, ...statesLasting(2) });
  Object.assign(process.env, aws.env);
  project = await createConsumer(...packages);
  cpSync(librariesSource, join(project.folder, 'libraries'), { recursive: true });
  documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const ports = { ...awsPorts('production'), clock: { ...wallClock, now: () => now } };
  await ports.state.initialize();
  const summary = await runJob('rotate', loadConfig(withIdempotency(), 'production'), ports, now, {
    owner: 'test',
  });
  expect(summary.outcome, summary.message).toBe('done');
});

afterAll(async () => {
  vi.restoreAllMocks();
  documents.destroy();
  await aws.close();
  for (const name of Object.keys(aws.env)) delete process.env[name];
  rmSync(project.folder, { recursive: true, force: true });
});

beforeEach(() => {
  now = EVENING;
  aws.resetCalls();
});

/** The example's configuration with the spec of the page, and the same spec with a table per day. Returns the folder. */
function withIdempotency(): string {
  const folder = join(project.folder, 'config');
  mkdirSync(folder);
  const { Tables } = JSON.parse(readFileSync(join(exampleSource, 'config/tables.json'), 'utf8'));
  const [, spec = ''] = /```json\n(.*?)```/s.exec(page)!;
  const daily = { ...JSON.parse(spec), TableName: DAILY, RotationScheme: 'daily', PurgeRotation: 2 };
  writeFileSync(
    join(folder, 'tables.json'),
    JSON.stringify({ Tables: [...Tables, JSON.parse(spec), daily] }),
  );
  return folder;
}

/** The times of a visitor's items by the day of the table that contains them, as HH:MM. */
async function landed(Visitor: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (let day = 20; day <= 22; day += 1) {
    const { Items = [] } = await documents.send(
      new QueryCommand({
        TableName: `production.Visits.202611${day}`,
        KeyConditionExpression: 'Visitor = :visitor',
        ExpressionAttributeValues: { ':visitor': Visitor },
      }),
    );
    if (Items.length > 0) found[day] = Items.map(({ At }) => new Date(At).toISOString().slice(11, 16));
  }
  return found;
}

const visit = (Visitor: string, At: number): Visit => ({ Visitor, At, Page: '/' });

describe.each(['electrodb', 'dynamodb-toolbox', 'dynamoose', 'onetable'])('the lines for %s', (library) => {
  test('write each item to the table of its instant, over midnight and late', async () => {
    const { record } = await load(`${library}.ts`);
    const writer = `Writer with ${library}`;
    await record(visit(writer, now));
    now = MORNING;
    await record(visit(writer, now));
    await record(visit(writer, EVENING - 3 * HOUR));
    expect(await landed(writer)).toEqual({ 21: ['20:59', '23:59'], 22: ['00:01'] });
  });

  test('read a range from all its tables, in order, without its end', async () => {
    const { record, seenBy } = await load(`${library}.ts`);
    const reader = `Reader with ${library}`;
    now = MORNING;
    const times = [EVENING - 2 * DAY, EVENING - DAY, EVENING, MORNING - 1, MORNING];
    for (const time of times) await record(visit(reader, time));
    const seen = [];
    for await (const { At, Page } of seenBy(reader, times[1]!, MORNING)) seen.push([At, Page]);
    expect(seen).toEqual(times.slice(1, 4).map((time) => [time, '/']));
  });

  test('say that a table of the range does not exist', async () => {
    const { seenBy } = await load(`${library}.ts`);
    now = EVENING + 3 * DAY;
    const seen = seenBy('Reader', now - HOUR, now);
    const error = await seen.next().catch((error: unknown) => error);
    expect([error.name, error.code, error.cause?.name]).toContain('ResourceNotFoundException');
  });

  test('reject an item whose table is purged, without a call', async () => {
    const { record } = await load(`${library}.ts`);
    const purged = async () => record(visit(library, EVENING - 30 * DAY));
    await expect(purged()).rejects.toMatchObject({ code: 'outside-retention' });
    expect([...aws.calls]).toEqual([]);
  });
});

describe('docs/libraries.md', () => {
  const blocks = [...page.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)];
  const files = readdirSync(librariesSource);

  test('shows only code that these tests run, of every library', () => {
    expect(page.split('```ts\n').length - 1).toBe(blocks.length);
    for (const [, name = '', code = ''] of blocks)
      expect(readFileSync(join(librariesSource, name), 'utf8'), name).toContain(code.trimEnd());
    expect([...new Set(blocks.map(([, name]) => name))].sort()).toEqual(files.sort());
  });

  test('names the versions that the tests run with', () => {
    for (const name of [
      ...packages.filter((name) => !name.startsWith('@')),
      '@aws-lambda-powertools/idempotency',
    ]) {
      const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
      expect(page).toContain(`\`${name}\` ${version}`);
    }
  });
});

describe('what the page says', () => {
  const electroModel = {
    model: { service: 'visits', entity: 'visit', version: '1' },
    attributes: { Visitor: { type: 'string' }, At: { type: 'number' }, Page: { type: 'string' } },
    indexes: {
      byVisitor: {
        pk: { field: 'Visitor', composite: ['Visitor'], casing: 'none' },
        sk: { field: 'At', composite: ['At'] },
      },
    },
  } as const;
  const dynamooseSchema = () =>
    new dynamoose.Schema({
      Visitor: { type: String, hashKey: true },
      At: { type: Number, rangeKey: true },
      Page: String,
    });
  const toolbox = (name: () => string) => {
    const [partitionKey, sortKey] = [
      { name: 'Visitor', type: 'string' },
      { name: 'At', type: 'number' },
    ] as const;
    const table = new Table({ name, documentClient: documents, partitionKey, sortKey });
    const schema = item({ Visitor: string().key(), At: number().key(), Page: string() });
    return { table, Visits: new ToolboxEntity({ name: 'Visit', table, schema, timestamps: false }) };
  };
  let current: () => string;

  beforeAll(async () => {
    const { resolver } = await import(join(project.application, 'visits.ts'));
    current = () => resolver.current('Visits');
  });

  test.each<[what: string, bind: (table: string) => (visit: Visit) => unknown]>([
    [
      'an ElectroDB entity',
      (table) => {
        const Visits = new Entity(electroModel, { client: documents, table });
        return (visit) => Visits.put(visit).go();
      },
    ],
    [
      'a dynamoose model',
      (table) => {
        const model = dynamoose.model(table, dynamooseSchema(), { create: false, waitForActive: false });
        return (visit) => model.create({ ...visit });
      },
    ],
    [
      'a OneTable table',
      (name) => {
        const schema = {
          version: '1.0.0',
          indexes: { primary: { hash: 'Visitor', sort: 'At' } },
          models: { Visit: { Visitor: { type: String }, At: { type: Number }, Page: { type: String } } },
        } as const;
        const table = new OneTable({ name, client: new DynamoDBClient({}), schema, partial: false });
        return (visit) => table.getModel('Visit').create({ ...visit });
      },
    ],
  ])('%s that is created with the current table writes to it for good', async (what, bind) => {
    const put = bind(current());
    await put(visit(what, now));
    now = MORNING;
    await put(visit(what, now));
    expect(await landed(what)).toEqual({ 21: ['23:59', '00:01'] });
  });

  test('an ElectroDB cursor knows no table: with the table of the next day, the rest is lost', async () => {
    const Visits = new Entity(electroModel, { client: documents });
    const visitor = 'cursor';
    for (let minute = 0; minute < 3; minute += 1)
      await Visits.put(visit(visitor, now - minute * MINUTE)).go({ table: current() });
    const page = (cursor?: string | null, table = current()) =>
      Visits.query.byVisitor({ Visitor: visitor }).go({ table, cursor, limit: 1, order: 'desc' });
    const evening = current();
    const { cursor, data } = await page();
    expect(data.map(({ At }) => At)).toEqual([now]);
    now = MORNING;
    expect(await page(cursor)).toEqual({ data: [], cursor: null });
    expect((await page(cursor, evening)).data.map(({ At }) => At)).toEqual([EVENING - MINUTE]);
  });

  test('an ElectroDB call without a table fails, and keys are in lower case by default', async () => {
    await expect(new Entity(electroModel, { client: documents }).put(visit('Ada', now)).go()).rejects.toThrow(
      'table',
    );
    const { byVisitor } = electroModel.indexes;
    const lower = {
      ...electroModel,
      indexes: { byVisitor: { ...byVisitor, pk: { field: 'Visitor', composite: ['Visitor'] } } },
    } as const;
    const { Item } = new Entity(lower).put(visit('Ada', now)).params({ table: current() });
    expect(Item.Visitor).toBe('ada');
  });

  test('an ElectroDB transaction needs the table at each item', async () => {
    const Visits = new Entity(electroModel, { client: documents });
    const service = new Service({ Visits });
    const { resolver } = await import(join(project.application, 'visits.ts'));
    await service.transaction
      .write(({ Visits }) =>
        [EVENING, MORNING].map((time) =>
          Visits.put(visit('service', time)).commit({ table: resolver.tableFor('Visits', time) }),
        ),
      )
      .go();
    expect(await landed('service')).toEqual({ 21: ['23:59'], 22: ['00:01'] });
  });

  test('toolbox asks for the name once a send, also for many pages over midnight', async () => {
    let asked = 0;
    const { table, Visits } = toolbox(() => {
      asked += 1;
      return current();
    });
    for (let minute = 0; minute < 3; minute += 1)
      await Visits.build(PutItemCommand)
        .item(visit('pages', now - minute * MINUTE))
        .send();
    asked = 0;
    documents.middlewareStack.add(
      (next) => (args) => {
        now = MORNING;
        return next(args);
      },
      { step: 'initialize', name: 'midnight' },
    );
    const { Items, Count } = await table
      .build(ToolboxQuery)
      .query({ partition: 'pages' })
      .options({ limit: 1, maxPages: 4 })
      .send()
      .finally(() => documents.middlewareStack.remove('midnight'));
    expect([Items?.length, Count, asked, now]).toEqual([3, 3, 1, MORNING]);
    expect(aws.calls.get('Query')).toBeGreaterThan(2);
  });

  test('toolbox writes a late item to the current table without the option', async () => {
    const { Visits } = toolbox(current);
    now = MORNING;
    await Visits.build(PutItemCommand).item(visit('late', EVENING)).send();
    expect(await landed('late')).toEqual({ 22: ['23:59'] });
  });

  test.each([
    ['after its requests', true, 21],
    ['before them, where they are lost', false, 22],
  ])('a batch of toolbox takes options %s', async (what, after, day) => {
    const { table, Visits } = toolbox(current);
    const options = { tableName: current() };
    now = MORNING;
    const request = Visits.build(BatchPutRequest).item(visit(what, EVENING));
    const command = table.build(BatchWriteCommand);
    await executeBatchWrite(
      after ? command.requests(request).options(options) : command.options(options).requests(request),
    );
    expect(await landed(what)).toEqual({ [day]: ['23:59'] });
  });

  test('dynamoose creates a purged table again, unless `create` is false', async () => {
    const [purged, other] = ['production.Visits.20261101', 'production.Visits.20261102'];
    const read = (name: string, options: object) =>
      dynamoose.model(name, dynamooseSchema(), options).get({ Visitor: 'ada', At: EVENING });
    await expect(read(other, { create: false, waitForActive: false })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(aws.calls.get('CreateTable')).toBeUndefined();
    expect(
      await read(purged, { waitForActive: { enabled: true, check: { timeout: 5_000, frequency: 1 } } }),
    ).toBe(undefined);
    const dynamodb = new DynamoDBClient({});
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: purged }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    });
    const { Tags } = await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: Table!.TableArn }));
    expect(Tags).toEqual([]);
    dynamodb.destroy();
  });

  test('dynamoose by default ends a process that may not create the table', async () => {
    aws.intercept = (operation) =>
      operation === 'CreateTable' ? { type: 'AccessDeniedException', message: 'not authorized' } : undefined;
    const script = `
      import dynamoose from 'dynamoose';
      const schema = new dynamoose.Schema({ Visitor: { type: String, hashKey: true } });
      const model = dynamoose.model('production.Visits.20261103', schema);
      model.get('ada').catch(() => console.log('caught'));`;
    const args = ['--input-type=module', '-e', script];
    const read = promisify(execFile)(pinnedNode, args, { cwd: project.folder }).finally(() => {
      aws.intercept = undefined;
    });
    const stderr = expect.stringContaining('AccessDeniedException');
    await expect(read).rejects.toMatchObject({ code: 1, stdout: '', stderr });
  });

  const context = {
    getRemainingTimeInMillis: () => 60_000,
    awsRequestId: 'test',
    functionName: 'test',
  } as never;

  test('Powertools runs an event again after midnight with tables of a day', async () => {
    const daily = createResolver({
      environment: 'production',
      tables: [{ TableName: DAILY, RotationScheme: 'daily' }],
    });
    const runs: number[] = [];
    const handle = (event: Visit) =>
      makeIdempotent(async ({ At }: Visit, _: unknown) => void runs.push(At), {
        persistenceStore: new DynamoDBPersistenceLayer({ tableName: daily.current(DAILY) }),
      })(event, context);
    const event = visit('again', now);
    await handle(event);
    await handle(event);
    expect(runs).toEqual([EVENING]);
    now = MORNING;
    await handle(event);
    expect(runs).toEqual([EVENING, EVENING]);
  });

  test('Powertools runs an event once with a table that is never rotated', async () => {
    const { handler } = await load('powertools.ts');
    const { visits } = await import(join(project.application, 'visits.ts'));
    const put = vi.spyOn(visits, 'put');
    const event = visit('once', now);
    await handler(event, context);
    now = MORNING;
    await handler(event, context);
    expect(put).toHaveBeenCalledTimes(1);
    put.mockRestore();
    expect(await landed('once')).toEqual({ 21: ['23:59'] });
  });

  test('a transaction writes to the tables of two days, all or none', async () => {
    const { recordAll } = await load('transactions.ts');
    now = MORNING;
    await recordAll([visit('all', EVENING), visit('all', MORNING)]);
    expect(await landed('all')).toEqual({ 21: ['23:59'], 22: ['00:01'] });
    const invalid = { ...visit('none', MORNING), Page: 7 };
    await expect(recordAll([visit('none', EVENING), invalid])).rejects.toThrow();
    expect(await landed('none')).toEqual({});
  });

  test('a transaction that is repeated after midnight needs the same tables', async () => {
    const { resolver } = await import(join(project.application, 'visits.ts'));
    const made = EVENING;
    const send = (ClientRequestToken: string, TableName: string) => {
      const Put = { TableName, Item: visit(ClientRequestToken, made) };
      return documents.send(new TransactWriteCommand({ ClientRequestToken, TransactItems: [{ Put }] }));
    };
    const repeat = async (token: string, table: () => string) => {
      now = EVENING;
      await send(token, table());
      now = MORNING;
      await send(token, table());
    };
    await repeat('of its instant', () => resolver.tableFor('Visits', made));
    expect(await landed('of its instant')).toEqual({ 21: ['23:59'] });
    await expect(repeat('of now', current)).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
  });

  test('a PartiQL statement names the table of the instant in double quotes', async () => {
    const { record } = await load('partiql.ts');
    const statements: unknown[] = [];
    aws.intercept = (operation, input) => {
      if (operation !== 'ExecuteStatement') return undefined;
      statements.push(input.Statement, input.Parameters);
      return { body: { Items: [] } };
    };
    now = MORNING;
    await record(visit('ada', EVENING)).finally(() => {
      aws.intercept = undefined;
    });
    expect(statements).toEqual([
      `INSERT INTO "production.Visits.20261121" VALUE {'Visitor': ?, 'At': ?, 'Page': ?}`,
      [{ S: 'ada' }, { N: `${EVENING}` }, { S: '/' }],
    ]);
  });
});
