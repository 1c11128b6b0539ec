/** Jobs whose configuration is in S3: handlers on the embedded AWS, with a bucket that keeps versions or does not. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { awsState } from '../../src/aws/state.ts';
import type { Job } from '../../src/core/plan.ts';
import { plannerOf } from '../../src/core/planners.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { handlerOf } from '../../src/handler.ts';
import { JobFailed, type Summary } from '../../src/jobs/run.ts';

const PLACE = 's3://our-config/team';
const DAY = 86_400_000;

const specs = (...names: readonly string[]): string =>
  JSON.stringify(
    names.map((TableName) => ({
      TableName,
      RotationScheme: 'daily',
      PurgeRotation: 2,
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
    })),
  );

let aws: EmbeddedAws;
let now: number;
/** A bucket of its own for each test, because the process remembers what it has read of a bucket. */
let tests = 0;
let place: string;
let bucket: ReturnType<EmbeddedAws['createBucket']>;

beforeEach(async () => {
  now = Date.parse('2026-11-21T00:05:00Z');
  vi.useFakeTimers({ toFake: ['Date'], now });
  // The clock of the test moves by days at once, so that a table that takes time to become ACTIVE would seem to take days.
  aws = await startEmbeddedAws({ now: () => Date.now(), createTableMs: 0, updateTableMs: 0 });
  tests += 1;
  place = PLACE.replace('config', `config-${tests}`);
  for (const [name, value] of Object.entries({
    ...aws.env,
    TURNTABLE_CONFIG: place,
    TURNTABLE_ENVIRONMENT: 'production',
    TURNTABLE_LOG: 'silent',
  }))
    vi.stubEnv(name, value);
  bucket = aws.createBucket(place.split('/')[2]!, 'versioned');
  const client = new DynamoDBClient({});
  await awsState(client, 'production').initialize();
  aws.resetCalls();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  await aws.close();
});

/** Runs a job now. A failed run answers with its summary too. */
async function run(job: Job): Promise<Summary | Error> {
  vi.setSystemTime(now);
  try {
    return await handlerOf(plannerOf(job))({ time: new Date(now).toISOString() });
  } catch (error) {
    return error instanceof JobFailed ? error.summary : (error as Error);
  }
}

const created = (summary: Summary | Error): string[] =>
  'results' in summary ? summary.results.map(({ action }) => `${action.kind} ${action.table}`) : [];

describe('a configuration in S3', () => {
  it('is read again in each run, and only what has changed is sent again', async () => {
    bucket.put('team/tables.json', specs('Events'), now);
    expect(created(await run('rotate'))).toContain('create production.Events.20261121');
    bucket.put('team/tables.json', specs('Events', 'Flags'), now);
    now += DAY / 48;
    expect(created(await run('rotate'))).toContain('create production.Flags.20261121');
  });

  it('is replaced by the last valid one while it is invalid, and the run fails after it has acted', async () => {
    bucket.put('team/tables.json', specs('Events'), now);
    await run('rotate');
    bucket.put('team/tables.json', specs('Events').replace('"daily"', '"dayly"'), now);
    now += DAY;
    const summary = await run('rotate');
    expect(created(summary)).toEqual(['create production.Events.20261123']);
    expect(summary).toMatchObject({
      outcome: 'failed',
      message: expect.stringMatching(
        new RegExp(
          `The configuration in ${place} is invalid, so this run used the one before, which was valid from 2026-11-21 00:05 UTC\\. ${place}/tables\\.json:1:\\d+  \\[0\\]\\.RotationScheme  is "dayly"`,
        ),
      ),
    });
    bucket.put('team/tables.json', specs('Events'), now);
    now += DAY / 48;
    const mended = await run('rotate');
    expect(`${'outcome' in mended && mended.outcome}: ${mended.message}`).toMatch(/^done: /);
  });

  it('is replaced as a whole: the files go back to the versions that were valid together', async () => {
    bucket.put('team/tables.json', specs('Events'), now);
    bucket.put('team/settings.json', JSON.stringify({ Defaults: { PeriodsAhead: 2 } }), now);
    await run('rotate');
    bucket.put('team/tables.json', specs('Events', 'Flags'), now);
    bucket.put('team/settings.json', '{', now);
    now += DAY;
    expect(created(await run('rotate'))).toEqual(['create production.Events.20261124']);
  });

  it('lets the job fail if it is invalid and no valid one was recorded', async () => {
    bucket.put('team/tables.json', '[', now);
    for (const job of ['rotate', 'purge', 'scale'] as const)
      expect(await run(job)).toMatchObject({ name: 'ConfigError' });
    expect([...aws.calls.keys()]).not.toContain('CreateTable');
  });

  it('lets the job fail in a bucket without versions', async () => {
    bucket = aws.createBucket(place.split('/')[2]!);
    bucket.put('team/tables.json', specs('Events'), now);
    await run('rotate');
    bucket.put('team/tables.json', '[', now);
    now += DAY;
    expect(await run('purge')).toMatchObject({ name: 'ConfigError' });
    expect([...aws.calls.keys()]).not.toContain('DeleteTable');
  });

  it('lets the job fail if S3 does not answer, and says which file', async () => {
    bucket.put('team/tables.json', specs('Events'), now);
    await run('rotate');
    aws.intercept = (operation) =>
      operation === 'GetObject'
        ? { type: 'InternalError', message: 'We encountered an internal error.', status: 500 }
        : undefined;
    now += DAY;
    expect(await run('purge')).toMatchObject({
      name: 'ServiceError',
      message: expect.stringMatching(
        new RegExp(`^Could not read ${place}/[a-z]+\\.json: GetObject failed: `),
      ),
    });
  });

  it('deletes nothing of a spec that a new version drops', async () => {
    bucket.put('team/tables.json', specs('Events', 'Flags'), now);
    await run('rotate');
    bucket.put('team/tables.json', specs('Flags'), now);
    for (let days = 0; days < 4; days += 1) {
      now += DAY;
      await run('rotate');
      expect(created(await run('purge')).filter((what) => what.includes('Events'))).toEqual([]);
    }
  });

  it('lets the job fail, not go back to a much older one, if versioning was suspended in between', async () => {
    bucket.put('team/tables.json', specs('Events'), now);
    await run('rotate');
    bucket.versioned = false;
    bucket.put('team/tables.json', specs('Events', 'Flags'), now);
    now += DAY / 48;
    expect(created(await run('rotate'))).toContain('create production.Flags.20261121');
    bucket.put('team/tables.json', '[', now);
    now += DAY;
    expect(await run('purge')).toMatchObject({ name: 'ConfigError' });
  });

  it('is replaced by the last valid one if its tables.json is larger than a file may be', async () => {
    bucket.put('team/tables.json', specs('Events'), now);
    await run('rotate');
    bucket.put('team/tables.json', Buffer.alloc(9 * 1024 * 1024, ' '), now);
    now += DAY;
    const summary = await run('rotate');
    expect(created(summary)).toEqual(['create production.Events.20261123']);
    expect(summary.message).toContain(`${place}/tables.json  is larger than the limit of 4 MB.`);
  });

  it.each(['tables.json', 'settings.json'])(
    'is replaced by the last valid one if %s was deleted',
    async (file) => {
      bucket.put('team/tables.json', specs('Events'), now);
      bucket.put('team/settings.json', JSON.stringify({ Defaults: { Purge: { Enabled: false } } }), now);
      for (const day of [0, 1, 2, 3, 4]) {
        if (day === 4) bucket.delete(`team/${file}`);
        await run('rotate');
        const purged = await run('purge');
        expect(created(purged)).toEqual([]);
        if (day === 4) {
          expect(purged.message).toContain(`${place}/${file}  `);
          expect(purged).toMatchObject({ outcome: 'failed' });
        }
        now += DAY;
      }
      bucket.put(`team/${file}`, file === 'tables.json' ? specs('Events') : '{}', now);
      expect(await run('rotate')).toMatchObject({ outcome: 'done' });
    },
  );

  it.each<[string, () => void, RegExp]>([
    [
      'no longer exists',
      () => {
        aws.intercept = (operation, input) =>
          operation === 'GetObject' && input.VersionId
            ? { type: 'NoSuchVersion', message: 'The specified version does not exist.', status: 404 }
            : undefined;
      },
      /The specified version does not exist/,
    ],
    [
      'is not known, because the state table does not answer',
      () => {
        aws.intercept = (operation) =>
          operation === 'Query' ? { type: 'AccessDeniedException', message: 'No Query.' } : undefined;
      },
      /No Query\./,
    ],
  ])(
    'lets the job fail if the last valid version %s, and says what is wrong with both',
    async (_, breaks, why) => {
      bucket.put('team/tables.json', specs('Events'), now);
      await run('rotate');
      bucket.put('team/tables.json', '[', now);
      now += DAY;
      breaks();
      const error = await run('purge');
      expect(error).toMatchObject({ name: 'ConfigError', message: expect.stringMatching(why) });
      expect(error.message).toContain(`${place}/tables.json:1:`);
      expect(error.message).toContain(`${place}  cannot be replaced by the last valid configuration: `);
    },
  );

  it('is recorded by rotate alone, once for each valid version', async () => {
    const recorded = async (job: Job): Promise<number> => {
      const state = awsState(new DynamoDBClient({}), 'production');
      const before = (await state.validConfig())?.since;
      await run(job);
      return Number((await state.validConfig())?.since !== before);
    };
    bucket.put('team/tables.json', specs('Events'), now);
    expect([await recorded('scale'), await recorded('rotate')]).toEqual([0, 1]);
    now += DAY / 48;
    expect(await recorded('rotate')).toBe(0);
  });

  it('is rejected if the place names no bucket', async () => {
    vi.stubEnv('TURNTABLE_CONFIG', 's3:///team');
    expect(await run('rotate')).toMatchObject({
      name: 'ConfigError',
      message: 's3:///team  must name a bucket, in a form such as s3://bucket/prefix.',
    });
  });
});

it('the SDK of S3 is loaded only for a configuration in S3', async () => {
  const { metafile } = await build({
    entryPoints: ['src/current-config.ts'],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    outdir: 'never-written',
    metafile: true,
    write: false,
  });
  const loaded = (file: string): string[] =>
    metafile.outputs[file]!.imports.filter(({ kind }) => kind === 'import-statement').flatMap((one) =>
      one.external ? one.path : loaded(one.path),
    );
  expect(Object.keys(metafile.inputs)).toContain('src/aws/s3.ts');
  expect(loaded('never-written/current-config.js')).not.toContain('@aws-sdk/client-s3');
});
