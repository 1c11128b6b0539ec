/** A newer version of Turntable, an older one after a rollback, and the newer one again, as bundles on one account. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  DynamoDBClient,
  ListTagsOfResourceCommand,
  paginateScan,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleForNode } from '../support/node-bundle.ts';
import { at, MINUTE } from '../support/specs.ts';
import { done, type Handlers, held, openStage, provisionedSpec, type Stage } from './stage.ts';

let stage: Stage;
let client: DynamoDBClient;
beforeEach(async () => {
  stage = await openStage();
  client = new DynamoDBClient({});
});
afterEach(async () => {
  client.destroy();
  await stage.close();
});

const root = join(import.meta.dirname, '../..');
const dated = (day: number): string => `production.Events.202511${day}`;

/** The handlers as they are deployed, and those of the next version, whose records all have a format one higher. */
async function versions(): Promise<{ older: Handlers; newer: Handlers }> {
  const older = join(stage.folder, 'older.mjs');
  const newer = join(stage.folder, 'newer.mjs');
  const contents = ['rotate', 'purge', 'scale']
    .map((job) => `export { handler as ${job} } from './handlers/${job}.ts';`)
    .join('\n');
  await bundleForNode(older, { stdin: { contents, resolveDir: root } });
  const formats = /var formats = \{[^}]*\}/;
  const text = readFileSync(older, 'utf8');
  expect(text.match(formats)?.[0].match(/: 1\b/g)).toHaveLength(12);
  writeFileSync(
    newer,
    text.replace(formats, (all) => all.replaceAll(/: 1\b/g, ': 2')),
  );
  const load = (file: string): Promise<Handlers> => import(/* @vite-ignore */ pathToFileURL(file).href);
  return { older: await load(older), newer: await load(newer) };
}

interface TableSeen extends Pick<TableDescription, 'TableId' | 'TableStatus' | 'DeletionProtectionEnabled'> {
  readonly read: number;
  readonly write: number;
  readonly tags: unknown;
}

/** Everything in the account that a run could change, by name or key. To the history, each run adds. */
async function world() {
  const tables = new Map<string, TableSeen>();
  for (const name of await stage.names()) {
    const table = (await stage.describe(name))!;
    const { TableId, TableStatus, DeletionProtectionEnabled, ProvisionedThroughput: units } = table;
    const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: table.TableArn }));
    tables.set(name, {
      TableId,
      TableStatus,
      DeletionProtectionEnabled,
      read: units?.ReadCapacityUnits ?? 0,
      write: units?.WriteCapacityUnits ?? 0,
      tags: Tags,
    });
  }
  const records = new Map<string, unknown>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName: 'production.turntable' }))
    for (const item of Items) if (!item.Entry) records.set(`${item.Kind?.S} ${item.Id?.S}`, item);
  return { tables, records };
}

/** Writes to a table in the half hour before an instant. */
function throttled(table: string, until: string): void {
  for (let minute = at(until) - 30 * MINUTE; minute < at(until); minute += MINUTE)
    for (const [metric, rate] of [
      ['ConsumedWriteCapacityUnits', 50],
      ['WriteThrottleEvents', 40],
    ] as const)
      stage.aws.recordMetric({ metric, table, minute, sum: rate * 60 });
}

test('An older version after a newer one creates and raises, changes nothing else, and says what to do', async () => {
  const { older, newer } = await versions();
  stage.configure([provisionedSpec()]);

  stage.deploy(newer);
  const lived = await stage.live('2025-11-21', '2025-11-23');
  throttled(dated(23), '2025-11-23T09:00');
  lived.push(await stage.run('scale', '2025-11-23T09:00'));
  expect(lived.map(({ error }) => error).join('')).toBe('');
  const before = await world();
  expect([...before.records.keys()].sort()).toEqual([
    'history (open) scale',
    'memory (attempts)',
    'memory Events',
    'ownership Events',
    'retention Events',
    'run purge',
    'run rotate',
    'run scale',
    `scheduled-deletion ${dated(21)}`,
  ]);
  for (const [name, record] of before.records) expect(record, name).toMatchObject({ Format: { N: '2' } });

  stage.deploy(older);
  throttled(dated(24), '2025-11-24T03:35');
  const jobs = ['rotate', 'scale', 'purge'] as const;
  const runs = [];
  for (const job of jobs) runs.push(await stage.run(job, '2025-11-24T03:35'));
  for (const { error } of runs)
    expect(error).toMatch(
      /The state table has the .* in format 2, and this version of Turntable knows format 1\. Upgrade Turntable\./,
    );
  expect(runs.map(done)).toEqual([
    [`create ${dated(25)} applied`, `raise ${dated(24)} applied`],
    [`raise ${dated(24)} applied`],
    [],
  ]);
  expect(runs.flatMap(held).join('\n')).toContain(`lower ${dated(23)}: `);
  expect(runs.flatMap(({ holds }) => holds.map(({ reason }) => reason))).toContain('newer-state');
  const after = await world();
  expect(after.records).toEqual(before.records);
  expect([...after.tables.keys()]).toEqual([...before.tables.keys(), dated(25)]);
  for (const [name, { read, write, ...rest }] of before.tables) {
    const { read: readAfter, write: writeAfter, ...restAfter } = after.tables.get(name)!;
    expect(restAfter, name).toEqual(rest);
    expect(readAfter, name).toBeGreaterThanOrEqual(read);
    expect(writeAfter, name)[name === dated(24) ? 'toBeGreaterThan' : 'toBe'](write);
  }

  stage.deploy(newer);
  const back = [];
  for (const job of jobs) back.push(await stage.run(job, '2025-11-24T03:50'));
  expect(back.map(({ error }) => error)).toEqual(['', '', '']);
  // It goes on where it was, with the deletion that it had scheduled.
  expect(back.flatMap(done)).toEqual(
    expect.arrayContaining([`lower ${dated(23)} applied`, `delete ${dated(21)} applied`]),
  );
  for (const [name, record] of (await world()).records)
    expect(record, name).toMatchObject({ Format: { N: '2' } });
});
