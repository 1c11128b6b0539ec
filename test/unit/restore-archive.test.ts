import { describe, expect, it } from 'vitest';
import { viewArchiveRestoration } from '../../src/cli/views/archives.ts';
import { periodAt } from '../../src/core/calendar/period.ts';
import { ServiceError } from '../../src/core/failure.ts';
import { tableOf } from '../../src/core/fleet.ts';
import { loadableInput } from '../../src/core/requests/restore-archive.ts';
import { archivesOfGroup } from '../../src/jobs/archive-list.ts';
import { restoreArchive, surveyArchiveRestoration } from '../../src/jobs/restore-archive.ts';
import type { Ports } from '../../src/ports.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, defaultSettings, HOUR, MINUTE, specOf, units } from '../support/specs.ts';
import { confirmAll, run } from '../support/worlds.ts';

const place = { bucket: 'archive', prefix: 'cold', format: 'DYNAMODB_JSON' } as const;
const spec = specOf({
  properties: {
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    Tags: [{ Key: 'team', Value: 'web' }],
  },
  indexes: { byUser: { full: units(5, 5), outdated: units(1, 1) } },
  settings: {
    purge: { ...defaultSettings.purge, archive: place, archivedIn: place },
  },
});
const config = configOf([spec], spec.settings);
const START = at('2026-11-21');
const OLD = 'production.Events.20261121';
const PERIOD = periodAt('daily', START);

/** The first table is exported with five items and deleted. */
async function archivedWorld(): Promise<World> {
  const world = new World(START);
  await confirmAll(config, world);
  await run('rotate', config, world);
  await world.clock.sleep(MINUTE);
  world.table(OLD).itemCount = 5;
  for (let day = 1; world.find(OLD); day += 1) {
    world.clock.moveTo(START + day * DAY + HOUR);
    await run('rotate', config, world);
    await run('purge', config, world);
    await world.clock.sleep(MINUTE);
  }
  return world;
}

const survey = async (world: World, ports: Ports = world.ports()) => {
  const plan = await surveyArchiveRestoration(config, spec, PERIOD, ports, world.clock.now());
  if ('refusal' in plan) throw new Error(plan.refusal);
  return plan;
};

describe('a restore from an export', () => {
  it('creates the table as the spec says, on-demand, without a stream, and with the keep tag', async () => {
    const world = await archivedWorld();
    const { table, archive } = await survey(world);
    const input = loadableInput(table, archive, world.clock.now());
    expect(input).toMatchObject({
      TableName: OLD,
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      GlobalSecondaryIndexes: [{ IndexName: 'byUser' }],
    });
    const text = JSON.stringify(input);
    expect(text).not.toMatch(/ProvisionedThroughput|StreamSpecification|PointInTimeRecovery/);
    const tags = Object.fromEntries(
      (input.Tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]),
    );
    expect(tags).toMatchObject({
      team: 'web',
      'turntable:spec': 'Events',
      'turntable:keep': `restoring ${archive.exportArn.split('/').at(-1)}`,
    });
  });

  it('loads every item, and says how it ended', async () => {
    const world = await archivedWorld();
    const waited: string[] = [];
    const loaded = await restoreArchive(await survey(world), world.ports(), {
      onWait: (status) => void waited.push(status),
    });
    expect(loaded).toMatchObject({ load: { status: 'COMPLETED', processed: 5, failed: 0 } });
    expect(waited).toEqual(expect.arrayContaining(['CREATING', 'IN_PROGRESS, 0 of 5 items,']));
    expect(world.table(OLD).itemCount).toBe(5);
    expect(world.table(OLD).tags['turntable:keep']).toMatch(/^restored /);
    await expect(survey(world)).rejects.toThrow('already exists (ACTIVE');
  });

  it('counts the items that could not be put', async () => {
    const world = await archivedWorld();
    world.loads.bad = 2;
    const loaded = await restoreArchive(await survey(world), world.ports());
    expect(loaded?.load).toMatchObject({ status: 'COMPLETED_WITH_ERRORS', processed: 5, failed: 2 });
  });

  it('leaves the table if the load FAILED, and the next command starts another load', async () => {
    const world = await archivedWorld();
    world.loads.failure = 'S3NoSuchBucket: The specified bucket does not exist';
    await expect(restoreArchive(await survey(world), world.ports())).rejects.toThrow(
      /\(FAILED: S3NoSuchBucket: The specified bucket does not exist\)\. The table production\.Events\.20261121 stays, with the tag turntable:keep/,
    );
    expect(world.table(OLD).tags['turntable:keep']).toMatch(/^restoring /);
    world.loads.failure = undefined;
    const again = await survey(world);
    expect(again.started).toBe(true);
    expect((await restoreArchive(again, world.ports()))?.load.status).toBe('COMPLETED');
    expect(world.loads.started).toBe(2);
  });

  it('continues the same load after an interruption', async () => {
    const world = await archivedWorld();
    const stop = new AbortController();
    const stopped = await restoreArchive(await survey(world), world.ports(), {
      stop: stop.signal,
      onWait: (status) => status.startsWith('IN_PROGRESS') && stop.abort(),
    });
    expect(stopped).toBeUndefined();
    expect((await restoreArchive(await survey(world), world.ports()))?.load.status).toBe('COMPLETED');
    expect(world.loads.started).toBe(1);
  });

  it('creates one table, even if the answer to CreateTable is lost', async () => {
    const world = await archivedWorld();
    const ports = world.ports();
    let lost = false;
    const tables: Ports['tables'] = {
      ...ports.tables,
      create: async (input) => {
        await ports.tables.create(input);
        if (lost) return;
        lost = true;
        throw new ServiceError('unavailable', 'socket hang up');
      },
    };
    const loaded = await restoreArchive(await survey(world), { ...ports, tables });
    expect(loaded?.load.status).toBe('COMPLETED');
  });

  it('never loads into a table that another tool has created meanwhile', async () => {
    const world = await archivedWorld();
    const plan = await survey(world);
    await world.ports().tables.create({ TableName: OLD });
    await expect(
      restoreArchive(plan, world.ports(), {
        backoff: { retries: 1, firstDelayMs: 1, longestDelayMs: 1 },
      }),
    ).rejects.toThrow('Table already exists');
    expect(world.loads.started).toBe(0);
  });

  it.each([
    ['is created before this command, and described late', true],
    ['takes its place before the load', false],
  ])('never loads into a table of the same name that %s', async (_, before) => {
    const world = await archivedWorld();
    const plan = await survey(world);
    const ports = world.ports();
    const other = { TableName: OLD, Tags: [{ Key: 'turntable:spec', Value: 'Events' }] };
    if (before) await ports.tables.create(other);
    let shown = !before;
    const tables: Ports['tables'] = {
      ...ports.tables,
      create: async (input) => ports.tables.create(before ? input : other),
      describe: async (name) => {
        const state = await ports.tables.describe(name);
        const answer = shown ? state : undefined;
        shown = true;
        return answer;
      },
    };
    const options = { backoff: { retries: 1, firstDelayMs: MINUTE, longestDelayMs: MINUTE } };
    await expect(restoreArchive(plan, { ...ports, tables }, options)).rejects.toThrow(ServiceError);
    expect(world.loads.started).toBe(0);
    expect(world.table(OLD).tags).toEqual({ 'turntable:spec': 'Events' });
  });

  it('restores nothing while S3 does not give the manifest of an export, which might be the newest', async () => {
    const world = await archivedWorld();
    const ports = world.ports();
    const read = () => Promise.reject(new ServiceError('refused', 'not valid for its storage class'));
    const unreadable = { ...ports, archive: { ...ports.archive!, read } };
    await expect(survey(world, unreadable)).rejects.toThrow(
      `${OLD} cannot be restored yet. not valid for its storage class`,
    );
    const found = await archivesOfGroup(config, spec, unreadable, world.clock.now());
    expect(found[0]).toMatchObject({ unread: 'not valid for its storage class' });
    expect(found[0]).not.toHaveProperty('archive');
  });

  it('finds the export by S3 alone after DynamoDB has forgotten it', async () => {
    const world = await archivedWorld();
    await world.clock.sleep(100 * DAY);
    const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${OLD}`;
    expect(await world.ports().exports.list(arn)).toEqual([]);
    const [found] = await archivesOfGroup(config, spec, world.ports(), world.clock.now());
    expect(found).toMatchObject({ table: { name: OLD }, archive: { itemCount: 5 } });
    expect((await restoreArchive(await survey(world), world.ports()))?.load.processed).toBe(5);
  });
});

describe('the preview of a restore from an export', () => {
  const RECOVERY = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };
  const PLAIN = 'The table is on-demand, with the keys, indexes and tags of the spec.';

  it.each<[name: string, own: Parameters<typeof specOf>[0], says: string]>([
    ['nothing else', {}, PLAIN],
    [
      'settings that are off',
      {
        properties: {
          TimeToLive: { AttributeName: 'At', Enabled: false },
          StreamSpecification: { StreamEnabled: false },
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
        },
      },
      PLAIN,
    ],
    [
      'point-in-time recovery',
      { properties: RECOVERY },
      `${PLAIN} These do not come back: point-in-time recovery.`,
    ],
    [
      'everything',
      {
        properties: { ...RECOVERY, TimeToLive: { AttributeName: 'At' } },
        replicas: ['eu-west-1', 'us-east-1'],
        consumers: ['visits'],
        destination: { stream: 'changes' },
      },
      `${PLAIN} These do not come back: time to live, the stream, point-in-time recovery, the replicas in eu-west-1 and us-east-1, the consumer visits, the Kinesis stream destination changes.`,
    ],
  ])('says what a group with %s will lack', (_, own, says) => {
    const table = tableOf(specOf(own), PERIOD, START);
    const archive = {
      exportArn: 'arn:aws:dynamodb:eu-west-1:1:table/t/export/01-a',
      tableArn: '',
      tableId: '',
      exportTime: START,
      itemCount: 1,
      billedBytes: 1,
      format: 'ION',
      bucket: 'archive',
      prefix: '',
    } as const;
    const view = viewArchiveRestoration({ table, archive, usd: 0, started: false }, config.prices, START);
    expect(view.split('\n').at(-1)?.trim()).toBe(says);
  });
});
