/** The notices of what runs did and held. */
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { levelDefaults, settings as settingsSchema } from '../../src/config/schema.ts';
import { ServiceError } from '../../src/core/failure.ts';
import { allEntryKinds } from '../../src/core/history/entry.ts';
import { actionEntries, type RunEntry } from '../../src/core/history/of-run.ts';
import { nothingOpen, type OpenHold, type OpenRecord } from '../../src/core/history/open-holds.ts';
import type { NoticeKind } from '../../src/core/notice.ts';
import { allNoticeKinds } from '../../src/core/notices/kinds.ts';
import { noticesOf } from '../../src/core/notices/of-run.ts';
import {
  afterTelling,
  type News,
  newsOfActions,
  newsOfFailures,
  newsOfHolds,
} from '../../src/core/notices/worth-telling.ts';
import type { Action, Hold } from '../../src/core/plan.ts';
import type { Summary } from '../../src/jobs/run.ts';
import type { Notices } from '../../src/ports.ts';
import { SimTopic } from '../support/sim/topic.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, specOf } from '../support/specs.ts';
import { run } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const TABLE = 'production.Events.20261121';
const ALL: readonly NoticeKind[] = ['schedule-deletion', 'delete', 'hold-begun', 'hold-ended', 'failed'];
const RUN = { environment: 'production', job: 'purge', at: NOON } as const;

const entry = (kind: string, more: object = {}): RunEntry =>
  ({
    at: '2026-11-21T12:00:00.000Z',
    kind,
    job: 'purge',
    group: 'Events',
    table: TABLE,
    reason: 'expired',
    message: 'Retention ended.',
    ...more,
  }) as RunEntry;

describe('the kinds of notices', () => {
  it('are the kinds of the history that runs add, and those that settings.json accepts', () => {
    const accepted = settingsSchema.definitions?.Notices?.items?.enum;
    expect([...allNoticeKinds].sort()).toEqual(allEntryKinds.filter((kind) => kind !== 'command').sort());
    expect([...(accepted ?? [])].sort()).toEqual([...allNoticeKinds].sort());
  });

  it('are by default deletions, holds, failures, and drills that did not pass', () => {
    expect(levelDefaults).toMatchObject({ Notices: [...ALL, 'drill-failed', 'drill-skipped'] });
  });
});

describe('the notice of a run', () => {
  const all = [
    entry('create', {
      table: 'production.Events.20261122',
      message: 'The period starts.',
      reason: 'missing',
    }),
    entry('hold-ended', { held: 'lower', reason: 'unhealthy', since: '2026-11-20T09:00:00.000Z' }),
    entry('schedule-deletion'),
    entry('failed', { action: 'delete', error: 'Access denied.\n  See IAM. (access-denied)' }),
    entry('schedule-deletion', { table: 'production.Events.20261120' }),
    entry('hold-begun', { held: 'delete', reason: 'in-use', message: 'It was read.' }),
  ];

  it('names each event with its table and reason, the most important kinds first', () => {
    const [{ notice, entries } = expect.fail('none')] = noticesOf(all, RUN);
    expect(entries).toHaveLength(all.length);
    expect(notice).toEqual({
      subject:
        'Turntable production: 1 failure, 1 hold began, 2 deletions scheduled, 1 hold ended, 1 table created',
      types: ['failed', 'hold-begun', 'schedule-deletion', 'hold-ended', 'create'],
      message: `The purge run in production at 2026-11-21 12:00 UTC:

1 failure:
  production.Events.20261121  delete: Access denied. See IAM. (access-denied)

1 hold began:
  production.Events.20261121  delete held: It was read. [in-use]

2 deletions scheduled:
  production.Events.20261121  Retention ended. [expired]
  production.Events.20261120  Retention ended. [expired]

1 hold ended:
  production.Events.20261121  lower was held since 2026-11-20 09:00 UTC [unhealthy]

1 table created:
  production.Events.20261122  The period starts. [missing]

More: turntable history --env production`,
    });
  });

  it('has a subject of at most 100 ASCII characters, whatever its kinds are', () => {
    const [one] = noticesOf(
      allNoticeKinds.map((kind) =>
        entry(kind, { action: 'delete', held: 'delete', since: '2026-11-20T00:00Z' }),
      ),
      { ...RUN, environment: 'e'.repeat(64) },
    );
    expect(one?.notice.subject).toMatch(/^[\x20-\x7e]{1,100}$/);
    expect(one?.notice.types).toEqual(allNoticeKinds);
  });

  it('does not exist without events', () => {
    expect(noticesOf([], RUN)).toEqual([]);
  });

  it('becomes several that SNS accepts if it is too long, in bytes, and loses no event', async () => {
    const world = new World(NOON);
    const topic = new SimTopic(world.clock);
    const many = Array.from({ length: 400 }, (_, i) =>
      entry(i % 2 ? 'delete' : 'hold-begun', {
        table: `production.Events.${i}`,
        held: 'delete',
        message: 'é'.repeat(600),
      }),
    );
    const parts = noticesOf(many, RUN);
    for (const { notice } of parts) await topic.publish(notice);
    expect(topic.published.map(({ subject, types }) => [subject, types])).toEqual([
      ['Turntable production: part 1 of 2: 200 holds began, 6 tables deleted', ['hold-begun', 'delete']],
      ['Turntable production: part 2 of 2: 194 tables deleted', ['delete']],
    ]);
    const text = topic.published.map(({ message }) => message).join('\n');
    for (const { table } of many) expect(text).toContain(`  ${table}  `);
    expect(parts.flatMap(({ entries }) => entries)).toHaveLength(400);
  });

  it.each([1_999, 2_000, 1_999 - 'delete: '.length])(
    'is cut between characters, after %d letters',
    (letters) => {
      const error = `${'x'.repeat(letters)}${'\u{1F512}'.repeat(2_000)}`;
      const [one] = noticesOf([entry('failed', { action: 'delete', error })], RUN);
      expect(() => encodeURIComponent(one!.notice.message)).not.toThrow();
    },
  );

  it('cuts a very long error', () => {
    const [one] = noticesOf([entry('failed', { action: 'delete', error: 'x'.repeat(300_000) })], RUN);
    expect(one?.notice.message.length).toBeLessThan(3_000);
  });
});

const hold = (reason: Hold['reason'] = 'in-use', more: Partial<Hold> = {}): Hold => ({
  kind: 'delete',
  job: 'purge',
  group: 'Events',
  table: TABLE,
  reason,
  message: 'It was read.',
  ...more,
});
const open = (reason: Hold['reason'] = 'in-use', more: Partial<OpenHold> = {}): OpenHold => ({
  held: 'delete',
  group: 'Events',
  table: TABLE,
  reason,
  since: NOON,
  seenAt: NOON,
  ...more,
});
const saying = (news: readonly News[]): string[] =>
  news.map(({ entry: { kind, reason } }) => `${kind} ${reason}`);

const nothing = { sent: [], unknown: [], rejected: [] };

describe('people are told of a hold', () => {
  const told = (
    one: { present?: Hold[]; open?: OpenHold[]; ended?: OpenHold[]; told?: OpenRecord['told'] },
    kinds = ALL,
  ) => saying(newsOfHolds({ job: 'purge', present: [], open: [], ended: [], told: {}, ...one }, kinds, NOON));
  const KEY = `Events ${TABLE} in-use`;

  it.each<[string, Parameters<typeof told>[0], readonly NoticeKind[] | undefined, string[]]>([
    ['that began', { present: [hold()], open: [open()] }, ALL, ['hold-begun in-use']],
    [
      'once, although its reads and writes are held',
      { present: [hold(), hold()], open: [open()] },
      ALL,
      ['hold-begun in-use'],
    ],
    ['not if an operator asked for it', { present: [hold('suspended')], open: [open('suspended')] }, ALL, []],
    ['not if it recurs by design', { present: [hold('cool-down')], open: [open('cool-down')] }, ALL, []],
    ['not if they were told of it', { present: [hold()], open: [open('in-use', { told: true })] }, ALL, []],
    [
      'not twice within a day',
      { present: [hold()], open: [open()], told: { [KEY]: NOON - DAY + 1 } },
      ALL,
      [],
    ],
    [
      'again after a day',
      { present: [hold()], open: [open()], told: { [KEY]: NOON - DAY } },
      ALL,
      ['hold-begun in-use'],
    ],
    [
      'although a wrong clock stored a future time',
      { present: [hold()], open: [open()], told: { [KEY]: NOON + 2 * DAY } },
      ALL,
      ['hold-begun in-use'],
    ],
    ['not while a run has no decision on it', { open: [open()] }, ALL, []],
    [
      'that ended, if they know that it began',
      { ended: [open('in-use', { told: true })] },
      ALL,
      ['hold-ended in-use'],
    ],
    ['not that it ended if they do not know that it began', { ended: [open()] }, ALL, []],
    ['not without the kind', { present: [hold()], open: [open()] }, ['hold-ended'], []],
    ['that ended, if they want only that', { ended: [open()] }, ['hold-ended'], ['hold-ended in-use']],
    ['not that a requested one ended', { ended: [open('suspended')] }, ['hold-ended'], []],
  ])('%s', (_, facts, kinds, expected) => {
    expect(told(facts, kinds)).toEqual(expected);
  });

  it.each([
    ['a day if it is unknown whether they were told', 'unknown', DAY],
    ['an hour if the notice was rejected', 'rejected', HOUR],
  ] as const)('again only after %s', (_, outcome, after) => {
    const purge = { job: 'purge', present: [hold()], ended: [] } as const;
    const news = newsOfHolds({ ...purge, open: [open()], told: {} }, ALL, NOON);
    const recorded = afterTelling({ holds: [open()], told: {} }, { ...nothing, [outcome]: news }, NOON);
    const later = (now: number) =>
      newsOfHolds({ ...purge, open: recorded.holds, told: recorded.told }, ALL, now).length;
    expect([later(NOON + HOUR - MINUTE), later(NOON + after - MINUTE), later(NOON + after)]).toEqual([
      0, 0, 1,
    ]);
  });

  it('and the record forgets times that no longer matter', () => {
    const before = { holds: [], told: { old: NOON - DAY, young: NOON - HOUR } };
    expect(afterTelling(before, nothing, NOON).told).toEqual({ young: NOON - HOUR });
  });
});

describe('people are told of an action', () => {
  const action: Action = {
    kind: 'delete',
    job: 'purge',
    group: 'Events',
    table: TABLE,
    reason: 'expired',
    message: 'Due.',
  } as never;
  const failed = actionEntries({ action, outcome: 'failed', error: 'Denied.' }, NOON);

  it('of the kinds that the settings name', () => {
    const entries = [entry('create'), entry('delete'), entry('raise'), ...failed];
    expect(saying(newsOfActions(entries, ALL))).toEqual(['delete expired']);
    expect(saying(newsOfActions(entries, ['raise', 'create']))).toEqual(['create expired', 'raise expired']);
  });

  it('that failed, once a day however often it is tried', () => {
    const first = newsOfFailures(failed, {}, ALL, NOON);
    expect(saying(first)).toEqual(['failed expired']);
    const { told } = afterTelling(nothingOpen, { ...nothing, sent: first }, NOON + 40_000);
    const count = (now: number) => newsOfFailures(failed, told, ALL, now).length;
    expect([count(NOON + MINUTE), count(NOON + DAY - MINUTE), count(NOON + DAY)]).toEqual([0, 0, 1]);
    expect(newsOfFailures(failed, {}, ['delete'], NOON)).toEqual([]);
  });
});

describe('a run', () => {
  const config = configOf([specOf({ keep: 2, onDemand: true })]);
  let world: World;
  let topic: SimTopic;
  beforeEach(async () => {
    world = new World(NOON);
    topic = world.openTopic();
    await run('rotate', config, world);
    await run('purge', config, world);
    world.clock.moveTo(NOON + DAY);
    await run('rotate', config, world);
    topic.published.length = 0;
  });
  const purge = async (day: number, hours = 0): Promise<Summary> => {
    world.clock.moveTo(NOON + day * DAY + hours * HOUR);
    await run('rotate', config, world);
    return run('purge', config, world);
  };
  const subjects = () => topic.published.map(({ subject }) => subject.replace('Turntable production: ', ''));

  it('sends one notice, and none if nothing happens', async () => {
    await purge(2);
    await purge(2, 1);
    expect(subjects()).toEqual(['1 deletion scheduled']);
    await purge(3);
    expect(subjects()).toEqual(['1 deletion scheduled', '1 table deleted, 1 deletion scheduled']);
  });

  it('does not send its own kinds if the settings name none', async () => {
    world.clock.moveTo(NOON + 2 * DAY + HOUR);
    const quiet = { ...config, notices: [] };
    await run('rotate', quiet, world);
    expect((await run('purge', quiet, world)).results).toHaveLength(1);
    expect(topic.published).toEqual([]);
  });

  it.each<[string, () => void]>([
    [
      'rejects it',
      () => {
        topic.before = () => {
          throw new ServiceError('access-denied', 'Publish failed: denied');
        };
      },
    ],
    [
      'does not answer',
      () => {
        topic.before = () => {
          throw new ServiceError('unavailable', 'Publish failed: denied');
        };
      },
    ],
  ])('does everything else if the topic %s, and says so', async (_, breaks) => {
    breaks();
    const { outcome, remark, results } = await purge(2);
    expect([outcome, results.map(({ outcome: one }) => one)]).toEqual(['done', ['applied']]);
    expect(remark).toBe('Could not send the notice of this run to the topic: Publish failed: denied');
  });

  describe('with a hold that begins and ends', () => {
    const bare = configOf([
      specOf({ keep: 2, onDemand: true, properties: { DeletionProtectionEnabled: false } }),
    ]);
    const WAITS = 2 * DAY + HOUR;
    /** Purge some hours after the table is due, while a person has its deletion protection on or off. */
    const guarded = async (on: boolean, hours: number): Promise<string | undefined> => {
      world.clock.moveTo(NOON + WAITS + hours * HOUR);
      await world.ports().tables.protect(TABLE, on);
      await world.clock.sleep(10_000);
      return (await run('purge', bare, world)).remark;
    };
    const ofHolds = () => subjects().filter((one) => one.includes('hold'));
    beforeEach(async () => {
      world = new World(NOON);
      topic = world.openTopic();
      for (const day of [0, 1, 2]) {
        world.clock.moveTo(NOON + day * DAY);
        await run('rotate', bare, world);
        await run('purge', bare, world);
      }
      topic.published.length = 0;
    });

    it('tells of each once, and never twice in a day, however often it begins', async () => {
      const told: string[][] = [];
      for (const [on, hours] of [
        [true, 0],
        [true, 1],
        [false, 2],
        [true, 3],
        [false, 4],
        [true, 5],
        [true, 25],
        [true, 26.5],
        [true, 28],
      ] as const) {
        const before = ofHolds().length;
        await guarded(on, hours);
        told.push(ofHolds().slice(before));
      }
      expect(told).toEqual([
        ['1 hold began'],
        [],
        ['1 deletion scheduled, 1 hold ended'],
        [],
        [],
        [],
        [],
        ['1 hold began'],
        [],
      ]);
    });

    it('tells of it again if the topic rejected the notice, and not within a day if SNS might have sent it', async () => {
      const failing = (code: 'unavailable' | 'access-denied') => {
        topic.before = () => {
          throw new ServiceError(code, 'Publish failed.');
        };
      };
      failing('access-denied');
      expect(await guarded(true, 0)).toBe(
        'Could not send the notice of this run to the topic: Publish failed.',
      );
      failing('unavailable');
      expect(await guarded(true, 1)).toContain('Publish failed.');
      topic.before = () => {};
      await guarded(true, 2);
      await guarded(true, 24.5);
      expect(ofHolds()).toEqual([]);
      await guarded(true, 25.5);
      await guarded(true, 27);
      expect(ofHolds()).toEqual(['1 hold began']);
    });

    it('tells of it a day later if the process ended before it could tell', async () => {
      topic.before = () => new Promise(() => {});
      await Promise.race([guarded(true, 0), new Promise((resolve) => setTimeout(resolve, 50))]);
      topic.before = () => {};
      const told: string[][] = [];
      for (const hours of [1, 23, 24.5, 26]) {
        const before = ofHolds().length;
        await guarded(true, hours);
        told.push(ofHolds().slice(before));
      }
      expect(told).toEqual([[], [], ['1 hold began'], []]);
    });

    it('tells nothing that could come twice if the state table does not remember it', async () => {
      const ports = world.ports.bind(world);
      world.ports = () => {
        const { state, ...rest } = ports();
        const recordHistory = async () => {
          throw new ServiceError('access-denied', 'Denied.');
        };
        return { ...rest, state: Object.assign(Object.create(state), { recordHistory }) };
      };
      expect(await guarded(true, 0)).toBe('Could not add everything to the history: Denied.');
      expect(topic.published).toEqual([]);
    });
  });

  describe('of another job with the same holds', () => {
    const tables = () => world.names();
    const all = ['rotate', 'purge', 'scale'] as const;
    const readable = configOf([specOf({ keep: 2 })]);
    const holdsTold = () =>
      topic.published.flatMap(({ message }) => message.match(/^ {2}\S+ {2}read held/gm) ?? []);
    beforeEach(async () => {
      world = new World(NOON);
      topic = world.openTopic();
      await run('rotate', readable, world);
      const ports = world.ports.bind(world);
      world.ports = () => {
        const { tables: real, ...rest } = ports();
        const describe = async () => {
          throw new ServiceError('access-denied', 'Denied.');
        };
        return { ...rest, tables: Object.assign(Object.create(real), { describe }) };
      };
    });

    it('tells of none that was told within a day', async () => {
      for (const hours of [0, 1, 2]) {
        world.clock.moveTo(NOON + HOUR + hours * HOUR);
        for (const job of all) await run(job, readable, world);
      }
      expect([...holdsTold()].sort()).toEqual(
        tables()
          .map((name) => `  ${name}  read held`)
          .sort(),
      );
    });

    it('reads what the others told once, not in each run', async () => {
      await run('rotate', readable, world);
      await run('scale', readable, world);
      const read: string[] = [];
      const ports = world.ports.bind(world);
      world.ports = () => {
        const { state, ...rest } = ports();
        const openHolds = (job: string) => {
          read.push(job);
          return state.openHolds(job);
        };
        return { ...rest, state: Object.assign(Object.create(state), { openHolds }) };
      };
      world.clock.moveTo(NOON + HOUR);
      await run('scale', readable, world);
      expect(read).toEqual(['scale']);
    });

    it('tells in the next run what it could not compare, and says so', async () => {
      const ports = world.ports.bind(world);
      let fails = true;
      world.ports = () => {
        const { state, ...rest } = ports();
        const openHolds = async (job: string) => {
          if (fails && job !== 'scale') throw new ServiceError('unavailable', 'No answer.');
          return state.openHolds(job);
        };
        return { ...rest, state: Object.assign(Object.create(state), { openHolds }) };
      };
      expect((await run('scale', readable, world)).remark).toContain(
        'Could not read what other jobs have told: No answer.',
      );
      expect(holdsTold()).toEqual([]);
      fails = false;
      world.clock.moveTo(NOON + MINUTE);
      await run('scale', readable, world);
      expect(holdsTold()).toHaveLength(1);
    });
  });

  it('sends what docs/operators.md shows', async () => {
    const bare = { keep: 2, onDemand: true, properties: { DeletionProtectionEnabled: false } };
    const several = configOf([
      specOf({ name: 'SessionFlags', keep: 2, onDemand: true }),
      specOf({ name: 'Clicks', ...bare }),
      specOf({ name: 'Sensors', ...bare }),
    ]);
    const [sessions, clicks, sensors] = ['SessionFlags', 'Clicks', 'Sensors'].map(
      (name) => `production.${name}.20261121`,
    ) as [string, string, string];
    world = new World(at('2026-11-21T03:30'));
    for (const day of [21, 22, 23]) {
      world.clock.moveTo(at(`2026-11-${day}T03:30`));
      await run('rotate', several, world);
      await world.clock.sleep(5 * MINUTE);
      await run('purge', several, world);
    }
    topic = world.openTopic();
    world.clock.moveTo(at('2026-11-24T03:30'));
    await run('rotate', several, world);
    await world.ports().tables.protect(clicks, true);
    world.onCall = (operation, table) => {
      if (operation === 'DeleteTable' && table === sensors)
        throw new ServiceError('access-denied', 'Access is denied');
    };
    await world.clock.sleep(5 * MINUTE);
    await run('purge', several, world, at('2026-11-24T03:35'));
    const [notice = expect.fail('no notice')] = topic.published;
    expect(topic.published).toHaveLength(1);
    expect(notice.message).toContain(sessions);
    const page = readFileSync(new URL('../../docs/operators.md', import.meta.url), 'utf8');
    expect(page).toContain(`\`\`\`\n${notice.subject}\n\n${notice.message}\n\`\`\`\n`);
  });

  it('posts the same to a webhook, and a failing one stops nothing', async () => {
    const hook = new SimTopic(world.clock);
    const ports = world.ports.bind(world);
    world.ports = () => ({ ...ports(), webhook: hook satisfies Notices });
    await purge(2);
    expect(hook.published).toEqual(topic.published);
    hook.before = () => {
      throw new ServiceError('refused', 'HTTP 500');
    };
    expect(await purge(3)).toMatchObject({
      outcome: 'done',
      remark: 'Could not send the notice of this run to the webhook: HTTP 500',
    });
    expect(topic.published).toHaveLength(2);
  });
});
