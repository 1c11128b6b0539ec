/** Restore drills over months, in the simulator: a run every five minutes takes each drill as far as it goes. */
import { describe, expect, it } from 'vitest';
import { GB } from '../../src/core/cost.ts';
import { ServiceError } from '../../src/core/failure.ts';
import type { DrillEntry } from '../../src/core/history/entry.ts';
import { entryFrom } from '../../src/core/history/stored.ts';
import type { Measurement } from '../../src/core/metrics/measurement.ts';
import type { Config, Spec } from '../../src/core/spec.ts';
import { type DrillSummary, runDrills } from '../../src/jobs/drill.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, defaultSettings, HOUR, MINUTE, specOf } from '../support/specs.ts';
import { confirmAll, run as runJob } from '../support/worlds.ts';

const SCRATCH = 'production.turntable-drill.Events';
const SOURCE = 'production.Events.20261119';
const START = at('2026-12-01T00:00');

interface Drilled {
  readonly world: World;
  readonly config: Config;
  /** One run now. */
  run(spec?: Spec): Promise<DrillSummary>;
  /** Runs every five minutes for so long. */
  pass(ms: number): Promise<void>;
  history(): Promise<DrillEntry[]>;
  /** The newest value of DrillsFailing. */
  failing(): number | undefined;
}

/** A world whose group has one table with items, and a backup of it. */
async function drilled(
  specs: readonly Spec[] = [specOf()],
  { items = 120, restoreMs = 42 * MINUTE, sizeBytes = 10 * GB, backup = true } = {},
): Promise<Drilled> {
  const world = new World(at('2026-11-20T12:00'), { restoreMs });
  world.openTopic();
  const ports = world.ports();
  for (const spec of specs) {
    const TableName = `production.${spec.name}.20261119`;
    const Tags = [{ Key: 'turntable:environment', Value: 'production' }];
    await ports.tables.create({ ...spec.properties, TableName, Tags });
    await world.clock.sleep(MINUTE);
    const table = world.table(TableName);
    for (let i = 0; i < items; i += 1) table.items.set(`key-${i}`, `item-${i}`);
    table.sizeBytes = sizeBytes;
    if (backup) await ports.backups.create(TableName, 'final');
  }
  await world.clock.sleep(START - world.clock.now());
  const notices = ['drill-failed', 'drill-skipped'] as const;
  const config = { ...configOf(specs, specs[0]!.settings), notices };
  const seen: Measurement[] = [];
  let runs = 0;
  const run = (): Promise<DrillSummary> => {
    runs += 1;
    return runDrills(config, world.ports(), {
      owner: `run-${runs}`,
      report: (measurements) => seen.push(...measurements),
    });
  };
  return {
    world,
    config,
    run,
    pass: async (ms) => {
      for (const end = world.clock.now() + ms; world.clock.now() < end; await world.clock.sleep(5 * MINUTE))
        await run();
    },
    history: async () => {
      const texts = await world.ports().state.history(0, world.clock.now());
      return texts.map((text) => entryFrom(text) as DrillEntry);
    },
    failing: () => seen.at(-1)?.value,
  };
}

const said = ({ at, kind, group, reason, message }: DrillEntry): string =>
  `${at.slice(0, 16)} ${kind} ${group} [${reason}] ${message}`;

describe('a restore drill', () => {
  it('restores, compares, deletes and records over several runs, once a month', async () => {
    const { world, run, pass, history, failing } = await drilled();
    const calls: string[] = [];
    world.onCall = (operation, table) => calls.push(`${operation} ${table}`);
    expect(await run()).toMatchObject({ outcome: 'done', open: ['Events'], ended: [] });
    expect(world.table(SCRATCH).describe(world.clock.now())).toMatchObject({
      status: 'CREATING',
      restoring: true,
      billingMode: 'PAY_PER_REQUEST',
      deletionProtected: false,
    });
    await pass(2 * HOUR);
    expect(world.names()).toEqual([SOURCE]);
    expect(calls).toEqual([
      `RestoreTableFromBackup ${SCRATCH}`,
      `TagResource ${SCRATCH}`,
      `DeleteTable ${SCRATCH}`,
    ]);
    expect((await history()).map(said)).toEqual([
      '2026-12-01T00:50 drill-passed Events [restorable] Restored the backup final of production.Events.20261119 from 2026-11-20 12:01 UTC (10 GB). It took 45 minutes or less. The key is Key. It has 120 items, and the backup says 120. 60 of 60 sampled items are the same in production.Events.20261119. Cost: USD 1.66.',
    ]);
    expect((await history())[0]).toMatchObject({
      sizeBytes: 10 * GB,
      items: 120,
      restoreSeconds: 2700,
      usd: 1.66,
    });
    expect(failing()).toBe(0);
    expect(await run()).toMatchObject({ outcome: 'done', open: [], ended: [] });
    await pass(DAY);
    expect(calls.length).toBe(3);
    await world.clock.sleep(at('2027-01-01T00:00') - world.clock.now());
    await pass(2 * HOUR);
    expect((await history()).map(({ at, kind }) => `${at.slice(0, 10)} ${kind}`)).toEqual([
      '2026-12-01 drill-passed',
      '2027-01-01 drill-passed',
    ]);
    expect(world.names()).toEqual([SOURCE]);
  });

  it('works without the table that was backed up, and says that no items were compared', async () => {
    const { world, pass, history } = await drilled();
    await world
      .ports()
      .tables.protect(SOURCE, false)
      .catch(() => {});
    await world.clock.sleep(MINUTE);
    await world.ports().tables.remove(SOURCE);
    await pass(2 * HOUR);
    expect((await history()).map(said)).toEqual([
      expect.stringContaining(
        `It has 120 items, and the backup says 120. ${SOURCE} is gone, so no items were compared with it.`,
      ),
    ]);
    expect(world.names()).toEqual([]);
  });

  it('goes on where a run died, whatever it had done, and restores and deletes only once', async () => {
    for (let death = 1; death <= 12; death += 1) {
      const { world, run, pass, history } = await drilled();
      const calls: string[] = [];
      world.onCall = (operation) => calls.push(operation);
      const ports = world.ports();
      let left = death;
      // The process ends after so many calls: nothing that follows happens, and the lease stays until its end.
      const dying = <T extends object>(port: T): T =>
        new Proxy(port, {
          get: (target, property) => {
            const method = target[property as keyof T];
            if (typeof method !== 'function') return method;
            return async (...args: unknown[]) => {
              if (left === 0) throw new Error('died');
              left -= 1;
              return (method as (...all: unknown[]) => unknown).apply(target, args);
            };
          },
        });
      await world.clock.sleep(0);
      const dead = {
        ...ports,
        tables: dying(ports.tables),
        backups: dying(ports.backups),
        state: dying(ports.state),
        items: dying(ports.items),
      };
      for (let i = 0; i < 12 && left > 0; i += 1) {
        await runDrills(configOf([specOf()]), dead, { owner: 'dead' }).catch(() => {});
        await world.clock.sleep(10 * MINUTE);
      }
      await run();
      await pass(3 * HOUR);
      expect(
        calls.filter((call) => call === 'RestoreTableFromBackup'),
        `death ${death}`,
      ).toHaveLength(1);
      expect(world.names(), `death ${death}`).toEqual([SOURCE]);
      expect(
        (await history()).map(({ kind }) => kind),
        `death ${death}`,
      ).toEqual(['drill-passed']);
    }
  });

  it('counts a large table over several runs', async () => {
    const { world, run, pass, history } = await drilled([specOf()], { items: 80 });
    await pass(45 * MINUTE);
    const ports = world.ports();
    const slow = {
      ...ports,
      items: {
        ...ports.items,
        count: async (...args: Parameters<typeof ports.items.count>) => {
          await world.clock.sleep(2 * MINUTE);
          return ports.items.count(...args);
        },
      },
    };
    const config = configOf([specOf()]);
    for (const _ of [1, 2]) {
      const summary = await runDrills(config, slow, { owner: 'slow' });
      expect(summary.open).toEqual(['Events']);
    }
    expect([...(await ports.state.drills()).values()][0]).toContain('"counted":{"items":60,"next":"60"}');
    await run();
    await pass(HOUR);
    expect((await history())[0]).toMatchObject({ kind: 'drill-passed', items: 80 });
  });

  it('tells people of what failed or was skipped, and not of what passed', async () => {
    const settings = (maxGB: number) => ({ drill: { enabled: true, maxGB, maxUSD: 20 } });
    const small = specOf({ name: 'Small', settings: settings(100) });
    const large = specOf({ name: 'Large', settings: settings(9) });
    const { world, pass, history } = await drilled([small, large]);
    await pass(2 * HOUR);
    expect((await history()).map(({ kind, group }) => `${kind} ${group}`)).toEqual([
      'drill-skipped Large',
      'drill-passed Small',
    ]);
    expect(world.topic!.published.map(({ subject, message, types }) => [subject, message, types])).toEqual([
      [
        'Turntable production: 1 restore drill skipped',
        expect.stringContaining(
          'The drill run in production at 2026-12-01 00:00 UTC:\n\n1 restore drill skipped:\n  production.turntable-drill.Large  Drill skipped: the backup final of production.Large.20261119 has 10 GB, and RestoreDrill.MaxGB (9) allows less.',
        ),
        ['drill-skipped'],
      ],
    ]);
  });

  it('spends no more in a month than RestoreDrill.MaxUSD, and begins with other groups in the next month', async () => {
    const settings = { drill: { enabled: true, maxGB: 100, maxUSD: 4 } };
    const specs = ['A', 'B', 'C'].map((name) => specOf({ name, settings }));
    const { world, pass, history } = await drilled(specs);
    await pass(3 * HOUR);
    await world.clock.sleep(at('2027-01-01T00:00') - world.clock.now());
    await pass(3 * HOUR);
    const entries = await history();
    expect(entries.map(({ at, kind, group }) => `${at.slice(0, 7)} ${kind} ${group}`)).toEqual([
      '2026-12 drill-skipped C',
      '2026-12 drill-passed A',
      '2026-12 drill-passed B',
      '2027-01 drill-skipped B',
      '2027-01 drill-passed A',
      '2027-01 drill-passed C',
    ]);
    expect(entries[0]?.message).toBe(
      'Drill skipped: it would cost USD 1.66. The drills of this month have cost USD 3.33, and RestoreDrill.MaxUSD (4) allows no more. To drill it, raise MaxUSD and run turntable drill.',
    );
  });

  it('restores at most five tables at once', async () => {
    const specs = Array.from({ length: 12 }, (_, i) =>
      specOf({ name: `Group${i}`, settings: { drill: { enabled: true, maxGB: 100, maxUSD: 100 } } }),
    );
    const { world, run, history } = await drilled(specs);
    let most = 0;
    for (let i = 0; i < 48; i += 1) {
      await run();
      most = Math.max(most, world.names().filter((name) => name.includes('turntable-drill')).length);
      await world.clock.sleep(5 * MINUTE);
    }
    expect(most).toBe(5);
    expect((await history()).map(({ kind }) => kind)).toEqual(Array(12).fill('drill-passed'));
  });
});

describe('a restore drill fails', () => {
  it('if the restored table has fewer items than the backup says', async () => {
    const { world, pass, history, failing } = await drilled();
    await pass(45 * MINUTE);
    for (let i = 0; i < 20; i += 1) world.table(SCRATCH).items.delete(`key-${i}`);
    await pass(HOUR);
    expect((await history()).map(said)).toEqual([
      expect.stringMatching(
        /drill-failed Events \[items-missing\] Drill failed with the backup final .* The restored table has 100 items, and the backup says 120\. Cost/,
      ),
    ]);
    expect(failing()).toBe(1);
    expect(world.names()).toEqual([SOURCE]);
  });

  it('if items differ although nothing was written since the backup, and not otherwise', async () => {
    const drill = async (written: number, spec = specOf()): Promise<string> => {
      const { world, pass, history } = await drilled([spec]);
      const table = world.table(SOURCE);
      table.items.set('key-0', 'other');
      table.items.delete('key-2');
      const minute = at('2026-11-20T12:00');
      world.metrics.add({ metric: 'ConsumedWriteCapacityUnits', table: SOURCE }, minute, written);
      await pass(2 * HOUR);
      return said((await history())[0]!);
    };
    expect(await drill(0)).toContain(
      '[items-differ] Drill failed with the backup final of production.Events.20261119 from 2026-11-20 12:01 UTC (10 GB). It took 45 minutes or less. 2 of 60 sampled items are not as in production.Events.20261119, which was not written since the backup.',
    );
    const changed =
      '58 of 60 sampled items are the same in production.Events.20261119, and 1 changed since and 1 deleted since.';
    expect(await drill(60)).toContain(changed);
    // An application of another Region might have written.
    expect(await drill(0, specOf({ replicas: ['eu-west-1'] }))).toContain(changed);
  });

  it('if the backup has another key than the spec', async () => {
    const { world, config, history } = await drilled();
    const spec = config.specs[0]!;
    const KeySchema = [{ AttributeName: 'User', KeyType: 'HASH' as const }];
    const changed = configOf([{ ...spec, properties: { ...spec.properties, KeySchema } }]);
    for (let i = 0; i < 24; i += 1) {
      await runDrills(changed, world.ports(), { owner: `${i}` });
      await world.clock.sleep(5 * MINUTE);
    }
    expect((await history()).map(said)).toEqual([expect.stringContaining('[key-differs] Drill failed')]);
    expect((await history())[0]?.message).toContain('The backup has the key Key, and the spec has User.');
  });

  it('if DynamoDB rejects the restore, costs nothing, and stays failing until a drill passes', async () => {
    const { world, pass, history, failing } = await drilled();
    world.onCall = (operation) => {
      if (operation === 'RestoreTableFromBackup')
        throw new ServiceError('access-denied', 'not authorized to perform: kms:Decrypt');
    };
    await pass(HOUR);
    expect((await history()).map(said)).toEqual([
      '2026-12-01T00:00 drill-failed Events [restore-failed] Drill failed with the backup final of production.Events.20261119 from 2026-11-20 12:01 UTC (10 GB). DynamoDB rejected the restore: not authorized to perform: kms:Decrypt. Cost: USD 0.00.',
    ]);
    await pass(DAY);
    expect([failing(), (await history()).length]).toEqual([1, 1]);
    world.onCall = () => {};
    await world.clock.sleep(at('2027-01-01T00:00') - world.clock.now());
    await pass(2 * HOUR);
    expect(failing()).toBe(0);
  });

  it('if it has not ended within two days, and then deletes the table as soon as it can', async () => {
    const { world, pass, history } = await drilled([specOf()], { restoreMs: 60 * HOUR });
    await pass(59 * HOUR);
    expect(world.names()).toEqual([SOURCE, SCRATCH]);
    await pass(2 * HOUR);
    expect((await history()).map(({ kind, reason }) => [kind, reason])).toEqual([
      ['drill-failed', 'unfinished'],
    ]);
    expect(world.names()).toEqual([SOURCE]);
  });
});

describe('a drill deletes only what it has restored', () => {
  it('leaves a table of its name that it has not restored, and says so', async () => {
    const { world, pass, history } = await drilled();
    await world.ports().tables.create({ ...specOf().properties, TableName: SCRATCH });
    await pass(HOUR);
    expect(world.names()).toEqual([SOURCE, SCRATCH]);
    expect((await history())[0]?.message).toContain(
      'production.turntable-drill.Events exists, and this drill did not restore it.',
    );
  });

  it('keeps a scratch table with the tag turntable:keep, and says so in each run', async () => {
    const { world, run, pass, history } = await drilled();
    await pass(45 * MINUTE);
    world.table(SCRATCH).tags['turntable:keep'] = 'I look at it';
    const kept = await run();
    expect(kept).toMatchObject({ outcome: 'failed', open: ['Events'] });
    expect(kept.message).toContain(
      `The scratch table ${SCRATCH} was not deleted: it has the tag turntable:keep.`,
    );
    delete world.table(SCRATCH).tags['turntable:keep'];
    await pass(HOUR);
    expect([world.names(), (await history()).length]).toEqual([[SOURCE], 1]);
  });

  it('removes scratch tables that no drill remembers, by their name and tags, and no others', async () => {
    const { world, run } = await drilled();
    const ports = world.ports();
    const [backup] = await ports.backups.list(SOURCE);
    const names = ['Gone', 'Untagged', 'Elsewhere'].map((group) => `production.turntable-drill.${group}`);
    for (const name of names) await ports.backups.restore(backup!.arn, name);
    await ports.backups.restore(backup!.arn, 'staging.turntable-drill.Events');
    const tags = { 'turntable:environment': 'production', 'turntable:drill': 'Gone' };
    Object.assign(world.table(names[0]!).tags, tags);
    Object.assign(world.table(names[2]!).tags, { ...tags, 'turntable:environment': 'staging' });
    Object.assign(world.table('staging.turntable-drill.Events').tags, tags);
    const byHand = 'production.turntable-drill.Made';
    await ports.tables.create({ ...specOf().properties, TableName: byHand });
    Object.assign(world.table(byHand).tags, tags);
    await world.clock.sleep(HOUR);
    const summary = await run();
    expect(summary.outcome).toBe('failed');
    expect(summary.message).toContain(
      `The scratch table ${names[1]} was not deleted: it has no tag turntable:drill. Delete it by hand.`,
    );
    expect(summary.message).toContain(`${byHand} was not deleted: no drill restored it. Delete it by hand.`);
    await world.clock.sleep(MINUTE);
    const left = [SOURCE, names[2], SCRATCH, byHand, names[1], 'staging.turntable-drill.Events'];
    expect(world.names()).toEqual(left);
  });

  it('waits until a scratch table of its name that no drill remembers is gone', async () => {
    const { world, pass, history } = await drilled();
    const ports = world.ports();
    const [backup] = await ports.backups.list(SOURCE);
    await ports.backups.restore(backup!.arn, SCRATCH);
    Object.assign(world.table(SCRATCH).tags, {
      'turntable:environment': 'production',
      'turntable:drill': 'Events',
    });
    await world.clock.sleep(HOUR);
    await ports.backups.create(SOURCE, 'newer');
    await world.clock.sleep(HOUR);
    await pass(2 * HOUR);
    expect((await history()).map(({ kind }) => kind)).toEqual(['drill-passed']);
    expect(world.names()).toEqual([SOURCE]);
  });

  it('begins none in a closed environment or for a group that says so', async () => {
    const off = { drill: { ...defaultSettings.drill, enabled: false } };
    const disabled = await drilled([specOf({ settings: off })]);
    await disabled.pass(HOUR);
    const closed = await drilled();
    await closed.world.ports().state.close({ environment: 'production', since: START, tables: new Map() });
    await closed.pass(HOUR);
    for (const { world } of [disabled, closed]) expect(world.names()).toEqual([SOURCE]);
  });

  it.each([
    ['is of another environment', { environment: 'staging' }, defaultSettings],
    ['is from the future', { inFuture: true as const }, defaultSettings],
    ['is where the settings say Protected', {}, { ...defaultSettings, protected: true }],
  ])(
    'begins although there is a mark of a closed environment that does not count: it %s',
    async (_, own, settings) => {
      const { world, pass, history } = await drilled([specOf({ settings })]);
      const mark = { environment: 'production', since: START, tables: new Map(), ...own };
      await world.ports().state.close(mark);
      await pass(2 * HOUR);
      expect((await history()).map(({ kind }) => kind)).toEqual(['drill-passed']);
    },
  );
});

describe('a drill of an export', () => {
  const BUCKET = 'our-archive';
  const place = { bucket: BUCKET, prefix: 'cold', format: 'DYNAMODB_JSON' } as const;
  const purge = { ...defaultSettings.purge, archive: place, archivedIn: place };
  const spec = specOf({ settings: { purge } });

  /** The group has an export, which is newer than its backup if it has one. */
  async function exported(options: Parameters<typeof drilled>[1] = {}): Promise<Drilled> {
    const own = await drilled([spec], options);
    const { world } = own;
    const { tables, exports } = world.ports();
    await tables.setRecovery(SOURCE, { enabled: true });
    const prefix = `cold/${SOURCE}`;
    const { arn } = world.table(SOURCE).describe(world.clock.now());
    await exports.start(arn, { token: 'token', bucket: BUCKET, prefix, format: 'DYNAMODB_JSON' });
    await world.clock.sleep(6 * MINUTE);
    return own;
  }

  it('creates a table with its tags, loads it, compares it with the manifest, and deletes it', async () => {
    const { world, pass, history } = await exported();
    const calls: string[] = [];
    world.onCall = (operation, table) => calls.push(`${operation} ${table}`);
    await pass(5 * MINUTE);
    expect(world.table(SCRATCH).describe(world.clock.now())).toMatchObject({
      billingMode: 'PAY_PER_REQUEST',
      deletionProtected: false,
    });
    expect(world.table(SCRATCH).tags).toEqual({
      'turntable:environment': 'production',
      'turntable:drill': expect.stringMatching(/^Events@\d+-/),
    });
    await pass(HOUR);
    expect(world.names()).toEqual([SOURCE]);
    expect([...new Set(calls)]).toEqual([
      `CreateTable ${SCRATCH}`,
      `StartBulkPutItems ${SCRATCH}`,
      `DeleteTable ${SCRATCH}`,
    ]);
    expect((await history()).map(said)).toEqual([
      expect.stringMatching(
        /drill-passed Events \[restorable\] Restored the export \d+-0 of production.Events.20261119 from 2026-12-01 00:00 UTC .* It has 120 items, and the export says 120\. 60 of 60 sampled items are the same/,
      ),
    ]);
  });

  it('fails if DynamoDB cannot put some items, or cannot load at all', async () => {
    const bad = await exported();
    bad.world.loads.bad = 7;
    await bad.pass(HOUR);
    const failing = await exported({ backup: false });
    failing.world.loads.failure = 'AccessDenied: The role may not read';
    await failing.pass(HOUR);
    for (const [{ world, history }, words] of [
      [bad, '[items-missing] Drill failed with the export'],
      [failing, 'DynamoDB could not load the export: AccessDenied: The role may not read.'],
    ] as const) {
      expect((await history()).map(said)).toEqual([expect.stringContaining(words)]);
      expect(world.names()).toEqual([SOURCE]);
    }
    expect((await bad.history())[0]?.message).toContain(
      'DynamoDB could not put 7 of 120 items. Its report is in s3://our-archive/cold/production.Events.20261119/restore/',
    );
  });

  it('goes on where a run died, and leaves a table of its name that another drill or a person has created', async () => {
    const { world, run, pass, history } = await exported();
    await run();
    await world.clock.sleep(5 * MINUTE);
    // The process that had created the table died before it could remember it.
    const [text] = [...(await world.ports().state.drills()).values()];
    const { drill, ...rest } = JSON.parse(text!);
    await world
      .ports()
      .state.rememberDrill(
        'Events',
        JSON.stringify({ ...rest, drill: { begunAt: drill.begunAt, usd: drill.usd, backup: drill.backup } }),
      );
    await pass(HOUR);
    expect([world.names(), (await history()).map(({ kind }) => kind)]).toEqual([[SOURCE], ['drill-passed']]);
    const other = await exported();
    await other.world.ports().tables.create({ ...spec.properties, TableName: SCRATCH });
    await other.pass(HOUR);
    expect(other.world.names()).toEqual([SOURCE, SCRATCH]);
    expect((await other.history())[0]?.message).toContain(
      `${SCRATCH} exists, and this drill did not restore it`,
    );
  });

  it('waits while the exports of its group cannot be read, says so, and holds up no other group', async () => {
    const { world, config, history } = await drilled([spec, specOf({ name: 'Visits' })]);
    const summaries: DrillSummary[] = [];
    for (let i = 0; i < 24; i += 1) {
      const ports = world.ports();
      const folders = () =>
        Promise.reject(new ServiceError('access-denied', 'not authorized: s3:ListBucket'));
      const archive = { ...ports.archive!, folders };
      summaries.push(await runDrills(config, { ...ports, archive }, { owner: `${i}` }));
      await world.clock.sleep(5 * MINUTE);
    }
    expect((await history()).map(({ kind, group }) => `${kind} ${group}`)).toEqual(['drill-passed Visits']);
    expect(summaries.at(-1)).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('Could not read the exports of Events: not authorized: s3:ListBucket'),
    });
  });

  it('is of a newer export if S3 does not give the manifest of an old one', async () => {
    const { world, config, history } = await exported();
    const { arn } = world.table(SOURCE).describe(world.clock.now());
    const [old] = await world.ports().exports.list(arn);
    await world.ports().exports.start(arn, {
      token: 'newer',
      bucket: BUCKET,
      prefix: `cold/${SOURCE}`,
      format: 'DYNAMODB_JSON',
    });
    await world.clock.sleep(HOUR);
    for (let i = 0; i < 24; i += 1) {
      const ports = world.ports();
      const read = async (bucket: string, key: string) => {
        if (key.includes(old!.arn.split('/').at(-1)!))
          throw new ServiceError('refused', 'not valid for its storage class');
        return ports.archive!.read(bucket, key);
      };
      await runDrills(config, { ...ports, archive: { ...ports.archive!, read } }, { owner: `${i}` });
      await world.clock.sleep(5 * MINUTE);
    }
    expect((await history()).map(({ kind, backup }) => [kind, backup === old!.arn])).toEqual([
      ['drill-passed', false],
    ]);
  });

  it('is no choice for a function without permissions for exports, which restores the newest backup', async () => {
    const { world, config, history } = await exported();
    for (let i = 0; i < 24; i += 1) {
      const { loads: _, ...ports } = world.ports();
      await runDrills(config, ports, { owner: `${i}` });
      await world.clock.sleep(5 * MINUTE);
    }
    expect((await history())[0]?.message).toContain('Restored the backup final of');
  });
});

describe('drills of a group whose tables purge exports and deletes every day', () => {
  const place = { bucket: 'our-archive', prefix: 'cold', format: 'DYNAMODB_JSON' } as const;
  const spec = specOf({
    properties: { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
    settings: { purge: { ...defaultSettings.purge, archive: place, archivedIn: place } },
  });
  const config = configOf([spec], spec.settings);

  /** Rotate and purge run every morning, and the drills from noon on. Returns the drill of each month. */
  async function months(until: string, noon: (world: World, now: number) => void = () => {}) {
    const world = new World(at('2026-11-10T03:35'), { restoreMs: 42 * MINUTE });
    await confirmAll(config, world);
    for (let day = world.clock.now(); day < at(until); day += DAY) {
      world.clock.moveTo(day);
      for (const job of ['rotate', 'purge'] as const)
        expect((await runJob(job, config, world)).outcome).toBe('done');
      for (const name of world.names()) world.table(name).items.set('key', 'item');
      world.clock.moveTo(day - (day % DAY) + 12 * HOUR);
      noon(world, world.clock.now());
      for (let open = true; open; await world.clock.sleep(5 * MINUTE))
        open =
          (await runDrills(config, world.ports(), { owner: `noon-${world.clock.now()}` })).open.length > 0;
    }
    const texts = await world.ports().state.history(0, world.clock.now());
    const entries = texts.map((text) => JSON.parse(text)).filter(({ job }) => job === 'drill');
    const restored = /the (export|backup) \S+ of production\.Events\.\d+ from \S+/;
    return (entries as DrillEntry[]).map(({ at, kind, reason, message }) =>
      [
        at.slice(0, 10),
        kind,
        restored.exec(message)?.[0].replace(/the export \S+/, 'the export') ?? reason,
      ].join(' '),
    );
  }

  it('take turns: an export, although each deletion leaves a newer backup, and then a backup', async () => {
    expect(await months('2027-02-03')).toMatchInlineSnapshot(`
      [
        "2026-11-10 drill-skipped no-backup",
        "2026-12-01 drill-passed the export of production.Events.20261128 from 2026-12-01",
        "2027-01-01 drill-passed the backup production.Events.20261228$DeletedTableBackup of production.Events.20261228 from 2027-01-01",
        "2027-02-01 drill-passed the export of production.Events.20270129 from 2027-02-01",
      ]
    `);
  });

  it('restore an export again if that failed, and no backup, which would hide the failure', async () => {
    const noon = (world: World, now: number): void => {
      world.loads.failure = now < at('2027-01-01T00:00') ? 'AccessDenied' : undefined;
    };
    expect(await months('2027-02-03', noon)).toMatchInlineSnapshot(`
      [
        "2026-11-10 drill-skipped no-backup",
        "2026-12-01 drill-failed the export of production.Events.20261128 from 2026-12-01",
        "2027-01-01 drill-passed the export of production.Events.20261229 from 2027-01-01",
        "2027-02-01 drill-passed the backup production.Events.20270128$DeletedTableBackup of production.Events.20270128 from 2027-02-01",
      ]
    `);
  });
});
