import { beforeEach, describe, expect, it } from 'vitest';
import { periodAt } from '../../src/core/calendar/period.ts';
import type { AppliedRetention } from '../../src/core/facts.ts';
import { ServiceError } from '../../src/core/failure.ts';
import { tableOf } from '../../src/core/fleet.ts';
import { Observed } from '../../src/core/observed.ts';
import type { Action } from '../../src/core/plan.ts';
import {
  deletionNotice,
  isUnusual,
  type ScheduleDeletion,
  shorterNotice,
  withNotices,
} from '../../src/core/purging/notices.ts';
import { planPurge } from '../../src/core/purging/purge.ts';
import type { Config, Spec } from '../../src/core/spec.ts';
import type { SimTopic } from '../support/sim/topic.ts';
import { World } from '../support/sim/world.ts';
import {
  at,
  configOf,
  DAY,
  defaultSettings,
  HOUR,
  MINUTE,
  type SpecOptions,
  specOf,
} from '../support/specs.ts';
import { confirmAll, observedOf, run, sayResults } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const name = (day: number | string): string => `production.Events.202611${String(day).padStart(2, '0')}`;

describe('a scheduled deletion is unusual', () => {
  const unusual = (
    options: SpecOptions,
    names: readonly string[],
    record: Partial<AppliedRetention>,
    now = NOON,
  ) => {
    const { maxPerRun: _run, maxPerGroup: _group, ...purge } = defaultSettings.purge;
    const spec = specOf({ onDemand: true, settings: { purge }, ...options });
    const known = names.map((one) => ({ spec, name: one }));
    const applied = { scheme: spec.scheme, keep: spec.keep, since: 0, ...record };
    const draft = planPurge(
      configOf([spec], spec.settings),
      observedOf(known, [], new Map([['Events', applied]])),
      now,
    );
    return draft.actions.map((action) => `${action.table.split('.')[2]}${'notify' in action ? ' told' : ''}`);
  };
  const days = (from: number) => Array.from({ length: 23 - from }, (_, i) => name(from + i));

  it.each<[string, number, Partial<AppliedRetention>, string[]]>([
    ['if it is not the newest that is due', 17, {}, ['20261117 told', '20261118 told', '20261119']],
    ['not if it is the only one', 19, {}, ['20261119']],
    ['if it was due before the retention came into force', 19, { since: NOON - HOUR }, ['20261119 told']],
    ['not if it is due since then', 19, { since: at('2026-11-21') }, ['20261119']],
  ])('%s', (_, from, record, expected) => {
    expect(unusual({ keep: 2 }, days(from), record)).toEqual(expected);
  });

  it.each([
    [at('2026-11-23') - 1, false],
    [at('2026-11-23T00:00') + 1, true],
  ])('if it has been due for more than two days: %d', (now, told) => {
    const current = ['22', '23'].map((day) => name(day));
    const lines = unusual({ keep: 2, settings: { drainMs: 0 } }, [name(19), ...current], {}, now);
    expect(lines).toEqual([`20261119${told ? ' told' : ''}`]);
  });

  it('not if an hourly group has a day of tables', () => {
    const hours = (count: number) =>
      Array.from({ length: count }, (_, i) => {
        const instant = new Date(NOON + (1 - i) * HOUR).toISOString();
        return `production.Events.${instant.replace(/\D/g, '').slice(0, 10)}`;
      });
    const told = (count: number) =>
      unusual({ scheme: 'hourly', keep: 2 }, hours(count), {}).filter((line) => line.endsWith('told')).length;
    expect(told(2 + 1 + 24)).toBe(0);
    expect(told(2 + 1 + 26)).toBe(2);
  });
});

describe('after a change of scheme, a scheduled deletion is unusual', () => {
  it('if it is not the newest of the earlier scheme, although more tables of the present one are usual', () => {
    const until = at('2026-11-21');
    const spec = specOf({ scheme: 'hourly', keep: 2, previously: [{ scheme: 'daily', keep: 2, until }] });
    const names = [name(17), name(18), name(19), name(20), name('2110'), name('2111'), name('2112')];
    const applied = { scheme: spec.scheme, keep: spec.keep, previously: spec.previously, since: 0 };
    const known = names.map((one) => ({ spec, name: one }));
    const observed = observedOf(known, [], new Map([['Events', applied]]));
    const { actions } = planPurge(configOf([spec]), observed, NOON + HOUR / 2);
    expect(actions.map((action) => [action.table, 'notify' in action])).toEqual([
      [name(17), true],
      [name(18), true],
      [name(19), false],
      [name('2110'), false],
    ]);
  });
});

describe('the notice', () => {
  const spec = specOf({ keep: 2 });
  const schedule = (table: string, group = 'Events'): ScheduleDeletion => ({
    kind: 'schedule-deletion',
    job: 'purge',
    group,
    table,
    reason: 'expired',
    message: 'Due.',
    createdAt: '2026-11-19T00:00:00.000Z',
    scheduledAt: '2026-11-21T12:00:00.000Z',
  });
  const hours = (count: number) =>
    Array.from({ length: count }, (_, i) => tableOf(spec, periodAt('daily', NOON - i * DAY), NOON));

  it.each<[string, Observed['retentions'], string]>([
    [
      'since when',
      new Map([['Events', { scheme: 'daily', keep: 2, since: NOON }]]),
      ' since 2026-11-21 12:00 UTC',
    ],
    [
      'no time if it has always been in force',
      new Map([['Events', { scheme: 'daily', keep: 2, since: 0 }]]),
      '',
    ],
    ['no time of another retention', new Map([['Events', { scheme: 'daily', keep: 3, since: NOON }]]), ''],
    ['no time if none is stored', new Map(), ''],
    ['no time if it cannot be read', { error: 'no answer' }, ''],
  ])('of deletions says of the retention %s, and names only groups with tables', (_, retentions, since) => {
    const observed = new Observed([], [], [], new Map(), { retentions });
    const { message } = deletionNotice(
      [schedule(name(19))],
      configOf([spec, specOf({ name: 'Other' })]),
      observed,
    );
    expect(message.split('\n\n')[1]).toBe(
      `Events (daily, PurgeRotation 2${since})\n  ${name(19)}  unknown size\n    Due.`,
    );
    expect(message).not.toContain('Other');
    expect(message.split('\n\n')).toHaveLength(5);
  });

  it.each([
    [10, false],
    [11, true],
  ])('of %i deletions has a command that cancels %s', (count, all) => {
    const actions = hours(count).map((table) => schedule(table.name));
    const { message } = deletionNotice(actions, configOf([spec]), new Observed([]));
    expect(message.includes('turntable cancel-deletion --all ')).toBe(all);
  });

  it.each<[number, number, string | undefined]>([
    [0, 0, undefined],
    [1, 1, undefined],
    [100, 100, undefined],
    [101, 100, '  and 1 more'],
  ])('of a shorter retention that makes %i tables due names %i', (count, named, rest) => {
    const applied = { scheme: 'daily', keep: 200, since: 0 } as const;
    const { message } = shorterNotice(spec, applied, hours(count), new Observed([]), 25);
    const lines = message.split('\n').filter((line) => line.startsWith('  '));
    expect(lines.filter((line) => line.includes('unknown size, retention ended at'))).toHaveLength(named);
    expect(lines.slice(named)).toEqual(rest ? [rest] : []);
    expect(message.includes('The shorter retention makes')).toBe(count > 0);
    expect(message).toContain('at least 72 hours after this notice');
    expect(message.split('\n\n')).toHaveLength(count > 0 ? 5 : 4);
  });

  it('is about scheduled deletions, whatever else happens to tables', () => {
    const of = (day: number) => tableOf(spec, periodAt('daily', at(`2026-11-${day}`)), NOON);
    const other = (kind: 'delete' | 'cancel-deletion', day: number) =>
      ({ ...schedule(name(day)), kind, reason: 'retained' }) as unknown as Action;
    const told = (...actions: Action[]) => {
      const draft = { actions, holds: [], needs: [], learned: new Map(), retentions: new Map() };
      const members = new Map([[spec, [18, 19, 20, 21].map(of)]]);
      return withNotices(draft, members, () => 0, NOON).actions.map((action) => 'notify' in action);
    };
    expect(told(schedule(name(18)), schedule(name(19)))).toEqual([true, false]);
    expect(told(other('delete', 20), schedule(name(19)))).toEqual([false, false]);
    expect(told(other('cancel-deletion', 18), schedule(name(18)), schedule(name(19)))).toEqual([
      false,
      true,
      false,
    ]);
    expect(isUnusual({ ...schedule(name(18)), notify: true })).toBe(true);
    expect(isUnusual(schedule(name(18)))).toBe(false);
  });

  it('is not sent of a weekly table that is less than two weeks late', () => {
    const weekly = specOf({ scheme: 'weekly', keep: 2, onDemand: true });
    const known = ['02', '09', '16', '23'].map((day) => ({ spec: weekly, name: name(day) }));
    const { actions } = planPurge(configOf([weekly]), observedOf(known), NOON);
    expect(actions.map(({ table, ...rest }) => [table, 'notify' in rest])).toEqual([[name('02'), false]]);
  });
});

describe('purge with a topic', () => {
  let world: World;
  let topic: SimTopic;
  beforeEach(() => {
    world = new World(NOON);
    topic = world.openTopic();
  });

  /** The notices of runs are in run-notices.test.ts. */
  const withoutRunNotices = (config: Config): Config => ({ ...config, notices: [] });
  const configured = (keep: number): Config =>
    withoutRunNotices(configOf([specOf({ keep, onDemand: true })]));
  /** Twenty days of tables, while the spec retained all of them. */
  async function aged(): Promise<void> {
    const config = configured(30);
    await confirmAll(config, world);
    for (let day = 0; day < 20; day += 1) {
      world.clock.moveTo(NOON + day * DAY);
      await run('rotate', config, world);
    }
  }
  const days = (count: number) => world.clock.moveTo(world.clock.now() + count * DAY);
  const stored = async () => (await world.ports().state.retentions()).get('Events');
  const scheduledAt = async () =>
    (await world.ports().state.scheduledDeletions()).map((one) => one.scheduledAt);

  it('tells of a shorter retention once, and applies it 72 hours after that', async () => {
    await aged();
    const told = world.clock.now();
    expect((await run('purge', configured(17), world)).outcome).toBe('done');
    expect(topic.published).toEqual([
      {
        at: told,
        subject: 'Turntable production: shorter retention of Events',
        message: `Events in production: PurgeRotation changed from 30 to 17. Nothing is deleted because of that yet.

The shorter retention makes 3 tables due:
  production.Events.20261121  0 B, 0 items, retention ended at 2026-12-08 00:00 UTC
  production.Events.20261122  0 B, 0 items, retention ended at 2026-12-09 00:00 UTC
  production.Events.20261123  0 B, 0 items, retention ended at 2026-12-10 00:00 UTC

If the change is correct, confirm it: turntable confirm Events --env production

If it is wrong, restore it in the configuration.

Otherwise, it takes effect in the first run of purge that is at least 72 hours after this notice. If it makes more than Purge.MaxShare (25%) of the tables due, it takes effect only by the command.`,
        types: ['hold-begun'],
      },
    ]);
    for (let day = 1; day < 3; day += 1) {
      days(1);
      await run('rotate', configured(17), world);
      const waiting = await run('purge', configured(17), world);
      expect(waiting.results).toEqual([]);
      expect(new Set(waiting.holds.map(({ message }) => message))).toEqual(
        new Set([
          'Deletion held: PurgeRotation changed from 30 to 17. If that is correct, run turntable confirm Events --env production. Without this command, the change takes effect at 2026-12-13 12:00 UTC.',
        ]),
      );
    }
    expect(topic.published).toHaveLength(1);
    days(1);
    await run('rotate', configured(17), world);
    expect((await run('purge', configured(17), world)).results.length).toBeGreaterThan(3);
    expect(topic.published).toHaveLength(2);
    expect(await stored()).toEqual({ scheme: 'daily', keep: 17, since: told + 3 * DAY });
  });

  it('tells again if the retention changes again, and the time starts again', async () => {
    await aged();
    await run('purge', configured(17), world);
    days(2);
    await run('rotate', configured(16), world);
    await run('purge', configured(16), world);
    expect(topic.published).toHaveLength(2);
    expect((await stored())?.announced).toMatchObject({ keep: 16, toldAt: world.clock.now() });
  });

  const NOT_TOLD = 'The notice could not be sent, so the deletion is not scheduled: SNS is down.';
  const down = () => {
    throw new ServiceError('unavailable', 'SNS is down.');
  };

  it.each<[string, () => void, number]>([
    ['never', () => (topic.before = down), 0],
    ['only after it has accepted the notice, and the answer is lost', () => (topic.after = down), 1],
  ])('waits with the 72 hours, and fails, if SNS answers %s', async (_, breaks, published) => {
    await aged();
    breaks();
    const failed = await run('purge', configured(17), world);
    expect(failed.outcome).toBe('failed');
    expect(failed.message).toContain('Could not store the retention: SNS is down.');
    expect(topic.published).toHaveLength(published);
    expect(await stored()).not.toHaveProperty('announced');
    topic.before = topic.after = () => {};
    days(2);
    await run('rotate', configured(17), world);
    await run('purge', configured(17), world);
    expect((await stored())?.announced?.toldAt).toBe(world.clock.now());
  });

  it('counts the 72 hours from the answer of SNS if that is late', async () => {
    await aged();
    topic.before = () => world.clock.sleep(20 * MINUTE);
    const started = world.clock.now();
    await run('purge', configured(17), world);
    expect((await stored())?.announced?.toldAt).toBe(started + 20 * MINUTE);
  });

  /** Three tables are due by a retention that an operator has confirmed. */
  async function confirmed(): Promise<Config> {
    await aged();
    const config = configured(17);
    const [spec] = config.specs as [Spec];
    const since = world.clock.now();
    await world.ports().state.recordRetention('Events', { scheme: 'daily', keep: spec.keep, since });
    return config;
  }

  it('tells of unusual deletions before it schedules them, and how to cancel them', async () => {
    const config = await confirmed();
    const before: number[] = [];
    topic.before = async () => void before.push((await scheduledAt()).length);
    const { results, message } = await run('purge', config, world);
    expect(results).toHaveLength(3);
    expect(message).toBe('3 applied, 0 failed or skipped, 0 held.');
    expect(before).toEqual([0]);
    expect(topic.published.map(({ subject }) => subject)).toEqual([
      'Turntable production: deletion of 3 tables scheduled',
    ]);
    expect(topic.published[0]?.message).toBe(
      `Turntable schedules the deletion of 3 tables in production. That is more than the usual one table per period.

Events (daily, PurgeRotation 17 since 2026-12-10 12:00 UTC)
  production.Events.20261121  0 B, 0 items
    Retention ended at 2026-12-08 00:00 UTC, and the waiting period ends at 2026-12-11 00:00 UTC. To keep the table, add the tag turntable:keep.
  production.Events.20261122  0 B, 0 items
    Retention ended at 2026-12-09 00:00 UTC, and the waiting period ends at 2026-12-11 00:00 UTC. To keep the table, add the tag turntable:keep.
  production.Events.20261123  0 B, 0 items
    Retention ended at 2026-12-10 00:00 UTC, and the waiting period ends at 2026-12-11 00:00 UTC. To keep the table, add the tag turntable:keep.

A later run of purge deletes each table after its waiting period, if it is still due.

To cancel: turntable cancel-deletion production.Events.20261121 production.Events.20261122 production.Events.20261123 --env production

A table that is still due is scheduled again, with a new notice. To keep a table, add the tag turntable:keep. If PurgeRotation is wrong, restore it, and rotate cancels the deletions.`,
    );
  });

  it('starts the waiting period when SNS has accepted the notice, if that is late', async () => {
    const config = await confirmed();
    topic.before = () => world.clock.sleep(2 * HOUR);
    const started = world.clock.now();
    const { results } = await run('purge', config, world, started, { end: started + 6 * HOUR });
    expect(await scheduledAt()).toEqual([1, 2, 3].map(() => started + 2 * HOUR));
    expect(results[0]?.action.message).toContain('the waiting period ends at 2026-12-11 02:00 UTC');
    world.clock.moveTo(started + 14 * HOUR - 1);
    await run('rotate', config, world);
    const { holds } = await run('purge', config, world);
    expect(holds.filter(({ reason }) => reason === 'waiting-period')).toHaveLength(3);
  });

  it.each<[string, () => void, number]>([
    ['never', () => (topic.before = down), 0],
    ['only after it has accepted the notice, and the answer is lost', () => (topic.after = down), 1],
  ])('schedules nothing unusual, and fails, if SNS answers %s', async (_, breaks, published) => {
    const config = await confirmed();
    breaks();
    const failed = await run('purge', config, world);
    expect(failed.outcome).toBe('failed');
    expect(failed.results.map(({ outcome, error }) => `${outcome}: ${error}`)).toEqual(
      [1, 2, 3].map(() => `failed: ${NOT_TOLD}`),
    );
    expect(await scheduledAt()).toEqual([]);
    expect(topic.published).toHaveLength(published);
    topic.before = topic.after = () => {};
    world.clock.moveTo(world.clock.now() + 5 * HOUR);
    expect((await run('purge', config, world)).outcome).toBe('done');
    expect(topic.published).toHaveLength(published + 1);
    expect(await scheduledAt()).toEqual([1, 2, 3].map(() => world.clock.now()));
  });

  it('sends nothing and schedules nothing if the run has no time left', async () => {
    const config = await confirmed();
    const now = world.clock.now();
    const { results } = await run('purge', config, world, now, { end: now });
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['skipped']));
    expect(topic.published).toEqual([]);
    expect(await scheduledAt()).toEqual([]);
  });

  it('sends no notice for the usual deletions', async () => {
    const config = configured(2);
    for (let day = 0; day < 10; day += 1) {
      world.clock.moveTo(NOON + day * DAY);
      await run('rotate', config, world);
      expect((await run('purge', config, world)).outcome).toBe('done');
    }
    // Retained, upcoming, waiting, and DELETING.
    expect(world.names()).toHaveLength(2 + 1 + 1 + 1);
    expect(topic.published).toEqual([]);
  });

  it('says in the summary that no notice was sent if there is no topic', async () => {
    const config = await confirmed();
    delete world.topic;
    const { outcome, remark, results } = await run('purge', config, world);
    expect(outcome).toBe('done');
    expect(sayResults({ results } as never)).toHaveLength(3);
    expect(remark).toBe(
      'No notice of 3 scheduled deletions was sent, because no topic is configured. Set TURNTABLE_TOPIC_ARN to the ARN of an SNS topic, such as the output AlarmTopic of the stack.',
    );
  });

  it('names no more than 100 tables in a notice, and schedules only what a notice has named', async () => {
    const config = configOf([specOf({ keep: 1, onDemand: true })]);
    const backfilled = configOf([specOf({ keep: 160, backfill: 150, onDemand: true })]);
    await run('rotate', backfilled, world, NOON, { end: NOON + 10 * HOUR });
    await confirmAll(config, world);
    await world.clock.sleep(MINUTE);
    let calls = 0;
    topic.before = () => {
      calls += 1;
      if (calls === 2) down();
    };
    const wide = withoutRunNotices(
      configOf(
        config.specs.map((spec) => ({
          ...spec,
          settings: { ...spec.settings, purge: { ...spec.settings.purge, maxPerGroup: 500 } },
        })),
        { purge: { ...config.settings.purge, maxPerRun: 500 } },
      ),
    );
    const later = world.clock.now();
    const { results } = await run('purge', wide, world, later, { end: later + HOUR });
    const count = (outcome: string) => results.filter((one) => one.outcome === outcome).length;
    expect([count('applied'), count('failed')]).toEqual([101, 49]);
    expect(topic.published).toHaveLength(1);
    expect(topic.published[0]?.message).toContain('turntable cancel-deletion --all --env production');
  });
});
