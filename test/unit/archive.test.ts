import { describe, expect, it } from 'vitest';
import type { ArchivedExport, ScheduledDeletion } from '../../src/core/facts.ts';
import { ServiceError } from '../../src/core/failure.ts';
import { planPurge } from '../../src/core/purging/purge.ts';
import { apply } from '../../src/jobs/apply.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import type { Ports } from '../../src/ports.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, defaultSettings, HOUR, MINUTE, specOf } from '../support/specs.ts';
import { confirmAll, type Known, observedOf, run, sayDraft, sayResults } from '../support/worlds.ts';

/** Daily, retaining two: retention of the 19th's table ended when the 21st started. */
const NOON = at('2026-11-21T12:00');
const SCHEDULED_AT = NOON - DAY;
const name = (day: number): string => `production.Events.202611${day}`;
const OLD = name(19);
/** ClientToken of the first export. */
const token = (attempt = 1, scheduled = '20261120T120000Z') =>
  `id of ${OLD}.20261119T000000Z.${scheduled}.${attempt}`;

const archiving = (
  archive: Partial<NonNullable<typeof defaultSettings.purge.archive>> = {},
  purge: Partial<typeof defaultSettings.purge> = {},
) =>
  specOf({
    properties: { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
    settings: {
      purge: {
        ...defaultSettings.purge,
        archive: { bucket: 'archive', format: 'DYNAMODB_JSON', ...archive },
        ...purge,
      },
    },
  });

const scheduled = (own: Partial<ScheduledDeletion> = {}): ScheduledDeletion => ({
  table: OLD,
  createdAt: at('2026-11-19'),
  scheduledAt: SCHEDULED_AT,
  ...own,
});

function plan(
  old: Partial<Known>,
  scheduledDeletions: readonly ScheduledDeletion[] = [scheduled()],
  spec = archiving(),
) {
  const known = [{ name: OLD, ...old }, { name: name(20) }, { name: name(21) }, { name: name(22) }];
  const observed = observedOf(
    known.map((one) => ({ spec, recovery: { enabled: true }, ...one })),
    scheduledDeletions,
  );
  const draft = planPurge(configOf([spec], spec.settings), observed, NOON);
  expect(draft.needs).toEqual([]);
  return draft;
}

const ARN = `arn:aws:dynamodb:us-east-1:000000000000:table/${OLD}/export/01`;

/** A manifest of the export, with as many items as the table by default. */
const manifest = (own: Partial<ReturnType<typeof manifestOf>> = {}) => ({
  value: { ...manifestOf(), ...own },
});
const manifestOf = () => ({
  exportArn: ARN,
  tableArn: '',
  tableId: `id of ${OLD}`,
  exportTime: NOON - HOUR,
  itemCount: 0,
  billedBytes: 0,
  format: 'DYNAMODB_JSON' as const,
});

const exported = (own: Partial<ArchivedExport> = {}): Partial<ArchivedExport> => ({
  token: token(),
  startedAt: NOON - HOUR,
  manifest: manifest(),
  ...own,
});
const failed = (attempt: number): Partial<ArchivedExport> =>
  exported({
    token: token(attempt),
    startedAt: NOON - 10 * HOUR + attempt,
    status: 'FAILED',
    failure: 'S3NoSuchBucket: The specified bucket does not exist',
  });

describe('with Purge.Archive, purge', () => {
  it('schedules the deletion without an export, and says where the table goes and what that costs', () => {
    const draft = plan({ state: { sizeBytes: 30 * 2 ** 30 } }, [], archiving({ prefix: 'cold' }));
    expect(sayDraft(draft)).toEqual([`schedule-deletion ${OLD} (expired)`]);
    expect(draft.actions[0]?.message).toContain(
      `To keep the table, add the tag turntable:keep. The export to s3://archive/cold/${OLD}/ costs about USD 3.00 once, and its objects cost what S3 charges.`,
    );
  });

  it('starts the export after the waiting period, with a token of its own', () => {
    const draft = plan({ state: { sizeBytes: 30 * 2 ** 30 } }, undefined, archiving({ prefix: 'cold' }));
    expect(draft.holds).toEqual([]);
    expect(draft.actions).toEqual([
      {
        kind: 'archive',
        job: 'purge',
        group: 'Events',
        table: OLD,
        reason: 'archive',
        message: `The deletion was scheduled at 2026-11-20 12:00 UTC and the waiting period has ended. The export to s3://archive/cold/${OLD}/ costs about USD 3.00 once, and its objects cost what S3 charges. The table is deleted after the export is COMPLETED.`,
        createdAt: '2026-11-19T00:00:00.000Z',
        token: token(),
        bucket: 'archive',
        prefix: `cold/${OLD}`,
        format: 'DYNAMODB_JSON',
      },
    ]);
  });

  it('deletes a table only after its export is COMPLETED', () => {
    const [action] = plan({ exports: [exported()] }).actions;
    expect(action).toMatchObject({
      kind: 'delete',
      table: OLD,
      archive: ARN,
      message: expect.stringContaining(
        `The export of 2026-11-21 11:00 UTC is COMPLETED with 0 items: s3://archive/${OLD}/AWSDynamoDB/01/.`,
      ),
    });
  });

  it.each<[string, Partial<ArchivedExport>, number]>([
    ['was started by hand', { token: 'by-hand' }, 1],
    ['was started for an earlier scheduled deletion', { token: token(1, '20261112T120000Z') }, 1],
    ['is of an earlier table of the same name', { tableId: 'another' }, 1],
    ['went to another bucket, which an operator has changed since', { bucket: 'another' }, 2],
    ['went to another prefix', { prefix: 'another' }, 2],
    ['has another format', { format: 'ION' }, 2],
  ])('starts a new export if the existing one %s', (_, own, attempt) => {
    const draft = plan({ exports: [exported(own)] });
    expect(sayDraft(draft)).toEqual([`archive ${OLD} (archive)`]);
    expect(draft.actions[0]).toMatchObject({ token: token(attempt) });
  });

  it.each([
    [MINUTE, false],
    [DAY, false],
    [DAY + 1, true],
  ])('waits for an export that is IN_PROGRESS for %i ms, and fails the run after a day', (ms, urgent) => {
    const longAgo = scheduled({ scheduledAt: SCHEDULED_AT - DAY });
    const going = exported({
      status: 'IN_PROGRESS',
      startedAt: NOON - ms,
      token: token(1, '20261119T120000Z'),
    });
    const draft = plan({ exports: [going] }, [longAgo]);
    expect(sayDraft(draft)).toEqual([`[delete ${OLD} (archive-pending)]`]);
    expect(draft.holds[0]?.urgent ?? false).toBe(urgent);
  });

  it('exports a table again if its export FAILED, and says why it did', () => {
    const draft = plan({ exports: [failed(1)] });
    expect(sayDraft(draft)).toEqual([`archive ${OLD} (archive)`]);
    expect(draft.actions[0]).toMatchObject({
      token: token(2),
      message: expect.stringMatching(
        /^The export of 2026-11-21 02:00 UTC FAILED \(S3NoSuchBucket: The specified bucket does not exist\)\. The deletion/,
      ),
    });
  });

  it('holds the deletion after three exports that FAILED, and fails the run', () => {
    const draft = plan({ exports: [failed(1), failed(2), failed(3)] });
    expect(sayDraft(draft)).toEqual([`[delete ${OLD} (archive-failed)]`]);
    expect(draft.holds).toMatchObject([
      {
        urgent: true,
        message: expect.stringContaining(
          '3 exports to S3 FAILED, the last one at 2026-11-21 02:00 UTC (S3NoSuchBucket: The specified bucket does not exist).',
        ),
      },
    ]);
  });

  it('deletes the table if a later export is COMPLETED', () => {
    const draft = plan({ exports: [failed(1), failed(2), exported({ token: token(3) })] });
    expect(sayDraft(draft)).toEqual([`delete ${OLD} (still-expired)`]);
  });

  it.each<[string, number, number, boolean]>([
    ['as many items', 1_000, 1_000, true],
    ['more, because time to live has deleted some since', 1_500, 1_000, true],
    ['1% less', 990, 1_000, true],
    ['more than 1% less', 989, 1_000, false],
    ['none', 0, 1, false],
  ])('compares the manifest with the table: %s', (_, itemCount, inTable, isEnough) => {
    const known = {
      state: { itemCount: inTable },
      exports: [exported({ manifest: manifest({ itemCount }) })],
    };
    const draft = plan(known);
    expect(sayDraft(draft)).toEqual([
      isEnough ? `delete ${OLD} (still-expired)` : `[delete ${OLD} (archive-failed)]`,
    ]);
    if (!isEnough)
      expect(draft.holds[0]?.message).toContain(
        `The export of 2026-11-21 11:00 UTC has ${itemCount} items, and DynamoDB counts ${inTable} in the table`,
      );
  });

  it.each([
    [6 * HOUR, false],
    [6 * HOUR + 1, true],
  ])('fails the run once the count of the table must be newer than the export', (agoMs, urgent) => {
    const short = exported({ startedAt: NOON - agoMs, manifest: manifest({ itemCount: 1 }) });
    const draft = plan({ state: { itemCount: 2 }, exports: [short] });
    expect(draft.holds[0]?.urgent ?? false).toBe(urgent);
  });

  it.each<[string, ArchivedExport['manifest'], string]>([
    ['is missing', { value: undefined }, 'archive-failed'],
    ['was not read', undefined, 'archive-failed'],
    ['is of another export', manifest({ exportArn: 'arn:another' }), 'archive-failed'],
    ['is of another table', manifest({ tableId: 'another' }), 'archive-failed'],
    ['cannot be read', { error: 'Access Denied' }, 'unreadable'],
  ])('holds the deletion if the manifest %s', (_, found, reason) => {
    const draft = plan({ exports: [exported({ manifest: found } as Partial<ArchivedExport>)] });
    expect(sayDraft(draft)).toEqual([`[delete ${OLD} (${reason})]`]);
  });

  it('turns point-in-time recovery on first if it is off', () => {
    const draft = plan({ recovery: { enabled: false } });
    expect(sayDraft(draft)).toEqual([`recovery ${OLD} (settings-differ)`]);
    expect(draft.actions[0]).toMatchObject({ job: 'purge', enabled: true });
  });

  it.each(['exports', 'recovery'] as const)('holds the deletion if the %s cannot be read', (fact) => {
    expect(sayDraft(plan({ unreadable: [fact] }))).toEqual([`[read ${OLD} (unreadable)]`]);
  });

  it('holds the deletion if the table was written after the instant of the export', () => {
    const spec = archiving({}, { trafficMs: 0 });
    const written = { value: [{ read: [], write: [{ at: NOON - 30 * MINUTE, consumed: 1, throttled: 0 }] }] };
    const draft = plan({ exports: [exported()], traffic: written }, undefined, spec);
    expect(sayDraft(draft)).toEqual([`cancel-deletion ${OLD} (held)`, `[delete ${OLD} (in-use)]`]);
  });

  it('makes a final backup too, if that is configured, and waits for both', () => {
    const spec = archiving({}, { finalBackup: true });
    const steps = (known: Partial<Known>) => sayDraft(plan(known, undefined, spec));
    const backup = { name: `${OLD}.20261120T120000Z`, createdAt: NOON - HOUR };
    expect(steps({})).toEqual([`back-up ${OLD} (final-backup)`, `archive ${OLD} (archive)`]);
    expect(steps({ exports: [exported()] })).toEqual([`back-up ${OLD} (final-backup)`]);
    expect(steps({ backups: [backup] })).toEqual([`archive ${OLD} (archive)`]);
    expect(steps({ backups: [backup], exports: [exported()] })).toEqual([`delete ${OLD} (still-expired)`]);
  });

  it('never deletes an archived table, which DynamoDB cannot export', () => {
    const draft = plan({ state: { status: 'ARCHIVED' } });
    expect(draft.holds).toMatchObject([
      { reason: 'table-unusable', message: expect.stringContaining('it cannot be exported to S3.') },
    ]);
  });
});

describe('in a simulated world, purge with Purge.Archive', () => {
  const spec = archiving();
  const config = configOf([spec], spec.settings);

  /** The 21st's table, with five items, after its waiting period on the 24th at noon. */
  async function waited(): Promise<World> {
    const world = new World(at('2026-11-21'));
    await confirmAll(config, world);
    await run('rotate', config, world);
    await world.clock.sleep(MINUTE);
    world.table(name(21)).itemCount = 5;
    for (const day of ['22', '23']) {
      world.clock.moveTo(at(`2026-11-${day}T12:00`));
      await run('rotate', config, world);
      await run('purge', config, world);
    }
    world.clock.moveTo(at('2026-11-24T12:00'));
    await run('rotate', config, world);
    return world;
  }

  const ofOld = async (world: World) =>
    sayResults(await run('purge', config, world)).filter((line) => line.includes(name(21)));
  const arn = (world: World) => world.table(name(21)).describe(world.clock.now()).arn;
  const exportsIn = async (world: World) => world.ports().exports.list(arn(world));

  it('exports the table, waits, and deletes it with a later run', async () => {
    const world = await waited();
    expect(await ofOld(world)).toEqual([`archive ${name(21)}: applied`]);
    expect(await ofOld(world)).toEqual([]);
    expect(await exportsIn(world)).toMatchObject([{ status: 'IN_PROGRESS' }]);
    await world.clock.sleep(HOUR);
    const { id } = world.table(name(21));
    expect(await ofOld(world)).toEqual([`delete ${name(21)}: applied`]);
    expect(world.exports.manifests(world.clock.now())).toMatchObject([{ tableId: id, itemCount: 5 }]);
  });

  it('starts one export, however often the action is repeated', async () => {
    const world = await waited();
    const { plan } = await makePlan(['purge'], config, world.ports(), world.clock.now());
    for (const ms of [0, HOUR, 9 * HOUR]) {
      await world.clock.sleep(ms);
      const results = await apply(plan.actions, world.ports());
      expect(results.find(({ action }) => action.kind === 'archive')?.outcome).toBe('applied');
    }
    expect(await exportsIn(world)).toHaveLength(1);
  });

  it('starts one export, although the list does not show it within 8 hours', async () => {
    const world = await waited();
    const ports = world.ports();
    const blind: Ports = { ...ports, exports: { ...ports.exports, list: async () => [] } };
    const { plan } = await makePlan(['purge'], config, ports, world.clock.now());
    for (let i = 0; i < 3; i += 1) await apply(plan.actions, blind);
    expect(await exportsIn(world)).toHaveLength(1);
  });

  it('does not delete a table whose exports FAIL, and starts three of them', async () => {
    const world = await waited();
    world.exports.failure = 'AccessDenied: The role may not write';
    for (let day = 24; day < 29; day += 1) {
      await ofOld(world);
      await world.clock.sleep(DAY);
      await run('rotate', config, world);
    }
    expect(await exportsIn(world)).toHaveLength(3);
    expect(world.names()).toContain(name(21));
    const { outcome, holds } = await run('purge', config, world);
    expect(outcome).toBe('failed');
    expect(holds.find(({ table }) => table === name(21))?.reason).toBe('archive-failed');
  });

  it('does not delete a table whose export cannot be started, and tries again', async () => {
    const world = await waited();
    world.onCall = (operation) => {
      if (operation === 'ExportTableToPointInTime') throw new ServiceError('access-denied', 'Not today.');
    };
    expect((await run('purge', config, world)).outcome).toBe('failed');
    world.onCall = () => {};
    expect(await ofOld(world)).toEqual([`archive ${name(21)}: applied`]);
    expect(world.names()).toContain(name(21));
  });

  it.each<[string, (world: World, ports: Ports) => Ports, RegExp]>([
    [
      'is FAILED',
      (_, ports) => ({
        ...ports,
        exports: {
          ...ports.exports,
          describe: async (one) => ({ ...(await ports.exports.describe(one))!, status: 'FAILED' }),
        },
      }),
      /^The export .* is no longer COMPLETED\./,
    ],
    [
      'is of another table',
      (_, ports) => ({
        ...ports,
        exports: {
          ...ports.exports,
          describe: async (one) => ({ ...(await ports.exports.describe(one))!, tableId: 'another' }),
        },
      }),
      /^The export .* is no longer COMPLETED\./,
    ],
    [
      'has no manifest',
      (world, ports) => {
        world.exports.lose(name(21));
        return ports;
      },
      /its manifest s3:\/\/archive\/.* is missing or incomplete/,
    ],
  ])('does not delete a table whose export %s after planning', async (_, changed, message) => {
    const world = await waited();
    await run('purge', config, world);
    await world.clock.sleep(HOUR);
    const { plan } = await makePlan(['purge'], config, world.ports(), world.clock.now());
    const results = await apply(plan.actions, changed(world, world.ports()));
    expect(results.find(({ action }) => action.kind === 'delete')).toMatchObject({
      outcome: 'failed',
      error: expect.stringMatching(message),
    });
    expect(world.names()).toContain(name(21));
    expect(world.table(name(21)).describe(world.clock.now()).deletionProtected).toBe(true);
  });

  it('neither exports nor deletes a table that was recreated after its deletion was scheduled', async () => {
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
    expect(results.find(({ action }) => action.kind === 'archive')).toMatchObject({
      outcome: 'failed',
      error: expect.stringContaining('the deletion was scheduled for one created at'),
    });
    expect(await exportsIn(world)).toEqual([]);
  });
});
