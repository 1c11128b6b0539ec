import { describe, expect, it } from 'vitest';
import { ceilingOf, cutsOf } from '../../src/chart/ceiling.ts';
import { stepsIn } from '../../src/chart/series.ts';
import { type Limits, moved, pinched, selected, within, zoomed } from '../../src/chart/view.ts';
import { axisTexts, rangeText, rateText } from '../../src/chart/words.ts';

const limits: Limits = { from: 1000, to: 2000, least: 100 };

describe('the view of a chart', () => {
  it('stays within the limits', () => {
    expect(within(limits, 500, 200)).toEqual({ from: 1000, to: 1200 });
    expect(within(limits, 1950, 200)).toEqual({ from: 1800, to: 2000 });
    expect(within(limits, 1500, 1)).toEqual({ from: 1500, to: 1600 });
    expect(within(limits, 0, 5000)).toEqual({ from: 1000, to: 2000 });
  });

  it('shows a shorter time than the shortest one whole', () => {
    expect(within({ from: 0, to: 50, least: 100 }, 10, 20)).toEqual({ from: 0, to: 50 });
  });

  it('zooms around an instant, which stays where it is', () => {
    const view = zoomed(limits, limits, 1250, 0.5);
    expect(view).toEqual({ from: 1125, to: 1625 });
    expect((1250 - view.from) / (view.to - view.from)).toBeCloseTo(0.25);
    expect(zoomed(limits, view, 1250, 100)).toEqual({ from: 1000, to: 2000 });
  });

  it('moves by a share of what is visible', () => {
    expect(moved(limits, { from: 1200, to: 1400 }, 0.25)).toEqual({ from: 1250, to: 1450 });
    expect(moved(limits, { from: 1200, to: 1400 }, -5)).toEqual({ from: 1000, to: 1200 });
  });

  it('shows a selection in either direction', () => {
    expect(selected(limits, 1700, 1400)).toEqual({ from: 1400, to: 1700 });
  });

  it('keeps the instants below two fingers', () => {
    const before: [number, number] = [20, 60];
    const after: [number, number] = [10, 90];
    const view = pinched(limits, limits, before, after, 100);
    const at = (place: number): number => view.from + ((view.to - view.from) * place) / 100;
    expect([at(10), at(90)]).toEqual([expect.closeTo(1200), expect.closeTo(1600)]);
    expect(pinched(limits, view, after, before, 100)).toEqual({ from: 1000, to: 2000 });
    expect(pinched(limits, limits, [50, 50], [50, 50], 100)).toEqual(
      expect.objectContaining({ to: expect.any(Number) }),
    );
  });
});

describe('the top of the axis', () => {
  const usual = Array.from({ length: 1000 }, (_, i) => 50 + (i % 20));
  const outlier = usual.with(500, 20_000);

  it('is above the highest value if that flattens nothing', () => {
    expect(ceilingOf([usual], 0, 1000)).toEqual({ top: expect.closeTo(69 * 1.08), cuts: false });
    expect(ceilingOf([usual.with(500, 180)], 0, 1000)).toMatchObject({ cuts: false });
    expect(ceilingOf([[0, 0]], 0, 2).top).toBeGreaterThanOrEqual(1);
  });

  it('does not follow an outlier, which gets a mark', () => {
    const { top, cuts } = ceilingOf([outlier], 0, 1000);
    expect([top, cuts]).toEqual([expect.closeTo(69 * 1.08), true]);
    expect(cutsOf([outlier], 0, 1000, top, 3)).toEqual([{ first: 500, last: 500, highest: 20_000 }]);
  });

  it('follows it again when the view is close to it', () => {
    expect(ceilingOf([outlier], 480, 520)).toEqual({ top: expect.closeTo(21_600), cuts: false });
  });

  it('follows the higher of two series, however rare its values are', () => {
    const rare = new Float64Array(1000).fill(0, 0, 1000);
    rare[3] = 400;
    expect(ceilingOf([usual, rare], 0, 1000)).toEqual({ top: expect.closeTo(432), cuts: false });
  });

  it('marks neighbors once, with the highest', () => {
    const values = [1, 9, 1, 8, 1, 1, 1, 1, 7];
    expect(cutsOf([values, []], 0, 9, 5, 2)).toEqual([
      { first: 1, last: 3, highest: 9 },
      { first: 8, last: 8, highest: 7 },
    ]);
  });

  it('finds a peak between the samples of a long series', () => {
    const year = new Float64Array(525_600).fill(10);
    year.fill(90, 1000, 40_000);
    expect(ceilingOf([year], 0, year.length).top).toBeCloseTo(90 * 1.08);
  });
});

describe('the texts of a chart', () => {
  it('are in UTC, with the date where it changes', () => {
    const noon = Date.parse('2026-11-21T12:00Z') / 1000;
    expect(axisTexts([noon, noon + 21_600, noon + 43_200], 21_600)).toEqual([
      '12:00\n2026-11-21',
      '18:00',
      '00:00\n2026-11-22',
    ]);
    expect(axisTexts([noon + 43_200], 86_400)).toEqual(['2026-11-22']);
    expect(rangeText(noon, noon + 60)).toBe('2026-11-21 12:00 to 2026-11-21 12:01 UTC');
    expect([0.25, 9.96, 1234.5].map(rateText)).toEqual(['0.3', '10', '1,235']);
  });

  it('are of at least one step', () => {
    const data = {
      start: 0,
      stepSeconds: 60,
      area: { name: '', values: new Float64Array(10) },
      lines: [],
      label: '',
    };
    expect(stepsIn(data, { from: 0, to: 600 })).toEqual([0, 10]);
    expect(stepsIn(data, { from: 90, to: 90 })).toEqual([1, 2]);
    expect(stepsIn(data, { from: -5, to: 900 })).toEqual([0, 10]);
    expect(stepsIn(data, { from: 9000, to: 9000 })).toEqual([9, 10]);
  });
});
