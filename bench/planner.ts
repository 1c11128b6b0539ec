/**
 * Measures how the time of the planners grows with the fleet: `node bench/planner.ts [TABLES]`. Everything is known, so only
 * decisions are measured. Each situation is planned for a tenth of the tables and for all of them, 100,000 by default, three times each, and
 * the medians are shown. Ten times the tables should take about ten times as long. `node bench/planner.ts TABLES CHECKOUT...` compares checkouts whose
 * packages are installed, in processes that take turns. Each plans for a fleet that its own code describes.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { table } from '../src/cli/views/text.ts';
import type { tableName } from '../src/core/calendar/naming.ts';
import type { periodAt } from '../src/core/calendar/period.ts';
import type { Observed } from '../src/core/observed.ts';
import type { Draft } from '../src/core/plan.ts';
import type { planPurge } from '../src/core/purging/purge.ts';
import type { planRotate } from '../src/core/rotating/rotate.ts';
import type { planScale } from '../src/core/scaling/scale.ts';
import type { Config } from '../src/core/spec.ts';
import { bundleForNode } from '../test/support/node-bundle.ts';
import type { configOf, specOf, units } from '../test/support/specs.ts';
import { at, DAY, MINUTE } from '../test/support/specs.ts';
import type { Known, observedOf } from '../test/support/worlds.ts';
import { compare } from './builds.ts';

/** What a checkout plans with, and what describes fleets there. */
const modules = {
  tableName: 'src/core/calendar/naming.ts',
  periodAt: 'src/core/calendar/period.ts',
  planPurge: 'src/core/purging/purge.ts',
  planRotate: 'src/core/rotating/rotate.ts',
  planScale: 'src/core/scaling/scale.ts',
  configOf: 'test/support/specs.ts',
  specOf: 'test/support/specs.ts',
  units: 'test/support/specs.ts',
  observedOf: 'test/support/worlds.ts',
} as const;

interface Checkout {
  readonly tableName: typeof tableName;
  readonly periodAt: typeof periodAt;
  readonly planPurge: typeof planPurge;
  readonly planRotate: typeof planRotate;
  readonly planScale: typeof planScale;
  readonly configOf: typeof configOf;
  readonly specOf: typeof specOf;
  readonly units: typeof units;
  readonly observedOf: typeof observedOf;
}

async function open(folder: string): Promise<Checkout> {
  const outfile = join(mkdtempSync(join(tmpdir(), 'turntable-bench-')), 'planners.mjs');
  const contents = Object.entries(modules).map(([name, file]) => `export { ${name} } from './${file}';`);
  await bundleForNode(outfile, { stdin: { contents: contents.join('\n'), resolveDir: resolve(folder) } });
  return import(outfile);
}

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
  readonly plan: (checkout: Checkout, config: Config, observed: Observed, now: number) => readonly Draft[];
}

const scaling: Situation['plan'] = ({ planScale }, ...known) => [planScale(...known)];
const scalingAndRotating: Situation['plan'] = ({ planScale, planRotate }, ...known) => [
  planScale(...known),
  planRotate(...known),
];

const situations: Readonly<Record<string, Situation>> = {
  steady: { now: NOON, plan: scaling },
  handover: {
    now: at('2026-11-21T23:53'),
    plan: scalingAndRotating,
  },
  'all rising': { now: NOON, demand: () => 6, throttled: 2, plan: scaling },
  'all falling, quota spent': { now: NOON, demand: () => 1, capacity: 50, decreases: 4, plan: scaling },
  'account limit reached': { now: NOON, demand: () => 60, capacity: 50, throttled: 30, plan: scaling },
  'lowering after the period, others rise': {
    now: at('2026-11-22T00:16'),
    demand: (group) => (group % 2 === 0 ? 3 : 8),
    plan: scalingAndRotating,
  },
  'purge backlog': {
    now: at('2026-11-21T03:35'),
    expired: 2,
    plan: ({ planPurge }, ...known) => [planPurge(...known)],
  },
};

function fleetOf(
  { configOf, observedOf, periodAt, specOf, tableName, units }: Checkout,
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

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Measured {
  /** Processor time, milliseconds. */
  readonly ms: number;
  readonly actions: number;
  readonly holds: number;
}

function measure(checkout: Checkout, tables: number, situation: Situation): Measured {
  const { config, observed } = fleetOf(checkout, tables, situation);
  collectGarbage(); // that of the fleet before is not the planner's
  const before = process.cpuUsage();
  const drafts = situation.plan(checkout, config, observed, situation.now);
  const { user, system } = process.cpuUsage(before);
  const count = (of: (draft: Draft) => readonly unknown[]) =>
    drafts.reduce((sum, draft) => sum + of(draft).length, 0);
  return {
    ms: (user + system) / 1000,
    actions: count(({ actions }) => actions),
    holds: count(({ holds }) => holds),
  };
}

const TURNS = 3;

/** What the median of three plans takes. */
function measureTurns(checkout: Checkout, tables: number, situation: Situation): Measured {
  const turns = Array.from({ length: TURNS }, () => measure(checkout, tables, situation));
  return turns.sort((a, b) => a.ms - b.ms)[Math.floor(TURNS / 2)]!;
}

/** The milliseconds of every situation, for `compare`. */
async function figures(folder: string, tables: number): Promise<Readonly<Record<string, number>>> {
  const checkout = await open(folder);
  const entries = Object.entries(situations);
  // The first plan of a situation compiles the code.
  for (const [, situation] of entries) measure(checkout, 1_000, situation);
  return Object.fromEntries(entries.map(([name, of]) => [name, measure(checkout, tables, of).ms]));
}

async function growth(most: number): Promise<string> {
  const checkout = await open(join(import.meta.dirname, '..'));
  measure(checkout, 1_000, situations.steady!);
  const rows = Object.entries(situations).map(([name, situation]) => {
    const few = measureTurns(checkout, most / 10, situation);
    const many = measureTurns(checkout, most, situation);
    return [
      name,
      ...[few.ms, many.ms].map((ms) => ms.toFixed(0)),
      (many.ms / few.ms).toFixed(1),
      String(many.actions),
      String(many.holds),
    ];
  });
  const right = (title: string) => ({ title, align: 'right' as const });
  return table(
    [
      { title: 'SITUATION' },
      right(`MS, ${most / 10} TABLES`),
      right(`MS, ${most} TABLES`),
      right('TIMES'),
      right('ACTIONS'),
      right('HOLDS'),
    ],
    rows,
  );
}

const [first, ...rest] = process.argv.slice(2);
// `compare` starts this script with a checkout.
if (first === '--json') console.log(JSON.stringify(await figures(rest[0]!, Number(rest[1]))));
else if (rest.length > 0) console.log(await compare(import.meta.filename, rest, TURNS, [first!]));
else console.log(await growth(Number(first ?? 100_000)));
