/** The example application and its guide, type-checked and run as an installed package on the embedded AWS. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { runJob } from '../../src/jobs/run.ts';
import { awsPorts } from '../../src/runtime.ts';
import { RENEW } from '../support/golden.ts';
import { runHere } from '../support/in-process.ts';
import { typeErrors } from '../support/tsc.ts';
import { applicationErrors, type Consumer, createConsumer, exampleSource } from './consumer.ts';
import { pinnedNode } from './template.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const source = exampleSource;

let project: Consumer;
let consumer: string;
let application: string;
let aws: EmbeddedAws;

/** A project with the package and the SDK installed, in an environment where rotate has run. */
beforeAll(async () => {
  project = await createConsumer();
  ({ folder: consumer, application } = project);

  aws = await startEmbeddedAws({ createTableMs: 1, updateTableMs: 1, deleteTableMs: 1 });
  Object.assign(process.env, aws.env);
  const ports = awsPorts('production');
  await ports.state.initialize();
  const config = loadConfig(join(source, 'config'), 'production');
  const summary = await runJob('rotate', config, ports, Date.now(), { owner: 'test' });
  expect(summary.outcome, summary.message).toBe('done');
});

afterAll(async () => {
  await aws.close();
  for (const name of Object.keys(aws.env)) delete process.env[name];
  rmSync(consumer, { recursive: true, force: true });
});

/** Runs a module of the application's project. Returns its output. */
async function script(text: string): Promise<string> {
  const file = join(application, 'script.ts');
  writeFileSync(file, text);
  const { stdout } = await run(pinnedNode, [file], { cwd: consumer, env: { ...process.env, ...aws.env } });
  return stdout;
}

const generate = (...args: string[]) => runHere(['generate', '--config', join(source, 'config'), ...args]);

describe('the example application', () => {
  // test/slow has TypeScript 6.
  test.each(['nodenext', 'esnext --moduleResolution bundler'])(
    'compiles against the published types, --module %s',
    async (module) => {
      expect(await applicationErrors(project, module, 7)).toEqual([]);
    },
  );

  test('works as CommonJS, and knows the errors of the ES module', async () => {
    const text = `
      const { createResolver } = require('turntable');
      const { createRotatingClient, RotatingError } = require('turntable/client');
      const { DynamoDBDocumentClient } = require('@aws-sdk/lib-dynamodb');
      const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
      const visits = createRotatingClient({
        documents: DynamoDBDocumentClient.from(new DynamoDBClient({})),
        resolver: createResolver({ environment: 'production', tables: require('./config/tables.json') }),
        group: 'Visits', key: ['Visitor', 'At'], timestamp: { attribute: 'At', unit: 'milliseconds' },
      });
      (async () => {
        const client = await import('turntable/client');
        const { ResolverError: Imported } = await import('turntable');
        const error = await visits.put({}).catch((error) => error);
        console.log(error.code, error instanceof RotatingError, error instanceof client.RotatingError);
        console.log(RotatingError.is(error), client.RotatingError.is(error), Imported.is(error));
        const invalid = await visits.get({ Visitor: 'a', At: 1 }).catch((error) => error);
        console.log(invalid.code, invalid instanceof Imported, Imported.is(invalid), RotatingError.is(invalid));
        console.log([undefined, null, 'x', {}, new Error('x')].some((each) => Imported.is(each) || RotatingError.is(each)));
      })();`;
    writeFileSync(join(application, 'script.cjs'), text);
    const env = { ...process.env, ...aws.env };
    const { stdout } = await run(pinnedNode, [join(application, 'script.cjs')], { cwd: consumer, env });
    expect(stdout.trim().split('\n')).toEqual([
      'no-timestamp true false',
      'true true false',
      'seconds false true false',
      'false',
    ]);
  });

  test('writes, reads and counts across tables', async () => {
    const { stdout } = await run(pinnedNode, [join(application, 'main.ts')], {
      cwd: consumer,
      env: { ...process.env, ...aws.env },
    });
    const lines = stdout.replace(/\d{8}/g, 'DAY').trim().split('\n');
    expect(lines).toEqual([
      'Table for now: production.Visits.DAY',
      'Table for yesterday: production.Visits.DAY',
      'ada saw /',
      'ada saw /prices',
      'ada saw yesterday /',
      "Visits by page: { '/': 2, '/prices': 2 }",
      'visitors of /prices: ada, bob',
    ]);
  });

  test('runs with its own tables in `npm run embedded`, also beside the specs of the recipe about streams', async () => {
    const { Tables } = JSON.parse(readFileSync(join(source, 'config/tables.json'), 'utf8'));
    const recipe = readFileSync(join(root, 'docs/recipes/streams.md'), 'utf8');
    const streams = [...recipe.matchAll(/```json\n(.*?)```/gs)].map(([, json = ''], i) => ({
      ...JSON.parse(json),
      TableName: `Stream${i}`,
    }));
    expect(streams).toMatchObject([{ Consumers: [{}] }, { KinesisStreamDestination: {} }]);
    const config = join(consumer, 'config-with-streams');
    mkdirSync(config);
    writeFileSync(join(config, 'tables.json'), JSON.stringify({ Tables: [...Tables, ...streams] }));
    const embedded = (folder: string, ...command: string[]) =>
      run(pinnedNode, [join(root, 'scripts/embedded.ts'), folder, 'staging', ...command], {
        cwd: consumer,
        env: { PATH: process.env.PATH, STAGE: 'staging' },
      });
    const { stdout } = await embedded(config, pinnedNode, join(application, 'main.ts'));
    expect(stdout).toMatch(/^Table for now: staging\.Visits\.\d{8}\n/);
    await expect(embedded('missing', pinnedNode)).rejects.toMatchObject({
      code: 2,
      stderr: 'Error: missing  must be a folder that contains a tables.json.\n',
    });
  });

  test('records visits from a queue, and drops those of purged tables', async () => {
    const now = Date.now();
    const bodies = [
      { Visitor: 'queued', At: now, Page: '/queue' },
      { Visitor: 'queued', At: now - 30 * 86_400_000, Page: '/queue' },
      { Visitor: 'queued', Page: '/queue' },
    ];
    const Records = bodies.map((body, i) => ({ messageId: `${i}`, body: JSON.stringify(body) }));
    const printed = await script(`
      import { handler } from './lambda.ts';
      console.log(JSON.stringify(await handler(${JSON.stringify({ Records })} as never)));`);
    expect(JSON.parse(printed)).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
  });

  test('serves pages with cursors', async () => {
    const printed = await script(`
      import { server } from './server.ts';
      import { visits } from './visits.ts';
      const now = Date.now();
      const day = 86_400_000;
      await visits.batchWrite(Array.from({ length: 45 }, (_, i) => (
        { put: { Visitor: 'v' + i, At: now - i * day / 10, Page: '/served' } })));
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
      const url = 'http://127.0.0.1:' + (server.address() as { port: number }).port + '/?page=/served';
      const pages: number[] = [];
      let cursor: string | undefined;
      do {
        const answer = await fetch(url + (cursor ? '&cursor=' + cursor : ''));
        const page = await answer.json() as { items: unknown[]; cursor?: string };
        pages.push(page.items.length);
        cursor = page.cursor;
      } while (cursor);
      console.log(JSON.stringify([pages, (await fetch(url + '&cursor=nonsense')).status]));
      server.closeAllConnections();
      server.close();`);
    const [pages, status] = JSON.parse(printed) as [number[], number];
    expect(pages.reduce((sum, size) => sum + size)).toBe(45);
    expect(pages.slice(0, 2)).toEqual([20, 20]);
    expect(status).toBe(400);
  });

  test('migrates from a single table to a group without losing an item', async () => {
    const dynamodb = new DynamoDBClient({});
    const { AttributeDefinitions, KeySchema } = JSON.parse(
      readFileSync(join(source, 'config/tables.json'), 'utf8'),
    ).Tables[0].Properties;
    await dynamodb.send(
      new CreateTableCommand({
        TableName: 'visits',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: AttributeDefinitions.slice(0, 2),
        KeySchema,
      }),
    );
    dynamodb.destroy();
    const printed = await script(`
      import { setTimeout as sleep } from 'node:timers/promises';
      import { PutCommand } from '@aws-sdk/lib-dynamodb';
      import { copy, missing, record } from './migration.ts';
      import { documents, visits } from './visits.ts';
      await sleep(100);
      const now = Date.now();
      for (let i = 0; i < 60; i += 1)
        await documents.send(new PutCommand({ TableName: 'visits',
          Item: { Visitor: 'old', At: now - i * 3 * 3_600_000, Page: '/' } }));
      const count = async () => { let n = 0; for await (const _ of missing()) n += 1; return n; };
      await record({ Visitor: 'new', At: now, Page: '/' });
      const before = await count();
      const copied = await copy();
      console.log(JSON.stringify([before > 40, before + 1 === copied, await count(),
        (await visits.get({ Visitor: 'new', At: now }))?.Page]));`);
    expect(JSON.parse(printed)).toEqual([true, true, 0, '/']);
  });
});

describe('turntable generate', () => {
  test('writes the module of the example each time', async () => {
    const committed = readFileSync(join(source, 'tables.ts'), 'utf8');
    expect((await generate()).stdout, RENEW).toBe(committed);
    const file = join(consumer, 'tables.ts');
    const { stdout } = await generate('--out', file);
    expect(stdout).toBe(`Wrote ${file}: 1 group.\n`);
    expect(readFileSync(file, 'utf8')).toBe(committed);
  });

  test('writes TypeScript for --isolatedDeclarations, with what each index projects', async () => {
    const folder = join(consumer, 'unusual');
    mkdirSync(folder);
    const part = (AttributeName: string, KeyType: string) => ({ AttributeName, KeyType });
    const index = (IndexName: string, Projection: object) => ({
      ...{ IndexName, Projection, KeySchema: [part('to', 'HASH'), part('id-1', 'RANGE')] },
    });
    const Properties = {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['id-1', 'to'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [part('id-1', 'HASH')],
      GlobalSecondaryIndexes: [
        index('All', { ProjectionType: 'ALL' }),
        index('Keys.Only', { ProjectionType: 'KEYS_ONLY' }),
        index('Some', { ProjectionType: 'INCLUDE', NonKeyAttributes: ["it's"] }),
      ],
    };
    const Previously = [{ RotationScheme: 'daily', PurgeRotation: 2, Until: '2026-11-30' }];
    const Tables = [
      { TableName: 'a-b.c', RotationScheme: 'weekly', PurgeRotation: -1, Previously, Properties },
      { TableName: '__proto__', RotationScheme: 'none', Properties },
    ];
    writeFileSync(join(folder, 'tables.json'), JSON.stringify({ Tables }));
    for (const [name, ...env] of [['any'], ['one', '--env', 'staging']])
      await runHere(['generate', '--config', folder, '--out', join(folder, `${name}.ts`), ...env]);
    expect(readFileSync(join(folder, 'one.ts'), 'utf8')).toContain(
      `projections: { 'Keys.Only': [], Some: ['it\\'s'] }`,
    );
    const options = '--strict --declaration --emitDeclarationOnly --isolatedDeclarations --module nodenext';
    const files = [...options.split(' '), '--types', 'node', join(folder, 'any.ts'), join(folder, 'one.ts')];
    expect(await typeErrors(files, consumer)).toEqual([]);
  });

  test('writes JavaScript with a resolver for one environment', async () => {
    await generate('--env', 'staging', '--out', join(application, 'tables.mjs'));
    const printed = await script(`
      import { keys, resolver, resolverFor } from './tables.mjs';
      const later = resolverFor('test', { now: () => Date.parse('2031-05-01') });
      console.log(resolver.current('Visits', '2026-11-21'), later.current('Visits'), keys.Visits.indexes.ByPage.join());`);
    expect(printed).toBe('staging.Visits.20261121 test.Visits.20310501 Page,At\n');
  });

  test('writes CommonJS with typed groups', async () => {
    await generate('--env', 'staging', '--out', join(application, 'tables.cjs'));
    const file = join(application, 'uses.cts');
    const uses = (group: string) =>
      `import tables = require('./tables.cjs');
      const now = () => Date.parse('2026-11-21');
      console.log(tables.resolverFor('staging', { now }).current('${group}'));`;
    const compile = (group: string) => {
      writeFileSync(file, uses(group));
      const options = [
        '--allowJs',
        '--checkJs',
        '--strict',
        '--skipLibCheck',
        '--module',
        'nodenext',
        '--types',
        'node',
      ];
      return typeErrors([...options, '--outDir', join(application, 'out'), file], consumer);
    };
    expect(await compile('Visits')).toEqual([]);
    const { stdout } = await run(pinnedNode, [join(application, 'out/uses.cjs')], { cwd: consumer });
    expect(stdout).toBe('staging.Visits.20261121\n');
    expect(await compile('Visit')).toEqual([expect.stringContaining('"Visits"')]);
  });

  test.each([
    ['an unknown extension', 'tables.py', 2, 'has an unknown extension. Use .ts'],
    ['a missing folder', 'missing/tables.ts', 1, 'missing/tables.ts: the folder does not exist.'],
  ])('rejects %s', async (_, file, code, message) => {
    const failure = await generate('--out', join(consumer, file));
    expect(failure).toMatchObject({ code, stderr: expect.stringContaining(message) });
  });
});

describe('turntable resolve', () => {
  const resolve = async (...args: string[]) => {
    const config = ['--config', join(source, 'config'), '--env', 'production', '--at', '2026-11-21T12:00Z'];
    return (await runHere(['resolve', 'Visits', ...args, ...config])).stdout;
  };

  test.each<[string, string[], string]>([
    ['the current table', [], 'production.Visits.20261121\n'],
    ['the next table', ['--next'], 'production.Visits.20261122\n'],
    [
      'a range',
      ['--from', '2026-11-19', '--to', '2026-11-20T00:01'],
      'production.Visits.20261119\nproduction.Visits.20261120\n',
    ],
    [
      'the retained tables up to a day, newest first',
      ['--to', '2026-11-17', '--newest-first'],
      'production.Visits.20261116\nproduction.Visits.20261115\n',
    ],
    [
      'nothing, not even an empty line, for an expired range',
      ['--from', '2020-01-01', '--to', '2020-02-01'],
      '',
    ],
  ])('prints %s', async (_, args, expected) => {
    expect(await resolve(...args)).toBe(expected);
  });

  test('prints JSON with periods', async () => {
    expect(JSON.parse(await resolve('--from', '2026-11-22', '--json'))).toEqual({
      group: 'Visits',
      tables: [
        {
          name: 'production.Visits.20261122',
          start: '2026-11-22T00:00:00.000Z',
          end: '2026-11-23T00:00:00.000Z',
        },
      ],
    });
  });
});

describe('the guide and the recipes', () => {
  const guides = [
    join(root, 'docs/applications.md'),
    ...readdirSync(join(root, 'docs/recipes')).map((file) => join(root, 'docs/recipes', file)),
  ];

  test.each(guides.map((file) => [basename(file), file]))(
    '%s shows only code that these tests run',
    (_, file) => {
      const blocks = [...readFileSync(file, 'utf8').matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)];
      const all = readFileSync(file, 'utf8').split('```ts\n').length - 1;
      expect(blocks.length, 'blocks with a file name in the first line').toBe(all);
      for (const [, name, code = ''] of blocks)
        expect(readFileSync(join(source, name!), 'utf8'), name).toContain(code.trimEnd());
    },
  );
});
