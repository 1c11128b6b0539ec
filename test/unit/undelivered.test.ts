/** Consumers that stay without the changes of a table: since when, in every run, and the run fails after FailAfter.UnusableMinutes. */
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/core/failure.ts';
import type { Hold } from '../../src/core/plan.ts';
import { UNDELIVERED } from '../../src/core/sightings.ts';
import type { World } from '../support/sim/world.ts';
import { DAY, defaultSettings, HOUR, MINUTE } from '../support/specs.ts';
import {
  holdsOf,
  mappingOf,
  NOON,
  rotated,
  sayHolds,
  TODAY,
  TOMORROW,
  withConsumers,
  withPorts,
} from '../support/streaming.ts';
import { run, wanted } from '../support/worlds.ts';

const STREAM = 'arn:aws:kinesis:us-east-1:000000000000:stream/visits';
const SINCE = '2026-11-21T12:00:00.000Z';
const remembered = async (world: World) => (await world.ports().state.memories()).get(UNDELIVERED);
const told = (holds: readonly Hold[], table: string) =>
  holds
    .filter((hold) => hold.table === table)
    .map(({ reason, urgent = false, shortage, message }) => ({ reason, urgent, shortage, message }));

describe('a Kinesis data stream', () => {
  const config = withConsumers({ consumers: [], properties: {}, destination: { stream: 'visits' } });
  /** A world in which rotate has enabled the data stream at noon, and no change of it ends. */
  async function stuck(): Promise<World> {
    const world = await rotated(config);
    for (const table of [TODAY, TOMORROW]) world.table(table).destinations.stuck = true;
    return world;
  }

  it('that stays ENABLING is said with its time after 15 minutes, and the run fails', async () => {
    const world = await stuck();
    world.clock.moveTo(NOON + 15 * MINUTE - 1);
    expect(await holdsOf(world, config)).toEqual([]);
    world.clock.moveTo(NOON + 15 * MINUTE);
    const summary = await run('rotate', config, world);
    expect(summary.outcome).toBe('failed');
    expect(summary.message).toContain('2 tables cannot serve what is asked of them.');
    expect(summary.heldByReason).toMatchObject({ 'consumer-missing': 2 });
    expect(told(summary.holds, TODAY)).toEqual([
      {
        reason: 'consumer-missing',
        urgent: true,
        shortage: { cause: 'undelivered', since: SINCE },
        message:
          'The Kinesis data stream visits is ENABLING for this table, and has not been ACTIVE since 2026-11-21 12:00 UTC. If it stays so, ask AWS Support.',
      },
    ]);
  });

  it('has the minutes of FailAfter', async () => {
    const patient = withConsumers({
      consumers: [],
      properties: {},
      destination: { stream: 'visits' },
      settings: { failAfter: { ...defaultSettings.failAfter, unusableMs: 2 * HOUR } },
    });
    const world = await stuck();
    world.clock.moveTo(NOON + HOUR);
    expect(await holdsOf(world, patient)).toEqual([]);
    world.clock.moveTo(NOON + 2 * HOUR);
    expect(sayHolds(await holdsOf(world, patient))).toContain(
      `enable-destination ${TODAY} consumer-missing!`,
    );
  });

  it('is forgotten when it is ACTIVE, and nothing is stored of a steady fleet', async () => {
    const world = await rotated(config);
    expect(JSON.parse((await remembered(world))!)).toEqual({
      [`${TODAY} Kinesis visits`]: { status: 'ENABLING', since: NOON },
      [`${TOMORROW} Kinesis visits`]: { status: 'ENABLING', since: NOON },
    });
    await run('rotate', config, world);
    expect(await remembered(world)).toBe('{}');
    const writes: string[] = [];
    const watched = withPorts(world, (ports) => ({
      ...ports,
      state: {
        ...ports.state,
        remember: async (group: string, text: string) => {
          writes.push(group);
          await ports.state.remember(group, text);
        },
      },
    }));
    await run('rotate', config, watched);
    expect(writes).not.toContain(UNDELIVERED);
  });

  it('that fails to be enabled again and again has the time of the first failure', async () => {
    const world = await rotated(withConsumers({ consumers: [], properties: {} }));
    for (const minutes of [5, 65, 125]) {
      world.clock.moveTo(NOON + minutes * MINUTE);
      world.table(TODAY).destinations.fail(STREAM, world.clock.now());
      const { outcome, holds } = await run('rotate', config, world);
      expect(outcome).toBe('failed');
      expect(told(holds, TODAY)[0]).toMatchObject({
        reason: 'consumer-missing',
        urgent: true,
        shortage: { cause: 'undelivered', since: '2026-11-21T12:05:00.000Z' },
      });
      const since = minutes > 5 ? ', and has not been ACTIVE since 2026-11-21 12:05 UTC' : '';
      expect(told(holds, TODAY)[0]?.message).toBe(
        `The Kinesis data stream visits is ENABLE_FAILED for this table${since}. Rotate tries again.`,
      );
      await world.clock.sleep(MINUTE);
      world.table(TODAY).destinations.fail(STREAM, world.clock.now());
    }
  });

  it('that stays UPDATING or DISABLING is said, and the run fails', async () => {
    const world = await rotated(config);
    await run('rotate', config, world);
    world.table(TODAY).destinations.update(STREAM, 'MILLISECOND', world.clock.now());
    world.table(TOMORROW).destinations.disable(STREAM, world.clock.now());
    for (const table of [TODAY, TOMORROW]) world.table(table).destinations.stuck = true;
    const first = await run('rotate', config, world);
    expect(sayHolds(first.holds)).toEqual([`enable-destination ${TOMORROW} consumer-missing!`]);
    world.clock.moveTo(NOON + 20 * MINUTE);
    const { outcome, holds } = await run('rotate', config, world);
    expect(outcome).toBe('failed');
    expect(told(holds, TODAY)[0]?.message).toContain(
      'is UPDATING for this table, and has not been ACTIVE since',
    );
    expect(told(holds, TOMORROW)[0]?.message).toContain(
      'is DISABLING for this table, and has not been ACTIVE',
    );
  });

  it('that is DISABLED is said at once, and the run fails after 15 minutes', async () => {
    const world = await rotated(config);
    await run('rotate', config, world);
    world.table(TODAY).destinations.disable(STREAM, world.clock.now());
    await world.clock.sleep(MINUTE);
    const first = await run('rotate', config, world);
    expect([first.outcome, sayHolds(first.holds)]).toEqual([
      'done',
      [`enable-destination ${TODAY} consumer-disabled`],
    ]);
    await world.clock.sleep(15 * MINUTE);
    const second = await run('rotate', config, world);
    expect([second.outcome, sayHolds(second.holds)]).toEqual([
      'failed',
      [`enable-destination ${TODAY} consumer-disabled!`],
    ]);
    expect(second.holds[0]?.message).toContain(
      'and has not been ACTIVE since 2026-11-21 12:06 UTC, so it gets no changes.',
    );
  });

  it('that was ACTIVE in between has the time since when it is disabled', async () => {
    const world = await rotated(config);
    world.table(TODAY).destinations.disable(STREAM, world.clock.now());
    world.clock.moveTo(NOON + HOUR);
    const { outcome, holds } = await run('rotate', config, world);
    expect(outcome).toBe('done');
    expect(told(holds, TODAY)).toMatchObject([
      { urgent: false, shortage: { cause: 'undelivered', since: '2026-11-21T13:00:00.000Z' } },
    ]);
    world.clock.moveTo(NOON + HOUR + 15 * MINUTE);
    expect((await run('rotate', config, world)).outcome).toBe('failed');
  });

  it('keeps its time while the data streams of a table cannot be read', async () => {
    const world = await stuck();
    const blind = withPorts(world, (ports) => ({
      ...ports,
      tables: {
        ...ports.tables,
        destinations: async () => {
          throw new ServiceError('access-denied', 'Not allowed to read.');
        },
      },
    }));
    await run('rotate', config, blind);
    world.clock.moveTo(NOON + 20 * MINUTE);
    expect(told(await holdsOf(world, config), TODAY)[0]?.shortage?.since).toBe(SINCE);
  });

  it('of a table whose period is days away makes no run fail', async () => {
    const ahead = withConsumers({
      consumers: [],
      properties: {},
      destination: { stream: 'visits' },
      settings: { periodsAhead: 3 },
    });
    const later = 'production.Events.20261124';
    const world = await rotated(ahead);
    world.table(later).destinations.disable(STREAM, world.clock.now());
    world.clock.moveTo(NOON + 2 * HOUR);
    const { outcome, holds } = await run('rotate', ahead, world);
    expect([outcome, sayHolds(holds)]).toEqual(['done', [`enable-destination ${later} consumer-disabled`]]);
    expect(holds[0]?.shortage).toBeUndefined();
  });
});

describe('an event source mapping', () => {
  const config = withConsumers();

  it.each(['Creating', 'Enabling', 'Updating'])(
    'that stays %s is said with its time, and the run fails',
    async (state) => {
      const world = await rotated(config);
      const { id } = mappingOf(world, TODAY)!;
      world.lambda.keep(id, state);
      world.clock.moveTo(NOON + 20 * MINUTE - 1);
      expect(await holdsOf(world, config)).toEqual([]);
      world.clock.moveTo(NOON + 20 * MINUTE);
      const { outcome, holds } = await run('rotate', config, world);
      expect(outcome).toBe('failed');
      expect(told(holds, TODAY)).toEqual([
        {
          reason: 'consumer-missing',
          urgent: true,
          shortage: { cause: 'undelivered', since: '2026-11-21T12:05:00.000Z' },
          message: `The event source mapping ${id} of the function visits is ${state} since 2026-11-21 12:05 UTC. If it stays so, ask AWS Support.`,
        },
      ]);
    },
  );

  it('that a person disabled makes the run fail after 15 minutes, and at no time if the period is days away', async () => {
    const ahead = withConsumers({ settings: { periodsAhead: 3 } });
    const later = 'production.Events.20261124';
    const world = await rotated(ahead);
    for (const table of [TODAY, later]) world.lambda.enable(mappingOf(world, table)!.id, false);
    const outcomes: string[] = [];
    for (const minutes of [19, 20]) {
      world.clock.moveTo(NOON + minutes * MINUTE);
      const { outcome, holds } = await run('rotate', ahead, world);
      outcomes.push(outcome, ...sayHolds(holds));
    }
    expect(outcomes).toEqual([
      'done',
      `attach-consumer ${TODAY} consumer-disabled`,
      `attach-consumer ${later} consumer-disabled`,
      'failed',
      `attach-consumer ${TODAY} consumer-disabled!`,
      `attach-consumer ${later} consumer-disabled`,
    ]);
  });

  it('whose last result is a problem is said, and the run fails if it is so for 15 minutes', async () => {
    const world = await rotated(config);
    const { id } = mappingOf(world, TODAY)!;
    world.lambda.deliver(id, 'PROBLEM: Function call failed');
    const first = await run('rotate', config, world);
    expect(first.outcome).toBe('done');
    expect(told(first.holds, TODAY)).toEqual([
      {
        reason: 'consumer-failing',
        urgent: false,
        shortage: { cause: 'undelivered', since: '2026-11-21T12:05:00.000Z' },
        message: `The last result of the event source mapping ${id} of the function visits is "PROBLEM: Function call failed". A stream keeps changes for 24 hours. See the logs and the metrics of the function.`,
      },
    ]);
    world.clock.moveTo(NOON + 20 * MINUTE);
    const second = await run('rotate', config, world);
    expect(second.outcome).toBe('failed');
    expect(sayHolds(second.holds)).toEqual([`attach-consumer ${TODAY} consumer-failing!`]);
    expect(second.holds[0]?.message).toContain('Runs have seen this since 2026-11-21 12:05 UTC.');
    world.lambda.deliver(id, 'OK');
    expect((await run('rotate', config, world)).outcome).toBe('done');
    expect(await remembered(world)).toBe('{}');
    world.lambda.deliver(id, 'PROBLEM: Function call failed');
    world.clock.moveTo(NOON + 2 * HOUR);
    expect((await run('rotate', config, world)).outcome).toBe('done');
  });

  it('keeps the time of its problem while the mappings cannot be read', async () => {
    const world = await rotated(config);
    world.lambda.deliver(mappingOf(world, TODAY)!.id, 'PROBLEM: Function call failed');
    await run('rotate', config, world);
    world.lambda.onList = () => {
      throw new ServiceError('access-denied', 'Not allowed to list.');
    };
    await run('rotate', config, world);
    world.lambda.onList = () => {};
    world.clock.moveTo(NOON + HOUR);
    expect(told(await holdsOf(world, config), TODAY)[0]?.shortage?.since).toBe('2026-11-21T12:05:00.000Z');
  });
});

describe('the mapping of a table whose period has ended', () => {
  const config = withConsumers({ keep: 5 });
  /** drainMs is an hour. */
  const DRAINED = NOON + 13 * HOUR;

  /** A world in which a person has deleted the mapping of a table whose period has ended. */
  async function lost(of = config): Promise<World> {
    const world = await rotated(of);
    for (const now of [NOON + 12 * HOUR, DRAINED]) {
      world.clock.moveTo(now);
      await run('rotate', of, world);
      await world.clock.sleep(MINUTE);
    }
    await world.lambda.remove(mappingOf(world, TODAY)!.id);
    await world.clock.sleep(MINUTE);
    return world;
  }
  const consumersOf = async (world: World, of = config) =>
    (await wanted('rotate', of, world)).filter((line) => line.includes(`attach-consumer ${TODAY}`));

  it('is made again while its stream can have changes, once', async () => {
    const world = await lost();
    expect(await consumersOf(world)).toEqual([`attach-consumer ${TODAY} (consumer-missing)`]);
    world.clock.moveTo(DRAINED + DAY - 1);
    await run('rotate', config, world);
    expect(mappingOf(world, TODAY)).toMatchObject({ source: expect.stringContaining(TODAY) });
    expect(await consumersOf(world)).toEqual([]);
  });

  it('is made again of an expired table too, which purge retains meanwhile', async () => {
    const short = withConsumers({ keep: 1 });
    const world = await lost(short);
    expect(await consumersOf(world, short)).toEqual([`attach-consumer ${TODAY} (consumer-missing)`]);
  });

  it('is not made again later, which is said for a day, and no run fails', async () => {
    const world = await lost();
    world.clock.moveTo(DRAINED + DAY);
    await run('rotate', config, world);
    await world.clock.sleep(MINUTE);
    expect(await consumersOf(world)).toEqual([`[attach-consumer ${TODAY} (consumer-missing)]`]);
    const { outcome, holds } = await run('rotate', config, world);
    expect([outcome, holds.map(({ message }) => message)]).toEqual([
      'done',
      [
        "The function visits has no event source mapping of the table's stream. The drain window ended at 2026-11-22 01:00 UTC, and a stream keeps changes for 24 hours, so rotate does not attach it. Changes that the function has not read are lost.",
      ],
    ]);
    world.clock.moveTo(DRAINED + 2 * DAY);
    expect(await consumersOf(world)).toEqual([]);
  });

  it('is not made for a table of another owner', async () => {
    const world = await lost();
    const { tags } = world.table(TODAY);
    for (const key of Object.keys(tags)) delete tags[key];
    // What was seen of the tags is a day old then.
    world.clock.moveTo(DRAINED + DAY - 1);
    expect(await consumersOf(world)).toEqual([`[attach-consumer ${TODAY} (not-owned)]`]);
  });

  it('adds nothing to what is said of the current table, if the function cannot be read or has no stream', async () => {
    const world = await lost();
    world.absent.add('visits');
    expect(await consumersOf(world)).toEqual([]);
    world.absent.clear();
    world.lambda.onList = () => {
      throw new ServiceError('access-denied', 'Not allowed to list.');
    };
    expect(await consumersOf(world)).toEqual([]);
    const without = await rotated(withConsumers({ keep: 5, properties: {}, consumers: [] }));
    without.clock.moveTo(DRAINED);
    expect(await consumersOf(without)).toEqual([]);
  });
});
