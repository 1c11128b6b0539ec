import { expect, it } from 'vitest';
import { type Billed, provisionedMonth } from '../../src/core/cost.ts';
import type { Action } from '../../src/core/plan.ts';
import { planCost } from '../../src/core/plan-cost.ts';
import { prices } from '../../src/core/prices.ts';
import { units } from '../support/specs.ts';

const TABLE = 'production.Events.20261121';
const month = (read: number, write: number): number =>
  provisionedMonth(units(read, write), 'STANDARD', prices);

const provisioned: Billed = {
  billingMode: 'PROVISIONED',
  tableClass: 'STANDARD',
  sizeBytes: 2 ** 30,
  capacities: [units(10, 20), { ...units(5, 5), index: 'byUser' }],
};
const onDemand: Billed = { ...provisioned, billingMode: 'PAY_PER_REQUEST', capacities: [] };
const STORAGE = 0.25;

const action = (body: object, table = TABLE): Action =>
  ({ job: 'scale', group: 'Events', table, reason: 'held', message: '', ...body }) as Action;
const change = (from: [number, number], to: [number, number], index?: string) => ({
  from: units(...from),
  to: units(...to),
  ...(index && { index }),
});

const throughput = (read: number, write: number) => ({ ReadCapacityUnits: read, WriteCapacityUnits: write });

it.each<[string, Billed, Action, number]>([
  [
    'a raise and a decrease of an index',
    provisioned,
    action({ kind: 'raise', changes: [change([10, 20], [40, 20]), change([5, 5], [5, 1], 'byUser')] }),
    month(45, 21) + STORAGE,
  ],
  [
    'a switch to on-demand, of which only storage is known',
    provisioned,
    action({ kind: 'billing', billingMode: 'PAY_PER_REQUEST' }),
    STORAGE,
  ],
  [
    'a switch to provisioned',
    onDemand,
    action({ kind: 'billing', billingMode: 'PROVISIONED', throughput: [units(3, 4)] }),
    month(3, 4) + STORAGE,
  ],
  [
    'a table class',
    provisioned,
    action({ kind: 'table-class', tableClass: 'STANDARD_INFREQUENT_ACCESS' }),
    month(15, 25) * 1.25 + 0.1,
  ],
  ['a deletion', provisioned, action({ kind: 'delete' }), 0],
  [
    'a replica, which stores the table once more',
    onDemand,
    action({ kind: 'add-replica', region: 'eu-west-1', input: { RegionName: 'eu-west-1' } }),
    2 * STORAGE,
  ],
  [
    'a scheduled deletion, which changes nothing yet',
    provisioned,
    action({ kind: 'schedule-deletion' }),
    month(15, 25) + STORAGE,
  ],
])('counts %s', (_, state, one, after) => {
  const [cost] = planCost([one], [{ name: TABLE, group: 'Events', state }], prices);
  expect(cost!.after).toBeCloseTo(after, 10);
  expect(cost!.before).toBeCloseTo(state === onDemand ? STORAGE : month(15, 25) + STORAGE, 10);
});

it('counts a created table with its indexes, beside a table that stays', () => {
  const input = {
    TableName: 'new',
    ProvisionedThroughput: throughput(1, 2),
    GlobalSecondaryIndexes: [{ IndexName: 'byUser', ProvisionedThroughput: throughput(3, 4) }],
  };
  const [cost, ...others] = planCost(
    [action({ kind: 'create', input }, 'new')],
    [{ name: TABLE, group: 'Events', state: provisioned }],
    prices,
  );
  expect(others).toEqual([]);
  expect(cost!.after - cost!.before).toBeCloseTo(month(4, 6), 10);
});

it('says what it does not count: on-demand requests, and tables that could not be read', () => {
  expect(
    planCost(
      [],
      [
        { name: TABLE, group: 'Events', state: onDemand },
        { name: 'unread', group: 'Events', state: undefined },
      ],
      prices,
    ),
  ).toEqual([{ group: 'Events', before: STORAGE, after: STORAGE, onDemand: 1, unread: 1 }]);
});
