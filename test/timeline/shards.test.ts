/** Scale in shards, minute by minute, on a queue by the rules of SQS FIFO: what happens if workers die, run twice or come late. */
import { describe, expect, test } from 'vitest';
import { type Fate, Workers } from '../../chaos/sharded.ts';
import { SECOND_MS } from '../../src/core/calendar/period.ts';
import { ServiceError } from '../../src/core/failure.ts';
import { shardId } from '../../src/core/sharding/ids.ts';
import { layoutOf } from '../../src/core/sharding/layout.ts';
import type { Config } from '../../src/core/spec.ts';
import { ListedNames } from '../../src/jobs/listed-names.ts';
import { openOfJob } from '../../src/jobs/open-of-job.ts';
import { knownBefore } from '../../src/jobs/planning.ts';
import type { Summary } from '../../src/jobs/run.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, MINUTE, specOf, units } from '../support/specs.ts';
import { currentTable, run } from '../support/worlds.ts';

const START = at('2026-11-21T06:00');
const SHARDS = 4;
/** Lambda polls a queue all the time. */
const POLL_MS = 5 * SECOND_MS;

/** A fleet whose groups all have the same demand of writes, in units per second. */
class Fleet {
  readonly world = new World(START);
  readonly workers = new Workers();
  readonly config: Config;
  /** Units per second, by group. */
  demand: (group: string) => number = () => 20;
  /** When tables were raised, by group. */
  readonly raises: { readonly at: number; readonly group: string }[] = [];
  readonly summaries: Summary[] = [];
  /** What the coordinators have said. */
  readonly sent: string[] = [];

  constructor(groups = 8) {
    const bounds = { min: 1, max: 40_000 };
    const properties = { DeletionProtectionEnabled: false };
    const own = { full: units(50, 50), bounds: { read: bounds, write: bounds }, properties };
    this.config = configOf(Array.from({ length: groups }, (_, i) => specOf({ name: `Group${i}`, ...own })));
    this.world.onCall = (operation, table) => {
      if (operation === 'UpdateTable') this.raises.push({ at: this.now, group: table.split('.')[1]! });
    };
  }

  get now(): number {
    return this.world.clock.now();
  }

  shardOf = (group: string): number => layoutOf(this.config, SHARDS).shardOfGroup(group)!;
  tableOf = (group: string): string =>
    currentTable(this.world, this.config.specs.find(({ name }) => name === group)!, this.now)!;
  writesOf = (group: string): number =>
    this.world.table(this.tableOf(group)).describe(this.now).capacities[0]!.write;

  async begin(): Promise<void> {
    await run('rotate', this.config, this.world, START);
    await this.minutes(5);
    this.raises.length = 0;
  }

  /** Minutes with a tick each. `fate`: what happens to the worker that gets a tick of a shard. */
  async minutes(
    count: number,
    {
      fate = () => 'runs',
      shards = SHARDS,
      calls = () => 1,
      coordinators = 1,
      list,
      during = async () => {},
    }: Partial<Story> = {},
  ): Promise<void> {
    const ports = this.world.ports();
    const listing = list ? { ...ports, tables: { ...ports.tables, list } } : ports;
    for (let minute = 0; minute < count; minute += 1) {
      const began = this.now;
      for (let i = 0; i < coordinators; i += 1)
        this.sent.push((await this.workers.coordinate(this.config, listing, began, shards)).message);
      await during();
      for (let time = began; time < began + MINUTE; time += POLL_MS) {
        this.world.clock.moveTo(Math.max(time, this.now));
        const done = await this.workers.work(
          this.config,
          ports,
          { owner: 'test', report: () => {} },
          ({ group }) => fate(Number(group), minute),
          calls,
        );
        this.summaries.push(...done);
      }
      for (const spec of this.config.specs) {
        const table = currentTable(this.world, spec, this.now);
        if (table !== undefined) this.world.demand(table, 'write', this.demand(spec.name));
      }
      this.world.clock.moveTo(Math.max(began + MINUTE, this.now));
    }
  }

  remove = (table: string): Promise<void> => this.world.ports().tables.remove(table);

  succeededAt = async (shard: number): Promise<number> =>
    (await this.world.ports().state.runs()).get(shardId(shard))?.succeededAt ?? 0;
}

interface Story {
  readonly fate: (shard: number, minute: number) => Fate;
  readonly shards: number;
  readonly calls: () => number;
  readonly coordinators: number;
  /** How the coordinator lists the tables. */
  readonly list: () => Promise<string[]>;
  /** What happens after the coordinator has run. */
  readonly during: () => Promise<unknown>;
}

const open = async (groups?: number): Promise<Fleet> => {
  const fleet = new Fleet(groups);
  await fleet.begin();
  return fleet;
};

describe('a fleet in shards', () => {
  test('raises every group whose demand rises, as one function does', async () => {
    const fleet = await open();
    fleet.demand = () => 100;
    await fleet.minutes(6);
    for (const { name } of fleet.config.specs) expect(fleet.writesOf(name), name).toBeGreaterThan(100);
    expect(fleet.summaries.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });

  test('raises nothing twice if every tick is carried out twice, at once, and sent by two coordinators', async () => {
    const [fleet, once] = await Promise.all([open(), open()]);
    for (const one of [fleet, once]) one.demand = () => 100;
    await fleet.minutes(8, { fate: () => 'doubled', coordinators: 2 });
    await once.minutes(8);
    expect(fleet.raises).toEqual(once.raises);
    expect(fleet.workers.met.doubled).toBe(8 * SHARDS);
  });

  test.each([1, 2, 3, 5, 8, 13, 21, 100])(
    'acts again within 3 minutes after a worker died at its call %s, and the other shards lose no minute',
    async (call) => {
      const fleet = await open();
      fleet.demand = () => 100;
      const died = fleet.now;
      await fleet.minutes(4, {
        fate: (shard, minute) => (shard === 2 && minute === 0 ? 'dies' : 'runs'),
        calls: () => call,
      });
      expect(fleet.workers.met.dies).toBe(1);
      const own = fleet.config.specs.filter(({ name }) => fleet.shardOf(name) === 2);
      expect(own.length).toBeGreaterThan(0);
      for (const { name } of own) {
        const raise = fleet.raises.find(({ group, at: time }) => group === name && time > died);
        expect(raise?.at, name).toBeLessThanOrEqual(died + 3 * MINUTE);
      }
      expect((await fleet.succeededAt(2)) - died).toBeGreaterThan(0);
      for (const shard of [0, 1, 3])
        expect(await fleet.succeededAt(shard)).toBeGreaterThanOrEqual(died + 3 * MINUTE);
    },
  );

  test('drops the ticks that a slow worker has left, so that it never acts on old metrics', async () => {
    const fleet = await open();
    await fleet.minutes(3, { fate: (shard) => (shard === 1 ? 'late' : 'runs') });
    await fleet.minutes(2);
    const dropped = fleet.summaries.filter(({ message }) => message.startsWith('The tick is'));
    expect(dropped.length).toBeGreaterThan(0);
    for (const { message, results } of dropped) {
      expect(results).toEqual([]);
      expect(Number(/The tick is (\d+) seconds old/.exec(message)?.[1])).toBeGreaterThan(60);
    }
    expect(fleet.now - (await fleet.succeededAt(1))).toBeLessThanOrEqual(MINUTE);
  });

  test('moves a tick that no worker survives to the dead-letter queue, and goes on', async () => {
    const fleet = await open();
    await fleet.minutes(4, { fate: (shard, minute) => (shard === 1 && minute < 3 ? 'dies' : 'runs') });
    await fleet.minutes(4);
    expect(fleet.now - (await fleet.succeededAt(1))).toBeLessThanOrEqual(MINUTE);
  });

  test('shares the limit of the account: together, the shards raise to the limit and ask for no more', async () => {
    const fleet = await open();
    fleet.world.limits = { account: units(80_000, 1_000), table: units(40_000, 40_000) };
    fleet.demand = (group) => (fleet.shardOf(group) === 0 ? 400 : 20);
    const most = () => fleet.config.specs.reduce((sum, { name }) => sum + fleet.writesOf(name), 0);
    const onCall = fleet.world.onCall;
    let highest = 0;
    fleet.world.onCall = (...args) => {
      highest = Math.max(highest, most());
      onCall(...args);
    };
    for (const fate of ['runs', 'dies', 'doubled'] as const)
      await fleet.minutes(4, {
        fate: (shard, minute) => (shard === 0 && minute === 1 ? fate : 'runs'),
        calls: () => 12,
      });
    await fleet.minutes(8);
    expect(Math.max(highest, most())).toBeLessThanOrEqual(1_000);
    expect(most()).toBeGreaterThan(900);
    const held = fleet.summaries
      .flatMap(({ holds }) => holds)
      .filter(({ reason }) => reason === 'account-limit');
    expect(new Set(held.map(({ group }) => fleet.shardOf(group)))).toEqual(new Set([0]));
  });
});

describe('the names of the tables', () => {
  const failing = async (): Promise<never> => {
    throw new ServiceError('unavailable', 'DynamoDB does not answer.');
  };

  test('are those of the last minute, so that no shard waits for a list that is late or fails', async () => {
    const fleet = await open();
    const late = Promise.withResolvers<string[]>();
    const ports = fleet.world.ports();
    const listing = { ...ports, tables: { ...ports.tables, list: () => late.promise } };
    const coordinated = fleet.workers.coordinate(fleet.config, listing, fleet.now, SHARDS);
    const began = fleet.now;
    const done: Summary[] = [];
    const work = () =>
      fleet.workers.work(
        fleet.config,
        ports,
        { owner: 'test', report: () => {} },
        () => 'runs',
        () => 1,
      );
    await expect.poll(async () => done.push(...(await work()))).toBe(SHARDS);
    for (let shard = 0; shard < SHARDS; shard += 1) expect(await fleet.succeededAt(shard)).toBe(began);
    late.reject(new ServiceError('unavailable', 'DynamoDB does not answer.'));
    expect(await coordinated).toMatchObject({
      outcome: 'done',
      message: expect.stringMatching(
        /^16 tables in 4 shards\. Could not list .* DynamoDB does not answer\.$/,
      ),
    });
  });

  test('of one list serve no second minute: then the coordinator fails until it can list, and sends no tick', async () => {
    const fleet = await open();
    await fleet.minutes(1, { list: failing });
    await expect(fleet.minutes(1, { list: failing })).rejects.toThrow('DynamoDB does not answer.');
    expect(fleet.workers.queue.receive(Infinity, fleet.now)).toEqual([]);
    await fleet.minutes(2);
    expect(fleet.sent.slice(-2)).toEqual(Array(2).fill('16 tables in 4 shards.'));
  });

  test('are listed before the ticks if the last list is too old, or in a new process', async () => {
    const fleet = await open();
    fleet.world.clock.moveTo(fleet.now + 5 * MINUTE);
    await expect(fleet.minutes(1, { list: failing })).rejects.toThrow('DynamoDB does not answer.');
    await fleet.minutes(1);
    fleet.workers.listed = new ListedNames();
    await expect(fleet.minutes(1, { list: failing })).rejects.toThrow('DynamoDB does not answer.');
  });

  test('can lack a table that was created since: its shard scales it, and counts its throughput', async () => {
    const fleet = await open();
    const name = fleet.tableOf('Group0');
    const { tables } = fleet.world.ports();
    await tables.resize('production.Group0.20261122', [{ from: units(50, 50), to: units(50, 70) }]);
    await fleet.remove(name);
    fleet.world.clock.moveTo(fleet.now + MINUTE);
    await fleet.minutes(1, { during: () => run('rotate', fleet.config, fleet.world, fleet.now) });
    expect(fleet.world.names()).toContain(name);
    fleet.summaries.length = 0;
    const shard = fleet.shardOf('Group0');
    await fleet.minutes(1);
    expect(fleet.summaries.flatMap(({ holds }) => holds).filter(({ table }) => table === name)).toEqual([]);
    const reported = (await fleet.world.ports().state.runs()).get(shardId(shard))?.shard?.throughput;
    const own = fleet.config.specs.filter((spec) => fleet.shardOf(spec.name) === shard);
    expect(reported?.write).toBe(own.reduce((sum, spec) => sum + fleet.writesOf(spec.name), 0));
  });

  test('can have a table that was deleted since: nothing is done with it', async () => {
    const fleet = await open();
    const name = fleet.tableOf('Group0');
    fleet.demand = () => 100;
    await fleet.minutes(1, { during: () => fleet.remove(name) });
    await fleet.minutes(1);
    const about = fleet.summaries.flatMap(({ results }) =>
      results.filter(({ action }) => action.table === name),
    );
    expect(about).toEqual([]);
  });
});

describe('another number of shards', () => {
  test('begins only after a run of the earlier ones has ended, and loses no time that runs have stored', async () => {
    const fleet = await open();
    const { state } = fleet.world.ports();
    await state.remember(
      '(sightings) 3',
      JSON.stringify({ [fleet.tableOf('Group0')]: { status: 'UPDATING', since: 1 } }),
    );
    await state.acquire({ job: 'scale/2', owner: 'slow' }, fleet.now, fleet.now + 30 * SECOND_MS);
    fleet.summaries.length = 0;
    await fleet.minutes(1, { shards: 2 });
    expect(fleet.summaries).toEqual([]);
    await fleet.minutes(2, { shards: 2 });
    const records = await state.runs();
    for (const shard of [0, 1])
      expect(await fleet.succeededAt(shard)).toBeGreaterThanOrEqual(fleet.now - 2 * MINUTE);
    for (const shard of [2, 3]) expect(records.get(shardId(shard))).toEqual({ holds: [] });
    expect(await state.memories(['(sightings) 2', '(sightings) 3'])).toEqual(
      new Map([
        ['(sightings) 2', '{}'],
        ['(sightings) 3', '{}'],
      ]),
    );
  });

  test('stops the ticks of the earlier ones that workers get afterwards', async () => {
    const fleet = await open();
    await fleet.minutes(1, { fate: () => 'late' });
    const { state } = fleet.world.ports();
    const { layout } = await state.shards();
    await state.recordLayout({ ...layout!, stamp: 'other', at: fleet.now }, layout);
    for (const { name } of fleet.config.specs) fleet.world.demand(fleet.tableOf(name), 'write', 100);
    const ports = fleet.world.ports();
    const done = await fleet.workers.work(
      fleet.config,
      ports,
      { owner: 'test' },
      () => 'runs',
      () => 1,
    );
    expect(done.map(({ outcome }) => outcome)).toEqual(Array(SHARDS).fill('skipped'));
    expect(fleet.raises).toEqual([]);
  });

  test('of 1 is a run for the whole fleet, which keeps what the shards have stored', async () => {
    const fleet = await open();
    await run('scale', fleet.config, fleet.world, fleet.now);
    const ports = fleet.world.ports();
    const { layout } = await ports.state.shards();
    expect(layout?.shards).toBe(1);
    expect((await ports.state.runs()).get(shardId(0))).toEqual({ holds: [] });
    await fleet.minutes(2);
    expect((await ports.state.shards()).layout?.shards).toBe(SHARDS);
    for (let shard = 0; shard < SHARDS; shard += 1)
      expect(await fleet.succeededAt(shard)).toBeGreaterThanOrEqual(fleet.now - 2 * MINUTE);
  });
});

describe('a run for the whole fleet', () => {
  test('and those of shards exclude each other', async () => {
    const fleet = await open();
    const { state } = fleet.world.ports();
    await state.acquire({ job: 'scale/1', owner: 'worker' }, fleet.now, fleet.now + 50 * SECOND_MS);
    const refused = await run('scale', fleet.config, fleet.world, fleet.now);
    expect([refused.outcome, refused.message]).toEqual(['skipped', expect.stringContaining('(worker)')]);
    await state.release({ job: 'scale/1', owner: 'worker' });

    await state.acquire({ job: 'scale', owner: 'daemon' }, fleet.now, fleet.now + 5 * MINUTE);
    fleet.summaries.length = 0;
    await fleet.minutes(2);
    expect(new Set(fleet.summaries.map(({ outcome }) => outcome))).toEqual(new Set(['skipped']));
    expect(fleet.summaries[0]?.message).toContain('(daemon)');
    expect(fleet.raises).toEqual([]);
  });
});

describe('what shards have stored', () => {
  test('is known to the other jobs and to commands as that of the whole fleet', async () => {
    const fleet = await open();
    const { state } = fleet.world.ports();
    const [group] = fleet.config.specs.map(({ name }) => name);
    fleet.world.table(fleet.tableOf(group!)).impair('INACCESSIBLE_ENCRYPTION_CREDENTIALS');
    const from = fleet.now;
    await fleet.minutes(2);
    const { sightings } = await knownBefore(['rotate'], fleet.world.ports(), fleet.now);
    expect(sightings.get(fleet.tableOf(group!))?.since).toBe(from);
    const stored = await openOfJob(state, 'scale');
    expect(stored.join()).toContain(fleet.tableOf(group!));
    expect(await state.openHolds('scale')).toBe('{"holds":[],"told":{}}');
  });
});
