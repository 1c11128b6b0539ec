import { describe, expect, it } from 'vitest';
import { parseInstant, sayInstant } from '../../src/core/calendar/instant.ts';
import { serveMinute } from '../../src/core/capacity/burst.ts';
import { type Decreases, decreasesToday, nextDecreaseAt } from '../../src/core/capacity/quota.ts';
import { at } from '../support/specs.ts';

describe('decreases of a UTC day', () => {
  const day = '2026-11-21T';
  it.each<[string, Decreases, string, string]>([
    ['the first is free', { decreases: 0 }, `${day}12:00`, `${day}12:00`],
    ['the fourth is free', { decreases: 3, lastDecrease: at(`${day}11:59`) }, `${day}12:00`, `${day}12:00`],
    [
      'the fifth is allowed an hour after the fourth',
      { decreases: 4, lastDecrease: at(`${day}11:59`) },
      `${day}12:00`,
      `${day}12:59`,
    ],
    [
      'the sixth is allowed an hour after the fifth',
      { decreases: 5, lastDecrease: at(`${day}10:30`) },
      `${day}11:00`,
      `${day}11:30`,
    ],
    [
      'the next is allowed no later than midnight',
      { decreases: 9, lastDecrease: at(`${day}23:30`) },
      `${day}23:45`,
      '2026-11-22T00:00',
    ],
    [
      'four are free again after midnight',
      { decreases: 9, lastDecrease: at(`${day}23:30`) },
      '2026-11-22T00:00',
      '2026-11-22T00:00',
    ],
  ])('%s', (_, state, now, expected) => {
    expect(sayInstant(Math.max(nextDecreaseAt(state, at(now)), at(now)))).toBe(sayInstant(at(expected)));
  });

  it('are limited to 27', () => {
    const end = at('2026-11-22');
    let state: Decreases = { decreases: 0 };
    let count = 0;
    for (let now = at('2026-11-21'); now < end; now += 60_000) {
      if (nextDecreaseAt(state, now) > now) continue;
      state = { decreases: decreasesToday(state, now) + 1, lastDecrease: now };
      count += 1;
    }
    expect(count).toBe(27);
  });
});

describe('an instant as text', () => {
  it.each<[string, string | undefined]>([
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21T06:00', '2026-11-21T06:00:00.000Z'],
    ['2026-11-21 06:00', '2026-11-21T06:00:00.000Z'],
    ['2026-11-21T06:00:01Z', '2026-11-21T06:00:01.000Z'],
    ['2026-11-21T06:00:01.5Z', '2026-11-21T06:00:01.500Z'],
    ['2026-11-21T06:00+02:00', '2026-11-21T04:00:00.000Z'],
    ['2026-11-21T06:00-0530', '2026-11-21T11:30:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2023-02-29', undefined],
    ['2026-02-30T12:00Z', undefined],
    ['2026-13-01', undefined],
    ['2026-11-21T25:00', undefined],
    ['2026-11-21T06', undefined],
    ['21.11.2026', undefined],
    ['now', undefined],
    ['', undefined],
    ['1763705000000', undefined],
    ['2026-11-21T06:00:00Z\n', undefined],
  ])('reads %j as %s', (text, expected) => {
    const instant = parseInstant(text);
    expect(instant === undefined ? undefined : new Date(instant).toISOString()).toBe(expected);
  });
});

describe('the burst capacity', () => {
  it('gains unused capacity, up to five minutes of it', () => {
    expect(serveMinute(4, 10, 0)).toEqual({ consumed: 4, throttled: 0, burstBalance: 360 });
    expect(serveMinute(0, 10, 2900)).toEqual({ consumed: 0, throttled: 0, burstBalance: 3000 });
  });

  it('serves what exceeds capacity, and then throttles', () => {
    expect(serveMinute(20, 10, 1000)).toEqual({ consumed: 20, throttled: 0, burstBalance: 400 });
    expect(serveMinute(20, 10, 300)).toEqual({ consumed: 15, throttled: 5, burstBalance: 0 });
  });

  it('is limited by the present capacity', () => {
    expect(serveMinute(2, 1, 5000)).toEqual({ consumed: 2, throttled: 0, burstBalance: 240 });
  });
});
