import { describe, expect, it } from 'vitest';
import type { Backup, ScheduledDeletion } from '../../src/core/facts.ts';
import { ServiceError } from '../../src/core/failure.ts';
import { finalBackupName } from '../../src/core/purging/final-backup.ts';
import { planPurge } from '../../src/core/purging/purge.ts';
import { apply } from '../../src/jobs/apply.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, defaultSettings, HOUR, MINUTE, specOf } from '../support/specs.ts';
import { confirmAll, type Known, observedOf, run, sayDraft, sayResults } from '../support/worlds.ts';

/** Daily, retaining two: retention of the 19th's table ended when the 21st started. */
const NOON = at('2026-11-21T12:00');
const SCHEDULED_AT = NOON - DAY;
const name = (day: number): string => `production.Events.202611${day}`;
const OLD = name(19);
const NAME = `${OLD}.20261120T120000Z`;

const withBackups = (purge: Partial<typeof defaultSettings.purge> = {}) =>
  specOf({ settings: { purge: { ...defaultSettings.purge, finalBackup: true, ...purge } } });

const scheduled = (table = OLD, day = 19): ScheduledDeletion => ({
  table,
  createdAt: at(`2026-11-${day}`),
  scheduledAt: SCHEDULED_AT,
});

function plan(
  old: Partial<Known>,
  scheduledDeletions: readonly ScheduledDeletion[] = [scheduled()],
  spec = withBackups(),
) {
  const known = [{ name: OLD, ...old }, { name: name(20) }, { name: name(21) }, { name: name(22) }];
  const observed = observedOf(
    known.map((one) => ({ spec, ...one })),
    scheduledDeletions,
  );
  const draft = planPurge(configOf([spec], spec.settings), observed, NOON);
  expect(draft.needs).toEqual([]);
  return draft;
}

const backup = (own: Partial<Backup> = {}): Partial<Backup> => ({
  name: NAME,
  createdAt: NOON - HOUR,
  ...own,
});

describe('with Purge.FinalBackup, purge', () => {
  it('schedules the deletion without a backup', () => {
    expect(sayDraft(plan({}, []))).toEqual([`schedule-deletion ${OLD} (expired)`]);
  });

  it('requests the backup after the waiting period, and says what it costs', () => {
    const draft = plan({ state: { sizeBytes: 30 * 2 ** 30 } });
    expect(draft.holds).toEqual([]);
    expect(draft.actions).toEqual([
      {
        kind: 'back-up',
        job: 'purge',
        group: 'Events',
        table: OLD,
        reason: 'final-backup',
        message:
          'The deletion was scheduled at 2026-11-20 12:00 UTC and the waiting period has ended. The final backup costs about USD 3.00 per month. The table is deleted after the backup is AVAILABLE.',
        createdAt: '2026-11-19T00:00:00.000Z',
        backup: NAME,
      },
    ]);
  });

  it('deletes a table only after its final backup is AVAILABLE', () => {
    const [action] = plan({ backups: [backup()] }).actions;
    expect(action).toMatchObject({
      kind: 'delete',
      table: OLD,
      backup: expect.stringMatching(/backup\/01$/),
      message:
        'Retention ended at 2026-11-21 00:00 UTC. The deletion was scheduled at 2026-11-20 12:00 UTC and the waiting period has ended. The final backup of 2026-11-21 11:00 UTC is AVAILABLE.',
    });
  });

  it.each<[string, Partial<Backup>]>([
    ['was created by hand', { name: 'by-hand' }],
    ['was created for an earlier scheduled deletion', { name: `${OLD}.20261112T120000Z` }],
    ['is of an earlier table of the same name', { tableId: 'another' }],
    ['is older than the scheduled deletion', { createdAt: SCHEDULED_AT - 1 }],
    ['has been deleted', { status: 'DELETED' }],
  ])('requests a new backup if the existing one %s', (_, own) => {
    expect(sayDraft(plan({ backups: [backup(own)] }))).toEqual([`back-up ${OLD} (final-backup)`]);
  });

  it('accepts a backup that was requested in the millisecond of scheduling', () => {
    const draft = plan({ backups: [backup({ createdAt: SCHEDULED_AT })] });
    expect(sayDraft(draft)).toEqual([`delete ${OLD} (still-expired)`]);
  });

  it('accepts a backup that is AVAILABLE although another one is CREATING', () => {
    const backups = [backup({ status: 'CREATING' }), backup()];
    expect(sayDraft(plan({ backups }))).toEqual([`delete ${OLD} (still-expired)`]);
  });

  it('waits for a day without failing the run', () => {
    const longAgo = { ...scheduled(), scheduledAt: SCHEDULED_AT - DAY };
    const name = finalBackupName(OLD, longAgo.scheduledAt);
    const day = backup({ name, status: 'CREATING', createdAt: NOON - DAY });
    expect(plan({ backups: [day] }, [longAgo]).holds[0]).not.toHaveProperty('urgent');
  });

  it('waits for a backup that is CREATING, and fails the run after a day', () => {
    const draft = plan({ backups: [backup({ status: 'CREATING', createdAt: NOON - MINUTE })] });
    expect(draft.actions).toEqual([]);
    expect(draft.holds).toEqual([
      {
        kind: 'delete',
        job: 'purge',
        group: 'Events',
        table: OLD,
        reason: 'backup-pending',
        message:
          'The final backup requested at 2026-11-21 11:59 UTC is still CREATING. The table is deleted after the backup is AVAILABLE.',
      },
    ]);
    const longAgo = { ...scheduled(), scheduledAt: SCHEDULED_AT - DAY };
    const late = backup({
      name: finalBackupName(OLD, longAgo.scheduledAt),
      status: 'CREATING',
      createdAt: NOON - DAY - 1,
    });
    expect(plan({ backups: [late] }, [longAgo]).holds).toMatchObject([
      { reason: 'backup-pending', urgent: true },
    ]);
  });

  it('holds the deletion if the backups cannot be read', () => {
    expect(sayDraft(plan({ unreadable: ['backups'] }))).toEqual([`[read ${OLD} (unreadable)]`]);
  });

  it('holds the deletion if the table was written after the backup, even before TrafficHours', () => {
    const spec = withBackups({ trafficMs: HOUR });
    const usedAt = (instant: number) => {
      const traffic = { value: [{ read: [], write: [{ at: instant, consumed: 1, throttled: 0 }] }] };
      return sayDraft(
        plan({ backups: [backup({ createdAt: NOON - 3 * HOUR })], traffic }, [scheduled()], spec),
      );
    };
    expect(usedAt(NOON - 2 * HOUR)).toEqual([`cancel-deletion ${OLD} (held)`, `[delete ${OLD} (in-use)]`]);
    expect(usedAt(NOON - 4 * HOUR)).toEqual([`delete ${OLD} (still-expired)`]);
  });

  it.each([
    [MINUTE, [`cancel-deletion ${OLD} (held)`, `[delete ${OLD} (in-use)]`]],
    [MINUTE + 1, [`delete ${OLD} (still-expired)`]],
  ])('counts a write that the backup might lack, %i ms before its request', (beforeMs, expected) => {
    const requestedAt = NOON - 3 * HOUR;
    const write = [{ at: requestedAt - beforeMs, consumed: 1, throttled: 0 }];
    const known = {
      backups: [backup({ createdAt: requestedAt })],
      traffic: { value: [{ read: [], write }] },
    };
    for (const trafficMs of [0, HOUR])
      expect(sayDraft(plan(known, [scheduled()], withBackups({ trafficMs })))).toEqual(expected);
  });

  it.each<[string, 'read' | 'write', string[]]>([
    [
      'holds the deletion if the table was written after the backup',
      'write',
      [`cancel-deletion ${OLD} (held)`, `[delete ${OLD} (in-use)]`],
    ],
    ['deletes the table even if it was read', 'read', [`delete ${OLD} (still-expired)`]],
  ])('%s, with TrafficHours 0', (_, dimension, expected) => {
    const used = { read: [], write: [], [dimension]: [{ at: NOON - HOUR, consumed: 1, throttled: 0 }] };
    const backups = [backup({ createdAt: NOON - 3 * HOUR })];
    const spec = withBackups({ trafficMs: 0 });
    expect(sayDraft(plan({ backups, traffic: { value: [used] } }, [scheduled()], spec))).toEqual(expected);
  });

  it('counts backups towards MaxPerRun', () => {
    const spec = withBackups({ maxPerRun: 1 });
    const known = [17, 18, 20, 21, 22].map((day) => ({ name: name(day), spec }));
    const scheduledDeletions = [scheduled(name(17), 17), scheduled(name(18), 18)];
    const draft = planPurge(configOf([spec], spec.settings), observedOf(known, scheduledDeletions), NOON);
    expect(sayDraft(draft)).toEqual([`back-up ${name(17)} (final-backup)`, `[back-up ${name(18)} (cap)]`]);
  });

  it('gives the backup a name that DynamoDB accepts, however long the table name is', () => {
    const long = `production.${'x'.repeat(235)}.20261119`;
    expect(long).toHaveLength(255);
    for (const table of [OLD, long]) {
      expect(finalBackupName(table, NOON)).toMatch(/^[a-zA-Z0-9_.-]{3,255}$/);
      expect(finalBackupName(table, NOON)).toMatch(/\.20261121T120000Z$/);
    }
  });
});

describe('in the simulated world, purge', () => {
  const config = configOf([withBackups()]);

  /** The 21st's table is due, its deletion is scheduled, and the waiting period has ended. */
  async function waited(): Promise<World> {
    const world = new World(NOON);
    await confirmAll(config, world);
    for (let day = 0; day < 3; day += 1) {
      world.clock.moveTo(NOON + day * DAY);
      await run('rotate', config, world);
    }
    await run('purge', config, world);
    world.clock.moveTo(world.clock.now() + 12 * HOUR);
    await run('rotate', config, world);
    return world;
  }

  const ofOld = async (world: World, now = world.clock.now()) =>
    sayResults(await run('purge', config, world, now)).filter((line) => line.includes(name(21)));

  it('schedules, backs up and deletes a table in three runs', async () => {
    const world = await waited();
    expect(await ofOld(world)).toEqual([`back-up ${name(21)}: applied`]);
    expect(await ofOld(world)).toEqual([]);
    await world.clock.sleep(HOUR);
    expect(await ofOld(world)).toEqual([`delete ${name(21)}: applied`]);
    await world.clock.sleep(HOUR);
    expect(world.names()).not.toContain(name(21));
    expect(await world.ports().backups.list(name(21))).toMatchObject([{ status: 'AVAILABLE' }]);
    expect(await ofOld(world)).toEqual([]);
  });

  it('does not delete a table whose backup failed, and retries the backup', async () => {
    const world = await waited();
    world.onCall = (operation) => {
      if (operation === 'CreateBackup') throw new ServiceError('access-denied', 'Not today.');
    };
    const failed = await run('purge', config, world);
    expect(failed.outcome).toBe('failed');
    expect(sayResults(failed)).toContain(`back-up ${name(21)}: failed`);
    world.onCall = () => {};
    expect(await ofOld(world)).toEqual([`back-up ${name(21)}: applied`]);
    expect(world.names()).toContain(name(21));
  });

  it.each<[string, Partial<Backup>, number]>([
    ['is CREATING', { status: 'CREATING' }, 0],
    ['is AVAILABLE', {}, 0],
    ['was deleted', { status: 'DELETED' }, 1],
    ['is of an earlier table of the same name', { tableId: 'another' }, 1],
    ['is for an earlier scheduled deletion', { name: 'by-hand' }, 1],
  ])('if a backup exists that %s, requests the right number of others', async (_, own, count) => {
    const world = await waited();
    const ports = world.ports();
    const { plan } = await makePlan(['purge'], config, ports, world.clock.now());
    const [action] = plan.actions.flatMap((each) => (each.kind === 'back-up' ? [each] : []));
    const { id } = (await ports.tables.describe(name(21)))!;
    const present = { ...backup({ name: action!.backup, tableId: id }), status: 'AVAILABLE', ...own };
    const created: string[] = [];
    const backups = {
      ...ports.backups,
      list: async () => [present as Backup],
      create: async (table: string) => void created.push(table),
    };
    expect((await apply([action!], { ...ports, backups })).map(({ outcome }) => outcome)).toEqual([
      'applied',
    ]);
    expect(created).toHaveLength(count);
  });

  it('creates a single backup, even if the response to the request is lost', async () => {
    const world = await waited();
    const { plan } = await makePlan(['purge'], config, world.ports(), world.clock.now());
    for (let i = 0; i < 2; i += 1) {
      const results = await apply(plan.actions, world.ports());
      expect(results.map(({ outcome }) => outcome)).toContain('applied');
      await world.clock.sleep(HOUR);
    }
    expect(await world.ports().backups.list(name(21))).toHaveLength(1);
  });

  it.each<[string, (found: Backup) => Backup | undefined]>([
    ['was deleted', () => undefined],
    ['is DELETED', (found) => ({ ...found, status: 'DELETED' })],
    ['is CREATING again', (found) => ({ ...found, status: 'CREATING' })],
    ['turns out to be of an earlier table', (found) => ({ ...found, tableId: 'another' })],
  ])('does not delete a table whose backup %s after planning', async (_, changed) => {
    const world = await waited();
    await run('purge', config, world);
    await world.clock.sleep(HOUR);
    const { plan } = await makePlan(['purge'], config, world.ports(), world.clock.now());
    const ports = world.ports();
    const describeBackup = async (arn: string) => changed((await ports.backups.describe(arn))!);
    const results = await apply(plan.actions, {
      ...ports,
      backups: { ...ports.backups, describe: describeBackup },
    });
    expect(results.find(({ action }) => action.kind === 'delete')).toMatchObject({
      outcome: 'failed',
      error: expect.stringMatching(/^The final backup .* is no longer AVAILABLE\. \(refused\)$/),
    });
    expect(world.names()).toContain(name(21));
    expect(world.table(name(21)).describe(world.clock.now()).deletionProtected).toBe(true);
  });

  it('neither backs up nor deletes a table that was recreated after its deletion was scheduled', async () => {
    const world = await waited();
    const { plan } = await makePlan(['purge'], config, world.ports(), world.clock.now());
    const { input } = world.table(name(21));
    await world.ports().tables.protect(name(21), false);
    await world.clock.sleep(MINUTE);
    await world.ports().tables.remove(name(21));
    await world.clock.sleep(MINUTE);
    await world.ports().tables.create(input);
    await world.clock.sleep(MINUTE);
    const results = await apply(plan.actions, world.ports());
    expect(results.find(({ action }) => action.kind === 'back-up')).toMatchObject({
      outcome: 'failed',
      error: expect.stringContaining('the deletion was scheduled for one created at'),
    });
    expect(await world.ports().backups.list(name(21))).toEqual([]);
  });
});
