/** A report as JSON, for tests of what shows it. */
import type { Chart, FleetReport, GroupReport, TableReport } from '../../src/core/report/model.ts';
import { at } from './specs.ts';

const HOUR = 3_600_000;
const AT = at('2026-11-22T12:00');
const iso = (instant: number): string => new Date(instant).toISOString();

/** Charts have so many points. */
export const POINTS = 288;
const FROM = AT - POINTS * 5 * 60_000;

function aTable(day: number, changes: Partial<TableReport> = {}): TableReport {
  const starts = at('2026-11-22') + (day - 22) * 24 * HOUR;
  const ends = starts + 24 * HOUR;
  return {
    name: `production.Events.202611${day}`,
    state: 'active',
    status: 'ACTIVE',
    createdAt: iso(starts - 24 * HOUR),
    starts: iso(starts),
    ends: iso(ends),
    drained: iso(ends + HOUR),
    expires: iso(ends),
    deletionScheduledAt: null,
    deletableFrom: null,
    deletedAt: null,
    stretches: [
      { state: 'active', from: iso(Math.max(FROM, starts)), to: iso(Math.min(ends, AT + 6 * HOUR)) },
    ],
    cost: { throughput: 12, storage: 0.5 },
    next: `ends ${iso(ends).slice(0, 16).replace('T', ' ')} UTC`,
    ...changes,
  };
}

const tables: readonly TableReport[] = [
  aTable(23, {
    state: 'upcoming',
    stretches: [{ state: 'upcoming', from: iso(AT - HOUR), to: iso(AT + 6 * HOUR) }],
  }),
  aTable(22),
  aTable(21, {
    state: 'deletion-scheduled',
    deletionScheduledAt: iso(AT - 6 * HOUR),
    deletableFrom: iso(AT + 6 * HOUR),
    stretches: [
      { state: 'active', from: iso(FROM), to: iso(at('2026-11-22')) },
      { state: 'draining', from: iso(at('2026-11-22')), to: iso(at('2026-11-22T01:00')) },
      { state: 'expired', from: iso(at('2026-11-22T01:00')), to: iso(AT - 6 * HOUR) },
      { state: 'deletion-scheduled', from: iso(AT - 6 * HOUR), to: iso(AT + 6 * HOUR) },
    ],
  }),
  aTable(20, { state: 'deleted', status: 'DELETED', cost: null, next: '', stretches: [] }),
];

const aChart = (dimension: Chart['dimension'], peak: number): Chart => ({
  dimension,
  // A day that rises and falls, with one outlier.
  consumed: Array.from({ length: POINTS }, (_, i) => [
    1,
    i === 200 ? 40 * peak : Math.round(peak * (1 + Math.sin(i / 30))),
  ]).flat(),
  capacity: [150, 2 * peak + 1, POINTS - 150, 2 * peak + 5],
  throttled: peak === 0 ? [POINTS, 0] : [200, 0, 2, 617, POINTS - 202, 0],
  tables: [
    {
      table: 'production.Events.20261122',
      from: iso(FROM),
      to: iso(AT),
      meanConsumed: peak,
      peakConsumed: 40 * peak,
      lowestCapacity: 2 * peak + 1,
      highestCapacity: 2 * peak + 5,
      throttled: peak === 0 ? 0 : 1234,
    },
  ],
});

export function aGroup(changes: Partial<GroupReport> = {}): GroupReport {
  const { name = 'Events' } = changes;
  const table = `production.${name}.20261122`;
  return {
    name,
    scheme: 'daily',
    retains: 1,
    regions: [],
    tables: tables.map((one) => ({ ...one, name: one.name.replace('Events', () => name) })),
    omitted: 0,
    charts: [aChart('write', 5), aChart('read', 0)],
    phases: [
      { phase: 'active', tables: 1, throughput: 12, storage: 0.5, unknown: 0 },
      { phase: 'expired', tables: 1, throughput: 3, storage: 0.5, unknown: 1 },
    ],
    actions: [{ kind: 'raise', table, reason: 'utilization-high', message: 'Writes 15 → 20.' }],
    holds: [
      {
        kind: 'lower',
        group: name,
        table,
        reason: 'cool-down',
        message: 'Reads can be lowered later.',
        since: iso(AT - 26 * HOUR),
        urgent: false,
      },
    ],
    ...changes,
  };
}

export const aReport = (changes: Partial<FleetReport> = {}): FleetReport => ({
  version: 1,
  environment: 'production',
  region: 'eu-west-1',
  account: '123456789012',
  at: iso(AT),
  from: iso(FROM),
  until: iso(AT + 6 * HOUR),
  points: { start: iso(FROM), count: POINTS, minutes: 5, averagedMinutes: 5 },
  suspensions: [{ what: 'purging', since: iso(AT - HOUR), reason: 'bad deploy' }],
  cost: {
    month: 16,
    phases: [
      { phase: 'active', tables: 1, throughput: 12, storage: 0.5, unknown: 0 },
      { phase: 'expired', tables: 1, throughput: 3, storage: 0.5, unknown: 1 },
    ],
    months: [{ month: '2026-11', hours: 24, throughput: 0.4 }],
  },
  groups: [aGroup()],
  next: [
    { at: iso(AT + HOUR), group: 'Events', table: 'production.Events.20261122', what: 'its period ends' },
  ],
  laterEvents: 0,
  recommendations: [],
  unmanaged: ['production.Other'],
  past: {
    events: [
      {
        at: iso(AT - 2 * HOUR),
        kind: 'raise',
        group: 'Events',
        table: 'production.Events.20261122',
        reason: 'utilization-high',
        message: 'Writes 11 → 15: raised by a test.',
      },
      {
        at: iso(AT - HOUR),
        kind: 'command',
        message: 'Purging is suspended.',
        by: 'arn:aws:iam::1:user/ann',
      },
    ],
    omitted: 0,
  },
  metricReads: 12,
  metricReadsUsd: 0.00012,
  ...changes,
});
