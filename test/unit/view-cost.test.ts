/** How `turntable cost` shows figures that are unknown or missing, and their sums. */

import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { type GroupRow, type KnownRow, viewCost } from '../../src/cli/views/cost.ts';

const other = (cost: number) => ({ cost, throttledShare: 0, metricReads: 0 });
const measured: KnownRow['measured'] = {
  since: '2025-10-22T09:00:00.000Z',
  measured: 4,
  onDemand: 3,
  targetTracking: other(2),
  predictive: other(1),
};
const row = (group: string, more: Partial<KnownRow> = {}): KnownRow => ({
  group,
  now: { throughput: 5.004, storage: 0 },
  unread: 0,
  measured,
  ...more,
});
const noData = (group: string): KnownRow => {
  const { measured: _, ...rest } = row(group);
  return rest;
};

const view = (groups: readonly GroupRow[]): string =>
  stripVTControlCharacters(
    viewCost({
      environment: 'production',
      region: 'eu-west-1',
      account: '123456789012',
      at: '2025-11-21T09:00:00.000Z',
      from: '2025-10-22T09:00:00.000Z',
      groups,
    }),
  );
const totalOf = (groups: readonly GroupRow[]): string[] =>
  view(groups)
    .split('\n')
    .find((line) => line.startsWith('all '))!
    .split(/ +/)
    .slice(1);

test.each<[string, readonly GroupRow[], readonly string[]]>([
  ['what is known', [row('A'), row('B')], ['10.01', '0.00', '8.00', '6.00', '4.00', '2.00']],
  ['groups without data', [row('A'), noData('B')], ['10.01', '0.00', '4.00', '3.00', '2.00', '1.00']],
  ['no data at all', [noData('A'), noData('B')], ['10.01', '0.00', '-', '-', '-', '-']],
  [
    'a table that could not be read',
    [row('A', { unread: 1 }), row('B')],
    ['?', '?', '8.00', '6.00', '4.00', '2.00'],
  ],
  [
    'unknown consumption on-demand',
    [row('A', { now: { throughput: null, storage: 1 } }), row('B')],
    ['?', '1.00', '8.00', '6.00', '4.00', '2.00'],
  ],
  ['metrics that could not be read', [row('A'), { group: 'B', error: 'no' }], Array(6).fill('?')],
])('the sum has %s', (_, groups, expected) => {
  expect(totalOf(groups)).toEqual(expected);
});

test('without a spec, the heading fits 80 columns too', () => {
  expect(
    Math.max(
      ...view([])
        .split('\n')
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(80);
});
