import { describe, expect, it } from 'vitest';
import type { TableState } from '../../src/core/facts.ts';
import type { Table } from '../../src/core/fleet.ts';
import { isDueToBeSeen, seenUntil, stillSeen } from '../../src/core/guards/seen-ownership.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, specOf } from '../support/specs.ts';
import { run } from '../support/worlds.ts';

const MIDNIGHT = at('2026-11-21');
const ids = Array.from({ length: 2_000 }, (_, i) => `0a1b2c3d-${i}`);
const timeOfDay = (instant: number): number => instant % DAY;

describe('tags that were seen', () => {
  it.each([0, 5, 50, 6 * 60, 12 * 60, 17 * 60, 23 * 60 + 50])(
    'count for a day at most, and never until an hour before or after midnight, seen %d minutes after it',
    (minutes) => {
      const seenAt = MIDNIGHT + minutes * MINUTE;
      for (const id of ids) {
        const until = seenUntil(id, seenAt);
        expect(until).toBeGreaterThan(seenAt);
        expect(until).toBeLessThanOrEqual(seenAt + DAY);
        if (timeOfDay(seenAt) < HOUR || timeOfDay(seenAt) > 23 * HOUR) {
          expect(timeOfDay(until)).toBeGreaterThan(HOUR);
          expect(timeOfDay(until)).toBeLessThan(23 * HOUR);
        }
      }
    },
  );

  it('are read again at times that spread over ten hours', () => {
    const hours = new Map<number, number>();
    for (const id of ids) {
      const hour = Math.floor(timeOfDay(seenUntil(id, MIDNIGHT)) / HOUR);
      hours.set(hour, (hours.get(hour) ?? 0) + 1);
    }
    expect([...hours.keys()].sort((a, b) => a - b)).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    for (const count of hours.values()) expect(count).toBeLessThan(300);
  });

  it('are read once a day, at the same time', () => {
    for (const id of ids.slice(0, 50)) {
      const first = seenUntil(id, MIDNIGHT);
      expect(seenUntil(id, first)).toBe(first + DAY);
    }
  });

  it('count for nothing if they are old, or from the future', () => {
    const seenAt = new Map([
      ['new', MIDNIGHT - HOUR],
      ['old', MIDNIGHT - DAY],
      ['future', MIDNIGHT + HOUR],
      ['invalid', Number.NaN],
    ]);
    expect([...stillSeen({ schemes: 'daily', seenAt }, MIDNIGHT).seenAt.keys()]).toEqual(['new']);
  });

  it.each<[string, string, string, boolean]>([
    ['just after its creation at night', '2026-11-20T00:05', '2026-11-20T00:50', false],
    ['in the evening after its creation at night', '2026-11-20T00:05', '2026-11-20T18:00', true],
    ['just after its creation in the daytime', '2026-11-20T12:00', '2026-11-20T12:05', true],
    ['two hours before its period', '2026-11-20T21:00', '2026-11-20T22:00', true],
    ['in its period', '2026-11-21T00:01', '2026-11-21T00:02', true],
  ])('of a table are due to be read %s: created %s, now %s, due %s', (_, created, now, due) => {
    const period = { start: MIDNIGHT, end: MIDNIGHT + DAY };
    const state = { id: 'a', createdAt: at(created) } as TableState;
    expect(isDueToBeSeen({ period } as Table, state, at(now))).toBe(due);
  });
});

describe('a steady fleet', () => {
  it('reads the tags of a table at most once a day, none around midnight, and writes only then', async () => {
    const config = configOf(
      ['A', 'B', 'C', 'D'].map((name) => specOf({ name, settings: { warmUpMs: 20 * MINUTE } })),
    );
    const world = new World(MIDNIGHT + 12 * HOUR);
    const ports = world.ports();
    const reads: { table: string; at: number }[] = [];
    let writes = 0;
    const watched = Object.assign(Object.create(world) as World, {
      ports: () => ({
        ...ports,
        tables: {
          ...ports.tables,
          tags: (arn: string) => {
            reads.push({ table: arn.slice(arn.indexOf('/') + 1), at: world.clock.now() });
            return ports.tables.tags(arn);
          },
        },
        state: {
          ...ports.state,
          rememberOwnership: (...args: Parameters<typeof ports.state.rememberOwnership>) => {
            writes += 1;
            return ports.state.rememberOwnership(...args);
          },
        },
      }),
    });
    const changes: string[] = [];
    const end = MIDNIGHT + 4 * DAY;
    for (let now = world.clock.now(); now < end; now += MINUTE) {
      world.clock.moveTo(now);
      const minute = (now / MINUTE) % 60;
      for (const name of world.names())
        if (name.endsWith(new Date(now).toISOString().slice(0, 10).replaceAll('-', '')))
          world.demand(name, 'write', 300);
      if (minute % 5 !== 0) continue;
      const jobs = minute === 5 || minute === 50 ? (['rotate', 'scale'] as const) : (['scale'] as const);
      for (const job of jobs) {
        const { results } = await run(job, config, watched, now);
        changes.push(
          ...results.map(({ action }) => `${action.kind} at ${Math.floor(timeOfDay(now) / HOUR)}`),
        );
      }
    }
    expect([...new Set(changes)]).toEqual(
      expect.arrayContaining(['raise at 23', 'lower at 1', 'create at 0']),
    );
    const steady = reads.filter((read) => read.at >= MIDNIGHT + DAY + 12 * HOUR);
    expect(steady.length).toBeGreaterThan(0);
    expect(
      steady.map((read) => timeOfDay(read.at)).every((time) => time >= 7 * HOUR && time <= 22.1 * HOUR),
    ).toBe(true);
    const perDay = new Map<string, number>();
    for (const read of steady) {
      const key = `${read.table} on day ${Math.floor(read.at / DAY)}`;
      perDay.set(key, (perDay.get(key) ?? 0) + 1);
    }
    expect(Math.max(...perDay.values())).toBe(1);
    expect(writes).toBeLessThanOrEqual(reads.length);
  });
});
