import { describe, expect, it } from 'vitest';
import { type Controller, simulate } from '../../src/backtest/simulate.ts';

const series = (demand: number[], start = 0) => ({ name: 'test', start, demand: Float64Array.from(demand) });
const stay: Controller = ({ provisioned }) => provisioned;
const flat = (minutes: number, demand = 1) => Array.from({ length: minutes }, () => demand);

describe('a simulated table', () => {
  it('starts at 70% utilization, and uses its full burst capacity before it throttles', () => {
    const { capacity, throttled } = simulate(series([7, 60, 12, 60]), stay);
    expect([...capacity]).toEqual([10, 10, 10, 10]);
    // 3,000 unit-seconds are left. The second minute needs 3,000, so the third throttles 2 units per second.
    expect([...throttled]).toEqual([0, 0, 2, 50]);
  });

  it('has no burst capacity if the options say so', () => {
    expect([...simulate(series([7, 12]), stay, { burstSeconds: 0 }).throttled]).toEqual([0, 2]);
  });

  it('changes capacity two minutes after a request, and accepts no other meanwhile', () => {
    const asked: number[] = [];
    const { capacity, raises } = simulate(
      series(flat(6)),
      ({ t, provisioned }) => {
        asked.push(t);
        return provisioned + 1;
      },
      { initial: 1 },
    );
    expect([...capacity]).toEqual([1, 1, 2, 2, 3, 3]);
    expect(asked).toEqual([0, 2, 4]);
    expect(raises).toBe(3);
  });

  it('gives a controller data that is a minute old, and never the minute of the decision', () => {
    const seen: number[][] = [];
    simulate(series([1, 2, 3, 4]), ({ consumed, provisioned }) => {
      seen.push([...consumed]);
      return provisioned;
    });
    expect(seen).toEqual([
      [0, 0, 0, 0],
      [1, 0, 0, 0],
      [1, 2, 0, 0],
      [1, 2, 3, 0],
    ]);
  });

  it('lowers four times per UTC day, then hourly, and again after midnight', () => {
    const at: number[] = [];
    let last = 1_000;
    const { refused, decreases } = simulate(
      series(flat(200), 22 * 3_600_000),
      ({ t, provisioned }) => {
        if (provisioned < last) at.push(t);
        last = provisioned;
        return provisioned - 1;
      },
      { initial: 1_000 },
    );
    // Each change shows two minutes after its request. Midnight is minute 120.
    expect(at).toEqual([2, 4, 6, 8, 68, 122, 124, 126, 128, 188]);
    expect(decreases).toBe(10);
    expect(refused).toBeGreaterThan(0);
  });

  it('limits capacity to whole units between 1 and the quota of a table', () => {
    const { capacity } = simulate(series(flat(6)), ({ t }) => (t === 0 ? 1e9 : -5), { initial: 1.2 });
    expect([...capacity]).toEqual([2, 2, 40_000, 40_000, 1, 1]);
  });
});
