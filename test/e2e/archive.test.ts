/** `turntable archive list` and `turntable restore --from archive` find what purge has exported to S3 and deleted. */
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  DynamoDBClient,
  GetItemCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bucket } from '../../src/embedded/s3.ts';
import { done, held, openStage, type Stage, spec, tables } from '../incidents/stage.ts';

/** Daily, retaining two: the 20th's table is due from the 22nd on. */
const [OLD, NEXT] = tables('production.Events', '20251120', '20251121') as [string, string];
const SETTINGS = {
  Environments: { production: { Purge: { Archive: { Bucket: 'our-archive', Prefix: 'cold' } } } },
};
/** A spec with a stream and time to live, which no export restores. */
const archived = () => {
  const { Properties, ...rest } = spec();
  return {
    ...rest,
    Properties: {
      ...Properties,
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
      TimeToLive: { AttributeName: 'ExpiresAt' },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      Tags: [{ Key: 'Team', Value: 'web' }],
    },
  };
};

const ITEM = { Key: { S: 'one' }, Value: { M: { Words: { SS: ['a', 'b'] } } } };

let stage: Stage;
let client: DynamoDBClient;
let bucket: Bucket;

const itemOf = async (TableName: string) =>
  (await client.send(new GetItemCommand({ TableName, Key: { Key: ITEM.Key } }))).Item;
const tagsOf = async (name: string): Promise<Record<string, string>> => {
  const { TableArn } = (await stage.describe(name)) ?? {};
  const { Tags = [] } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: TableArn }));
  return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
};

const day = async (date: string) => {
  await stage.run('rotate', `${date}T03:35`);
  return stage.run('purge', `${date}T03:35`);
};
const about = (lines: readonly string[], table = OLD) => lines.filter((line) => line.includes(table));
const restore = (period: string, ...args: string[]) =>
  stage.cli('restore', 'Events', '--period', period, '--from', 'archive', ...args);
const list = (...args: string[]) => stage.cli('archive', 'list', 'Events', ...args);

/** Two tables with an item each are exported to S3 and deleted. */
beforeAll(async () => {
  stage = await openStage();
  stage.configure([archived()], SETTINGS);
  client = new DynamoDBClient({});
  bucket = stage.aws.createBucket('our-archive');
  await stage.run('rotate', '2025-11-20T03:35');
  await stage.run('rotate', '2025-11-20T04:05');
  for (const TableName of [OLD, NEXT]) await client.send(new PutItemCommand({ TableName, Item: ITEM }));
  await stage.live('2025-11-21', '2025-11-22');
  stage.at('2025-11-23T03:35');
  const { stdout } = await stage.cli('plan', '--at', '2025-11-23T03:35');
  expect(stdout).toContain(`The export to s3://our-archive/cold/${OLD}/ costs about USD 0.00 once`);
  expect(stdout).toContain('1 to export to S3');
  expect(about(done(await day('2025-11-23')))).toEqual([`archive ${OLD} applied`]);
  expect(about(done(await day('2025-11-24')))).toEqual([`delete ${OLD} applied`]);
  expect(about(done(await day('2025-11-25')), NEXT)).toEqual([`delete ${NEXT} applied`]);
  expect(await stage.names()).not.toContain(OLD);
});
afterAll(async () => {
  client?.destroy();
  await stage?.close();
});

describe('archive list', () => {
  test('shows the exports of deleted tables by S3 alone, because DynamoDB forgets them after 90 days', async () => {
    stage.aws.resetCalls();
    const { code, stdout } = await list();
    expect(code).toBe(0);
    expect(stdout).toContain('production.Events: 3 exports\n');
    expect(stdout).toMatch(/20251120\s+2025-11-23 03:35 UTC\s+1\s+\d+ B\s+DYNAMODB_JSON/);
    expect(stdout).toMatch(new RegExp(`s3://our-archive/cold/${OLD}/AWSDynamoDB/\\d{14}-[0-9a-f]{8}/`));
    expect([...stage.aws.calls.keys()].sort()).toEqual(['GetObject', 'ListObjectsV2']);
    expect(JSON.parse((await list('--json')).stdout)[0]).toMatchObject({
      table: OLD,
      group: 'Events',
      complete: true,
      itemCount: 1,
      format: 'DYNAMODB_JSON',
    });
  });

  test('shows an export without a manifest as incomplete, which nothing restores', async () => {
    const key = 'cold/production.Events.20250101/AWSDynamoDB/01-a/_started';
    bucket.put(key, '', 0);
    const { stdout } = await list();
    expect(stdout).toContain('4 exports, 3 of them complete');
    expect(stdout).toMatch(/20250101\s+incomplete/);
    expect((await restore('20250101', '--yes')).stderr).toContain('has no complete export of it');
    bucket.delete(key);
  });

  test('says that a group has no exports, or no bucket for them', async () => {
    stage.configure([archived(), { ...archived(), TableName: 'Others' }], {
      Defaults: { Tables: { Events: { Purge: SETTINGS.Environments.production.Purge } } },
    });
    const { code, stderr } = await stage.cli('archive', 'list', 'Others');
    expect([code, stderr]).toEqual([
      1,
      'Error: The settings of Others have no Purge.Archive with a Bucket, so it is unknown where its exports are.\n',
    ]);
    stage.configure([archived(), { ...archived(), TableName: 'Others' }], SETTINGS);
    expect((await stage.cli('archive', 'list', 'Others')).stdout).toContain(
      'production.Others: S3 has no export of its tables.',
    );
    stage.configure([archived()], SETTINGS);
  });
});

describe('drill', () => {
  test('restores the newest export although a backup is newer, and the backup in the next drill', async () => {
    const drill = async () =>
      JSON.parse((await stage.cli('drill', 'Events', '--yes', '--json')).stdout).drill;
    expect((await drill()).message).toMatch(/^Restored the export \S+ of production\.Events\.20251122 /);
    expect((await drill()).message).toContain(`Restored the backup ${NEXT}$DeletedTableBackup of ${NEXT} `);
  });
});

describe('restore --from archive', () => {
  test('shows the restore, and changes nothing without --yes', async () => {
    const { code, stdout } = await restore('20251120');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /\+ production\.Events\.20251120 will be created, and loaded from its newest export:/,
    );
    expect(stdout).toContain('2025-11-23 03:35 UTC, 2 days ago');
    expect(stdout).toContain('less than USD 0.01 once (USD 0.15 per GB), then the cost of the table');
    expect(stdout).toContain('These do not come back: time to live, the stream, point-in-time recovery.');
    expect(stdout).toContain(
      'turntable restore Events --period 20251120 --from archive --env production --yes',
    );
    expect(await stage.names()).not.toContain(OLD);
  });

  test('creates a managed and protected table with every item, which purge never deletes', async () => {
    const { code, stdout, stderr } = await restore('20251120', '--yes');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Restored ${OLD}: 1 of 1 item.`);
    expect(await itemOf(OLD)).toEqual(ITEM);
    const state = await stage.describe(OLD);
    expect(state).toMatchObject({
      TableStatus: 'ACTIVE',
      DeletionProtectionEnabled: true,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    });
    expect(state?.StreamSpecification).toBeUndefined();
    expect(await tagsOf(OLD)).toEqual({
      Team: 'web',
      'turntable:environment': 'production',
      'turntable:spec': 'Events',
      'turntable:scheme': 'daily',
      'turntable:period': '2025-11-20T00:00:00.000Z',
      'turntable:created-at': expect.stringMatching(/^2025-11-25T03:35:/),
      'turntable:keep': expect.stringMatching(/^restored 2025-11-25T/),
    });
    const { stdout: told } = await stage.cli('history', '--kind', 'command');
    expect(told).toMatch(/Restored 1 item of production\.Events\.20251120 from the export\s+s3:/);
    const purge = await day('2025-11-26');
    expect(about(done(purge))).toEqual([]);
    expect(about(held(purge))).toEqual([
      expect.stringContaining('but the tag turntable:keep retains the table.'),
    ]);
    expect((await restore('20251120', '--yes')).stderr).toContain('Restore never overwrites a table.');
  });

  test('continues a restore that failed before the load, and loads the other items if one is bad', async () => {
    const [data = ''] = bucket.keys().filter((key) => key.includes(NEXT) && key.includes('/data/'));
    const bad = { Item: { Other: { S: 'no key' } } };
    bucket.put(`${data}.2.json.gz`, gzipSync(`${JSON.stringify(bad)}\n`), 0);
    const message = 'not authorized to perform: dynamodb:StartBulkPutItems';
    stage.aws.intercept = (operation) =>
      operation === 'StartBulkPutItems' ? { type: 'AccessDeniedException', message } : undefined;
    expect((await restore('20251121', '--yes')).stderr).toContain(message);
    stage.aws.intercept = undefined;
    expect((await tagsOf(NEXT))['turntable:keep']).toMatch(/^restoring \d{14}-/);
    expect((await restore('20251121')).stdout).toContain(
      'was created from this export, and its items are not all loaded:',
    );
    stage.aws.resetCalls();
    const { code, stdout } = await restore('20251121', '--yes');
    expect(stage.aws.calls.get('CreateTable')).toBeUndefined();
    expect(code).toBe(1);
    expect(stdout).toContain(
      '! DynamoDB could not put 1 item. What they are and why: s3://our-archive/cold/',
    );
    // The AWS CLI streams to "-" only without --recursive.
    expect(stdout).toMatch(
      new RegExp(`^  aws s3 cp --recursive s3://our-archive/cold/${NEXT}/restore/[\\w-]+/ bad-items/$`, 'm'),
    );
    expect(await itemOf(NEXT)).toEqual(ITEM);
    const report = bucket.keys().find((key) => key.includes('/restore/'));
    expect(bucket.get(report ?? '').body.toString()).toContain('The key attribute Key of type S is missing');
    expect((await tagsOf(NEXT))['turntable:keep']).toMatch(/^restored /);
  });

  test('fails if objects of the export are gone, although DynamoDB loads the others', async () => {
    const manifest = bucket.keys().find((key) => /20251122\/.*\/manifest-summary\.json$/.test(key)) ?? '';
    const summary = JSON.parse(bucket.get(manifest).body.toString()) as object;
    bucket.put(manifest, JSON.stringify({ ...summary, itemCount: 5 }), 0);
    const { code, stdout } = await restore('20251122', '--yes');
    expect(stdout).toContain('The load has 0 items, and the manifest of the export has 5.');
    expect(code).toBe(1);
  });
});

test('finds exports after archiving was turned off, and purge then deletes without one', async () => {
  const { Archive } = SETTINGS.Environments.production.Purge;
  const off = { Purge: { Archive: { ...Archive, Enabled: false } } };
  stage.configure([archived()], { Environments: { production: off } });
  const { code, stdout } = await list();
  expect([code, stdout]).toEqual([0, expect.stringContaining('production.Events: 4 exports\n')]);
  const due = tables('production.Events', '20251123', '20251124');
  const purge = await day('2025-11-27');
  expect(done(purge)).toEqual(expect.arrayContaining(due.map((name) => `delete ${name} applied`)));
  expect(done(purge).filter((line) => line.startsWith('archive '))).toEqual([]);
  expect((await restore('20251123')).stdout).toContain('will be created, and loaded from its newest export:');
  expect((await restore('20251124')).stderr).toContain('has no complete export of it');
});

test('restores every type of value from an export as Amazon Ion', async () => {
  const { Archive } = SETTINGS.Environments.production.Purge;
  const ion = { Purge: { Archive: { ...Archive, Prefix: 'ion', Format: 'ION' } } };
  const item = {
    Key: { S: 'a "quoted"\nkey' },
    Numbers: {
      L: [{ N: '103' }, { N: '2000' }, { N: '-1.5' }, { N: '12345678901234567890123456789012345678' }],
    },
    Sets: { M: { 'of texts': { SS: ['a', 'b'] }, numbers: { NS: ['1', '2.5'] } } },
    More: { L: [{ B: new Uint8Array([1, 2, 255]) }, { BOOL: false }, { NULL: true }, { M: {} }, { L: [] }] },
  };
  stage.configure([archived()], { Environments: { production: ion } });
  const [table = ''] = tables('production.Events', '20251128');
  await client.send(new PutItemCommand({ TableName: table, Item: item }));
  for (const date of ['2025-11-29', '2025-11-30', '2025-12-01', '2025-12-02']) await day(date);
  expect(await stage.names()).not.toContain(table);
  const [data = ''] = bucket.keys().filter((key) => key.startsWith(`ion/${table}/`) && key.endsWith('.gz'));
  expect(data).toMatch(/\.ion\.gz$/);
  expect(gunzipSync(bucket.get(data).body).toString()).toMatch(/^\$ion_1_0 \{Item:\{.*\}\}\n$/);
  expect((await list()).stdout).toMatch(/20251128\s+\S+ \S+ UTC\s+1\s+\d+ B\s+ION/);
  const { code, stdout } = await restore('20251128', '--yes');
  expect([code, stdout]).toEqual([0, expect.stringContaining(`Restored ${table}: 1 of 1 item.`)]);
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: { Key: item.Key } }));
  expect(Item).toEqual(item);
});

test('does not delay the deletion of the exported table by a drill', async () => {
  const [table = ''] = tables('production.Events', '20251202');
  await client.send(new PutItemCommand({ TableName: table, Item: ITEM }));
  for (const date of ['2025-12-03', '2025-12-04', '2025-12-05']) await day(date);
  const { drill } = JSON.parse((await stage.cli('drill', 'Events', '--yes', '--json')).stdout);
  expect(drill.message).toContain(
    `It has 1 item, and the export says 1. No items were compared with ${table}, because its deletion is scheduled.`,
  );
  expect(about(done(await day('2025-12-06')), table)).toEqual([`delete ${table} applied`]);
});
