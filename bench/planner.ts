/**
 * Measures how the time of the planners grows with the fleet: `node bench/planner.ts [TABLES]`. Everything is known, so only
 * decisions are measured. Each situation is planned for a tenth of the tables and for all of them, 100,000 by default.
 * Ten times the tables should take about ten times as long.
 */
import { table } from '../src/cli/views/text.ts';
import { tableName } from '../src/core/calendar/naming.ts';
import { periodAt } from '../src/core/calendar/period.ts';
import type { Observed } from '../src/core/observed.ts';
import type { Draft } from '../src/core/plan.ts';
import { planPurge } from '../src/core/purging/purge.ts';
import { planRotate } from '../src/core/rotating/rotate.ts';
import { planScale } from '../src/core/scaling/scale.ts';
import type { Config } from '../src/core/spec.ts';
import { at, configOf, DAY, MINUTE, specOf, units } from '../test/support/specs.ts';
import { type Known, observedOf } from '../test/support/worlds.ts';

/** Retained tables of a group. It has an upcoming one, too. */
const RETAINED = 9;
const NOON = at('2026-11-21T12:00');
const LEARNED_MINUTES = 20;

interface Situation {
  readonly now: number;
  /** Units per second that each current table consumes, and that are throttled. */
  readonly demand?: (group: number) => number;
  readonly throttled?: number;
  /** Units per second of the current tables. */
  readonly capacity?: number;
  /** Decreases of today. */
  readonly decreases?: number;
  /** Tables of each group whose retention has ended. */
  readonly expired?: number;
  readonly plan: (config: Config, observed: Observed, now: number) => readonly Draft[];
}

const scaling: Situation['plan'] = (...known) => [planScale(...known)];

const situations: Readonly<Record<string, Situation>> = {
  steady: { now: NOON, plan: scaling },
  handover: {
    now: at('2026-11-21T23:53'),
    plan: (...known) => [planScale(...known), planRotate(...known)],
  },
  'all rising': { now: NOON, demand: () => 6, throttled: 2, plan: scaling },
  'all falling, quota spent': { now: NOON, demand: () => 1, capacity: 50, decreases: 4, plan: scaling },
  'account limit reached': { now: NOON, demand: () => 60, capacity: 50, throttled: 30, plan: scaling },
  'lowering after the period, others rise': {
    now: at('2026-11-22T00:16'),
    demand: (group) => (group % 2 === 0 ? 3 : 8),
    plan: (...known) => [planScale(...known), planRotate(...known)],
  },
  'purge backlog': { now: at('2026-11-21T03:35'), expired: 2, plan: (...known) => [planPurge(...known)] },
};

function fleetOf(
  tables: number,
  situation: Situation,
): { readonly config: Config; readonly observed: Observed } {
  const { now, demand = () => 3, throttled = 0, capacity = 5, decreases = 0, expired = 0 } = situation;
  const perGroup = RETAINED + 1 + expired;
  const specs = Array.from({ length: Math.round(tables / perGroup) }, (_, group) =>
    specOf({ name: `Group${group}`, keep: RETAINED, full: units(5, 5), outdated: units(1, 1) }),
  );
  const until = Math.floor(now / MINUTE) * MINUTE;
  const known = specs.flatMap((spec, group) =>
    Array.from({ length: perGroup }, (_, place): Known => {
      // The upcoming table, the current one, the one before it, and so on.
      const age = place - 1;
      const period = periodAt('daily', now - age * DAY);
      const consumed = age === 0 ? demand(group) : 0;
      const minutes = Array.from({ length: LEARNED_MINUTES }, (_, i) => ({
        at: until - (LEARNED_MINUTES - i) * MINUTE,
        consumed,
        throttled: age === 0 ? throttled : 0,
      }));
      const full = age === 0 || age === 1;
      return {
        spec,
        name: tableName(spec, period),
        state: { createdAt: period.start - DAY },
        table: {
          read: full ? capacity : 1,
          write: full ? capacity : 1,
          ...(age === 0 && decreases > 0 && { decreases, lastDecrease: now - 10 * MINUTE }),
        },
        demand: [{ read: minutes, write: minutes }],
      };
    }),
  );
  return { config: configOf(specs), observed: observedOf(known) };
}

interface Measured {
  /** Processor time, milliseconds. */
  readonly ms: number;
  readonly actions: number;
  readonly holds: number;
}

function measure(tables: number, situation: Situation): Measured {
  const { config, observed } = fleetOf(tables, situation);
  const before = process.cpuUsage();
  const drafts = situation.plan(config, observed, situation.now);
  const { user, system } = process.cpuUsage(before);
  const count = (of: (draft: Draft) => readonly unknown[]) =>
    drafts.reduce((sum, draft) => sum + of(draft).length, 0);
  return {
    ms: (user + system) / 1000,
    actions: count(({ actions }) => actions),
    holds: count(({ holds }) => holds),
  };
}

const most = Number(process.argv[2] ?? 100_000);
// The first plan compiles the code.
measure(1_000, situations.steady!);
const rows = Object.entries(situations).map(([name, situation]) => {
  const few = measure(most / 10, situation);
  const many = measure(most, situation);
  return [
    name,
    ...[few.ms, many.ms].map((ms) => ms.toFixed(0)),
    (many.ms / few.ms).toFixed(1),
    String(many.actions),
    String(many.holds),
  ];
});
const right = (title: string) => ({ title, align: 'right' as const });
console.log(
  table(
    [
      { title: 'SITUATION' },
      right(`MS, ${most / 10} TABLES`),
      right(`MS, ${most} TABLES`),
      right('TIMES'),
      right('ACTIONS'),
      right('HOLDS'),
    ],
    rows,
  ),
);
