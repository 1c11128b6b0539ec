/** Reading deployment.json: what is wrong in it is reported with its place, all at once, and what is missing has a default. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadDeployment, readDeployment } from '../../src/config/deployment.ts';
import { ConfigError } from '../../src/config/problem.ts';

const folder = mkdtempSync(join(tmpdir(), 'turntable-deployment-'));
afterAll(() => rmSync(folder, { recursive: true }));

const written = (value: unknown): string => {
  writeFileSync(
    join(folder, 'deployment.json'),
    typeof value === 'string' ? value : JSON.stringify(value, null, 2),
  );
  return folder;
};

/** The lines that a file is rejected with, without the folder. */
const problemsOf = (value: unknown, environment = 'production'): string[] => {
  try {
    loadDeployment(written(value), environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.replaceAll(`${folder}/`, '').split('\n');
  }
};

describe('the parameters of a stack', () => {
  test('are the defaults if the folder has no deployment.json', () => {
    expect(loadDeployment(join(folder, 'none'), 'production')).toEqual({
      ServiceName: 'turntable',
      AttributeBasedAccessControl: true,
      ReservedConcurrency: true,
      MemorySize: 256,
      Shards: 1,
      LogRetentionInDays: 30,
      RestoreDrills: false,
    });
    expect(readDeployment(join(folder, 'none'))).toEqual({ problems: [], written: false, environments: [] });
  });

  test('are those of the environment over those of Defaults, inside Tags too', () => {
    const file = {
      Defaults: { AlarmEmail: 'all@example.com', MemorySize: '512', Tags: { team: 'data', tier: '1' } },
      Environments: { production: { AlarmEmail: 'ops@example.com', Tags: { tier: '0' } } },
    };
    expect(loadDeployment(written(file), 'production')).toMatchObject({
      AlarmEmail: 'ops@example.com',
      MemorySize: 512,
      Tags: { team: 'data', tier: '0' },
    });
    expect(loadDeployment(written(file), 'staging')).toMatchObject({ AlarmEmail: 'all@example.com' });
  });
});

describe('an invalid deployment.json', () => {
  test('is rejected with file, place, what is wrong and what would be right, all at once', () => {
    const file = {
      Defaults: { AlarmMail: 'ops@example.com', MemorySize: '127' },
      Environments: {
        production: {
          AlarmEmail: 'ops',
          ReservedConcurrency: 'no',
          LogRetentionInDays: 31,
          FailureDestination: 'failed-runs',
          PermissionsBoundary: 'boundary',
          Tags: { 'aws:team': 'a', team: 7 },
        },
        pre_production: {},
      },
    };
    expect(problemsOf(file)).toEqual([
      'deployment.json:3:5  Defaults.AlarmMail  is an unknown key. Did you mean "AlarmEmail"?',
      'deployment.json:4:5  Defaults.MemorySize  is "127", but must be an integer from 128 to 10240.',
      'deployment.json:8:7  Environments.production.AlarmEmail  is "ops", but must be an email address.',
      'deployment.json:9:7  Environments.production.ReservedConcurrency  is "no", but must be true or false, without quotes.',
      'deployment.json:10:7  Environments.production.LogRetentionInDays  is 31, but must be one of the days that CloudWatch Logs accepts: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653.',
      'deployment.json:11:7  Environments.production.FailureDestination  is "failed-runs", but must be the ARN of a standard SQS queue or a standard SNS topic, such as arn:aws:sqs:eu-west-1:123456789012:failed-runs.',
      'deployment.json:12:7  Environments.production.PermissionsBoundary  is "boundary", but must be the ARN of a managed policy, such as arn:aws:iam::123456789012:policy/boundary.',
      'deployment.json:14:9  Environments.production.Tags["aws:team"]  must consist of 1 to 128 letters, digits, spaces or _ . : / = + - @, and must not start with "aws:" or "turntable:".',
      'deployment.json:15:9  Environments.production.Tags.team  is 7, but must be a string.',
      'deployment.json:18:5  Environments.pre_production  must consist of 1 to 64 letters, digits or "-", and must start with a letter.',
    ]);
  });

  test.each([
    [1, true],
    ['16', true],
    ['auto', true],
    [64, true],
    [0, false],
    [65, false],
    ['many', false],
    [true, false],
  ])('accepts as Shards only auto or a number up to 64: %s', (Shards, isRight) => {
    const problem = 'must be "auto" or an integer from 1 to 64';
    expect(problemsOf({ Defaults: { Shards } })).toEqual(isRight ? [] : [expect.stringContaining(problem)]);
    if (isRight)
      expect(loadDeployment(folder, 'production').Shards).toBe(Shards === 'auto' ? 'auto' : Number(Shards));
  });

  test.each([
    ['{ "Defaults": ', /^deployment\.json:1:\d+ /],
    ['[]', 'deployment.json:1:1  is an empty array, but must be an object.'],
    ['{ "Defaults": {}, "Defaults": {} }', / is a duplicate key\. /],
  ])('is rejected if it is not an object of valid JSON: %s', (text, line) => {
    expect(problemsOf(text)).toEqual([typeof line === 'string' ? line : expect.stringMatching(line)]);
  });

  test.each([
    's3://our-config',
    's3://our-config/team/a_b-c.d',
    'our-config/team',
    's3://Our-Config',
    's3://our-config/',
    's3://our-config/team/',
    's3://our-config/te am',
    's3://our-config/team/*',
  ])('accepts only a bucket and a prefix as ConfigBucket and ReportBucket: %s', (place) => {
    const isRight = /^s3:\/\/our-config(\/team\/a_b-c\.d)?$/.test(place);
    for (const key of ['ConfigBucket', 'ReportBucket'])
      expect(problemsOf({ Defaults: { [key]: place } })).toEqual(
        isRight
          ? []
          : [
              expect.stringContaining(
                `is "${place}", but must be a bucket and a prefix, such as s3://bucket/prefix`,
              ),
            ],
      );
  });

  test('is rejected if it lets a deployment count the tables of a configuration in S3', () => {
    const ConfigBucket = 's3://our-config/team';
    const auto = { Shards: 'auto', ConfigBucket };
    const words =
      'is "auto", but with ConfigBucket a deployment does not know the specs. Set a number from 1 to 64.';
    const rejected = (file: object, at: string) =>
      expect(problemsOf(file)).toEqual([expect.stringMatching(`  ${at}  ${words}`)]);
    rejected({ Environments: { production: auto } }, 'Environments.production.Shards');
    rejected({ Defaults: auto, Environments: { production: {} } }, 'Defaults.Shards');
    rejected(
      { Defaults: { Shards: 'auto' }, Environments: { production: { ConfigBucket } } },
      'Defaults.Shards',
    );
    expect(problemsOf({ Defaults: auto, Environments: { production: { Shards: 4 } } })).toHaveLength(1);
    expect(problemsOf({ Defaults: { ConfigBucket }, Environments: { production: { Shards: 4 } } })).toEqual(
      [],
    );
  });

  test('is rejected for a stage that it does not list, but whose name is similar', () => {
    const file = { Environments: { production: { AlarmEmail: 'ops@example.com' } } };
    expect(problemsOf(file, 'prodution')).toEqual([
      'deployment.json:2:3  Environments  does not list prodution, but the similar production. If the name is correct, add it here.',
    ]);
    expect(problemsOf(file, 'staging')).toEqual([]);
  });
});
