/** What `turntable explain` knows without AWS: which table a name means, what comes next, and what predictive weighs. */
import { describe, expect, it } from 'vitest';
import { iso } from '../../src/core/calendar/instant.ts';
import { periodOf } from '../../src/core/calendar/rotation.ts';
import type { Decreases } from '../../src/core/capacity/quota.ts';
import { nextEvents } from '../../src/core/explaining/next.ts';
import { subjectOf } from '../../src/core/explaining/subject.ts';
import type { TableState } from '../../src/core/facts.ts';
import { tableOf } from '../../src/core/fleet.ts';
import { Observed } from '../../src/core/observed.ts';
import { predictive } from '../../src/core/scaling/methods/predictive/index.ts';
import { at, configOf, HOUR, MINUTE, specOf } from '../support/specs.ts';

const NOW = at('2025-11-21T09:00');
const config = configOf([
  specOf({ name: 'Events' }),
  specOf({ name: 'Visits', scheme: 'weekly' }),
  specOf({ name: 'Settings', scheme: 'none' }),
]);

describe('a name', () => {
  it.each([
    ['production.Events.20251120', 'production.Events.20251120'],
    ['Events.20251120', 'production.Events.20251120'],
    ['Events', 'production.Events.20251121'],
    ['production.Events', 'production.Events.20251121'],
    ['Settings', 'production.Settings'],
    ['production.Visits.20251117', 'production.Visits.20251117'],
  ])('means a table: %s is %s', (text, name) => {
    expect(subjectOf(config, text, NOW)).toMatchObject({ managed: { name } });
  });

  it.each<[string, object]>([
    [
      'Visits.20251118',
      {
        other: 'production.Visits.20251118',
        meant: 'production.Visits.20251117',
        why: expect.stringContaining('No weekly period of Visits starts at 2025-11-18 00:00 UTC'),
      },
    ],
    [
      'production.Events.20251121.backup',
      { why: 'Tables of Events have names such as production.Events.20251121.' },
    ],
    [
      'staging.Events.20251121',
      {
        why: 'The table belongs to the environment staging, and the command is for production. Use --env staging.',
      },
    ],
    ['production.turntable', { why: expect.stringContaining('This is the state table of Turntable.') }],
    ['Orders', { other: 'production.Orders' }],
  ])('is no managed table, for a reason: %s', (text, expected) => {
    expect(subjectOf(config, text, NOW)).toMatchObject(expected);
    expect(subjectOf(config, text, NOW)).not.toHaveProperty('managed');
  });
});

describe('what comes next', () => {
  const spec = specOf({ name: 'Events', keep: 2 });
  const state = (createdAt: number) =>
    ({
      name: 'a',
      createdAt,
      status: 'ACTIVE',
      billingMode: 'PROVISIONED',
      capacities: [],
    }) as unknown as TableState;
  const created = at('2025-11-18');
  const eventsOf = (
    day: string,
    scheduledAt?: number,
    existing = true,
    hold?: { reason: 'keep-tag' },
  ): string[] => {
    const table = tableOf(spec, periodOf(spec, at(day)), NOW);
    const scheduled =
      scheduledAt === undefined ? [] : [{ table: table.name, createdAt: created, scheduledAt }];
    const observed = new Observed([table.name], scheduled);
    return nextEvents(table, existing ? state(created) : undefined, observed, NOW, hold).map(
      ({ at: when, what }) => `${when === undefined ? 'next run' : iso(when).slice(0, 16)} ${what}`,
    );
  };

  it.each<[string, string[], string, number?, boolean?, { reason: 'keep-tag' }?]>([
    [
      'an upcoming table that does not exist',
      [
        '2025-11-23T00:00 Rotate creates the table in its first run from then on.',
        '2025-11-24T00:00 The period starts.',
        '2025-11-25T00:00 The period ends. The table drains.',
        '2025-11-25T01:00 The drain window ends. The table is outdated.',
        '2025-11-26T00:00 Retention ends. The next run of purge schedules the deletion, and a run at least 12 hours later deletes the table.',
      ],
      '2025-11-24',
      undefined,
      false,
    ],
    [
      'an outdated table',
      [
        '2025-11-22T00:00 Retention ends. The next run of purge schedules the deletion, and a run at least 12 hours later deletes the table.',
      ],
      '2025-11-20',
    ],
    [
      'an expired table',
      [
        'next run Retention has ended. The next run of purge schedules the deletion, and a run at least 12 hours later deletes the table.',
      ],
      '2025-11-19',
    ],
    [
      'a scheduled deletion',
      [
        '2025-11-21T15:00 The deletion was scheduled at 2025-11-21 03:00 UTC. The first run of purge after the waiting period deletes the table, if it is still due.',
      ],
      '2025-11-19',
      NOW - 6 * HOUR,
    ],
    [
      'a waiting period that has ended',
      [
        'next run The deletion was scheduled at 2025-11-20 19:00 UTC. The first run of purge after the waiting period deletes the table, if it is still due.',
      ],
      '2025-11-19',
      NOW - 14 * HOUR,
    ],
    ['a deleted table', [], '2025-11-10', undefined, false],
    ['a table that is missing before its retention ends', [], '2025-11-20', undefined, false],
    [
      'an outdated table whose deletion is held',
      ['2025-11-22T00:00 Retention ends. Purge does not delete the table while it is held: keep-tag.'],
      '2025-11-20',
      undefined,
      true,
      { reason: 'keep-tag' },
    ],
    [
      'an expired table whose deletion is held',
      ['next run Retention has ended. Purge does not delete the table while it is held: keep-tag.'],
      '2025-11-19',
      undefined,
      true,
      { reason: 'keep-tag' },
    ],
  ])('is known of %s', (_, events, day, scheduledAt, existing, hold) => {
    expect(eventsOf(day, scheduledAt, existing, hold)).toEqual(events);
  });
});

describe('predictive', () => {
  const learnedFrom = (demand: readonly number[], capacity: number) =>
    demand.reduce(
      (memory, consumed, i) => predictive.learn(memory, { at: i * MINUTE, consumed, throttled: 0 }, capacity),
      predictive.begin(capacity),
    );
  const flat = (minutes: number, demand: number) => Array<number>(minutes).fill(demand);
  const quota: Decreases = { decreases: 4, lastDecrease: NOW - 10 * MINUTE };

  it.each<[string, number[], number, Decreases, string]>([
    ['that all is needed', flat(600, 100), 100, { decreases: 0 }, 'All of the capacity is needed.'],
    [
      'that the quota is used up',
      flat(600, 10),
      100,
      quota,
      "would be sufficient. DynamoDB's quota allows the next decrease at 2025-11-21 09:50 UTC.",
    ],
    [
      'that a decrease would be too small',
      flat(600, 100),
      118,
      { decreases: 0 },
      'would be sufficient. The difference is too small to spend a decrease of the quota.',
    ],
  ])('says %s', (_, demand, provisioned, decreases, expected) => {
    const moment = { now: NOW, provisioned, decreases };
    expect(predictive.explain(learnedFrom(demand, provisioned), moment).join(' ')).toContain(expected);
  });

  it('says the demand and the burst capacity that it relies on, and changes nothing', () => {
    const memory = learnedFrom([...flat(600, 40), 52], 60);
    const before = structuredClone(memory);
    const lines = predictive.explain(memory, { now: NOW, provisioned: 60, decreases: { decreases: 0 } });
    expect(lines[0]).toMatch(
      /^Demand was 52\/s in the newest minute that was learned\. \d+(\.\d)?\/s is expected, and at most \d+(\.\d)?\/s is likely\.$/,
    );
    expect(lines[1]).toMatch(/^It relies on \d+% of burst capacity: \d+ of \d+ unit-seconds are left\.$/);
    expect(memory).toEqual(before);
  });

  it('explains a raise by its proposal alone', () => {
    const memory = learnedFrom([...flat(600, 40), 120, 160, 200], 60);
    const moment = { now: NOW, provisioned: 60, decreases: { decreases: 0 } };
    expect(predictive.decide(memory, moment).proposal.units).toBeGreaterThan(60);
    expect(predictive.explain(memory, moment)).toHaveLength(2);
  });
});
