import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/core/failure.ts';
import type { Backup, ScheduledDeletion } from '../../src/core/observed.ts';
import { finalBackupName } from '../../src/core/purging/final-backup.ts';
import { planPurge } from '../../src/core/purging/purge.ts';
import { apply } from '../../src/jobs/apply.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, defaultSettings, HOUR, MINUTE, specOf } from '../support/specs.ts';
import { type Known, observedOf, run, sayDraft, sayResults } from '../support/worlds.ts';

/** Daily, two kept: the 19th's table expired at the beginning of the 21st. */
const NOON = at('2026-11-21T12:00');
const CONDEMNED = NOON - DAY;
const name = (day: number): string => `production.Events.202611${day}`;
const OLD = name(19);
const NAME = `${OLD}.20261120T120000Z`;

const withBackups = (purge: Partial<typeof defaultSettings.purge> = {}) =>
  specOf({ settings: { purge: { ...defaultSettings.purge, finalBackup: true, ...purge } } });

const condemned = (table = OLD, day = 19): ScheduledDeletion => ({
  table,
  createdAt: at(`2026-11-${day}`),
  scheduledAt: CONDEMNED,
});

function plan(
  old: Partial<Known>,
  scheduledDeletions: readonly ScheduledDeletion[] = [condemned()],
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

const made = (own: Partial<Backup> = {}): Partial<Backup> => ({ name: NAME, createdAt: NOON - HOUR, ...own });

describe('a table that is backed up before it goes', () => {
  it('is condemned like any other, and not backed up for that', () => {
    expect(sayDraft(plan({}, []))).toEqual([`schedule-deletion ${OLD} (expired)`]);
  });

  it('is backed up at the second look, which says what that costs', () => {
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
          'Condemned 2026-11-20 12:00 UTC, and still due: backed up before it goes, for about 3.00 USD a month.',
        createdAt: '2026-11-19T00:00:00.000Z',
        backup: NAME,
      },
    ]);
  });

  it('goes once its backup has been seen, and not without it', () => {
    const [action] = plan({ backups: [made()] }).actions;
    expect(action).toMatchObject({
      kind: 'delete',
      table: OLD,
      backup: expect.stringMatching(/backup\/01$/),
      message:
        'Expired 2026-11-21 00:00 UTC, condemned 2026-11-20 12:00 UTC, and still due. Its backup of 2026-11-21 11:00 UTC is available.',
    });
  });

  it.each<[string, Partial<Backup>]>([
    ['was made by hand', { name: 'by-hand' }],
    ['was made for an earlier sentence', { name: `${OLD}.20261112T120000Z` }],
    ['is of an earlier table of the same name', { tableId: 'another' }],
    ['is older than the sentence', { createdAt: CONDEMNED - 1 }],
    ['has been deleted', { status: 'DELETED' }],
  ])('does not go by one that %s', (_, own) => {
    expect(sayDraft(plan({ backups: [made(own)] }))).toEqual([`back-up ${OLD} (final-backup)`]);
  });

  it('waits for one that is being made, and loudly where that takes a day', () => {
    const draft = plan({ backups: [made({ status: 'CREATING', createdAt: NOON - MINUTE })] });
    expect(draft.actions).toEqual([]);
    expect(draft.holds).toEqual([
      {
        kind: 'delete',
        job: 'purge',
        group: 'Events',
        table: OLD,
        reason: 'backup-pending',
        message:
          'Its final backup, asked for 2026-11-21 11:59 UTC, is still being made; it goes once that is available.',
      },
    ]);
    const longAgo = { ...condemned(), scheduledAt: CONDEMNED - DAY };
    const late = made({
      name: finalBackupName(OLD, longAgo.scheduledAt),
      status: 'CREATING',
      createdAt: NOON - DAY - 1,
    });
    expect(plan({ backups: [late] }, [longAgo]).holds).toMatchObject([
      { reason: 'backup-pending', urgent: true },
    ]);
  });

  it('stays where its backups cannot be read', () => {
    expect(sayDraft(plan({ unreadable: ['backups'] }))).toEqual([`[read ${OLD} (unreadable)]`]);
  });

  it('stays where it was used after the backup, though that is longer ago than counts', () => {
    const spec = withBackups({ trafficMs: HOUR });
    const usedAt = (instant: number) => {
      const traffic = { value: [{ read: [], write: [{ at: instant, consumed: 1, throttled: 0 }] }] };
      return sayDraft(
        plan({ backups: [made({ createdAt: NOON - 3 * HOUR })], traffic }, [condemned()], spec),
      );
    };
    expect(usedAt(NOON - 2 * HOUR)).toEqual([`cancel-deletion ${OLD} (held)`, `[delete ${OLD} (in-use)]`]);
    expect(usedAt(NOON - 4 * HOUR)).toEqual([`delete ${OLD} (still-expired)`]);
  });

  it.each<[string, 'read' | 'write', string[]]>([
    [
      'stays where it was written after the backup',
      'write',
      [`cancel-deletion ${OLD} (held)`, `[delete ${OLD} (in-use)]`],
    ],
    ['goes though it was read', 'read', [`delete ${OLD} (still-expired)`]],
  ])('%s, where traffic is not looked at', (_, dimension, expected) => {
    const used = { read: [], write: [], [dimension]: [{ at: NOON - HOUR, consumed: 1, throttled: 0 }] };
    const backups = [made({ createdAt: NOON - 3 * HOUR })];
    const spec = withBackups({ trafficMs: 0 });
    expect(sayDraft(plan({ backups, traffic: { value: [used] } }, [condemned()], spec))).toEqual(expected);
  });

  it('counts towards the caps', () => {
    const spec = withBackups({ maxPerRun: 1 });
    const known = [17, 18, 20, 21, 22].map((day) => ({ name: name(day), spec }));
    const scheduledDeletions = [condemned(name(17), 17), condemned(name(18), 18)];
    const draft = planPurge(configOf([spec], spec.settings), observedOf(known, scheduledDeletions), NOON);
    expect(sayDraft(draft)).toEqual([`back-up ${name(17)} (final-backup)`, `[back-up ${name(18)} (cap)]`]);
  });

  it('is not backed up where so much of the fleet is overdue that nothing goes', () => {
    const spec = withBackups();
    const days = [10, 11, 12, 13];
    const known = [...days, 20, 21, 22].map((day) => ({ name: name(day), spec }));
    const scheduledDeletions = days.map((day) => condemned(name(day), day));
    const draft = planPurge(configOf([spec], spec.settings), observedOf(known, scheduledDeletions), NOON);
    expect(draft.actions).toEqual([]);
    expect(new Set(draft.holds.map(({ reason }) => reason))).toEqual(new Set(['share']));
  });

  it('has a backup whose name DynamoDB takes, however long its own is', () => {
    const long = `production.${'x'.repeat(235)}.20261119`;
    expect(long).toHaveLength(255);
    for (const table of [OLD, long]) {
      expect(finalBackupName(table, NOON)).toMatch(/^[a-zA-Z0-9_.-]{3,255}$/);
      expect(finalBackupName(table, NOON)).toMatch(/\.20261121T120000Z$/);
    }
  });
});

describe('in the simulated world', () => {
  const config = configOf([withBackups()]);

  /** The 21st's table is due, and condemned. */
  async function begun(): Promise<World> {
    const world = new World(NOON);
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

  it('a table goes in three runs: condemned, backed up, deleted', async () => {
    const world = await begun();
    expect(await ofOld(world)).toEqual([`back-up ${name(21)}: applied`]);
    expect(await ofOld(world)).toEqual([]);
    await world.clock.sleep(HOUR);
    expect(await ofOld(world)).toEqual([`delete ${name(21)}: applied`]);
    await world.clock.sleep(HOUR);
    expect(world.names()).not.toContain(name(21));
    expect(await world.ports().backups.list(name(21))).toMatchObject([{ status: 'AVAILABLE' }]);
    expect(await ofOld(world)).toEqual([]);
  });

  it('one that could not be backed up stays, and is tried again', async () => {
    const world = await begun();
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

  it('one backup is made, even where the answer to asking for it was lost', async () => {
    const world = await begun();
    const { plan } = await makePlan(['purge'], config, world.ports(), world.clock.now());
    for (let i = 0; i < 2; i += 1) {
      const results = await apply(plan.actions, world.ports());
      expect(results.map(({ outcome }) => outcome)).toContain('applied');
      await world.clock.sleep(HOUR);
    }
    expect(await world.ports().backups.list(name(21))).toHaveLength(1);
  });

  it('a table whose backup has gone since the plan was made stays', async () => {
    const world = await begun();
    await run('purge', config, world);
    await world.clock.sleep(HOUR);
    const { plan } = await makePlan(['purge'], config, world.ports(), world.clock.now());
    const ports = world.ports();
    const results = await apply(plan.actions, {
      ...ports,
      backups: { ...ports.backups, describe: async () => undefined },
    });
    expect(results.find(({ action }) => action.kind === 'delete')).toMatchObject({
      outcome: 'failed',
      error: expect.stringMatching(/^Its final backup .* is not available any more\. \(refused\)$/),
    });
    expect(world.names()).toContain(name(21));
    expect(world.table(name(21)).describe(world.clock.now()).deletionProtected).toBe(true);
  });

  it('a table that was made anew is neither backed up nor deleted for the old one’s sentence', async () => {
    const world = await begun();
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
      error: expect.stringContaining('the condemned one'),
    });
    expect(await world.ports().backups.list(name(21))).toEqual([]);
  });
});
