/** An ordinary fleet purges by itself for ninety days, and needs an operator only to confirm shorter retentions. */
import { expect, it } from 'vitest';
import { parseTableName } from '../../src/core/calendar/naming.ts';
import { shift } from '../../src/core/calendar/period.ts';
import type { Config, Spec } from '../../src/core/spec.ts';
import { PureFleet } from '../support/pure-fleet.ts';
import { at, configOf, DAY, defaultSettings, HOUR, type SpecOptions, specOf } from '../support/specs.ts';

const FROM = at('2026-11-01T03:35');
const DAYS = 90;

const { maxPerRun: _run, maxPerGroup: _group, ...purge } = defaultSettings.purge;
const settings = { purge };
const groups: Readonly<Record<string, SpecOptions>> = {
  Clicks: { scheme: 'hourly', keep: 48 },
  Events: { scheme: 'daily', keep: 14 },
  Flags: { scheme: 'daily', keep: 2 },
  Reports: { scheme: 'weekly', keep: 6 },
  Invoices: { scheme: 'monthly', keep: 3 },
  Archive: { scheme: 'daily', keep: Infinity },
  Users: { scheme: 'none', keep: Infinity },
};

interface Step {
  readonly day: number;
  readonly group: string;
  readonly keep: number;
  /** What makes a shorter retention take effect, and on which day. */
  readonly by?: { readonly how: 'confirm' | 'notice'; readonly day: number };
}

/** The retentions that operators raise and lower. */
const steps: readonly Step[] = [
  { day: 12, group: 'Events', keep: 20 },
  { day: 30, group: 'Events', keep: 9, by: { how: 'confirm', day: 31 } },
  { day: 41, group: 'Clicks', keep: 36, by: { how: 'notice', day: 44 } },
  { day: 50, group: 'Reports', keep: 2, by: { how: 'confirm', day: 57 } },
  { day: 60, group: 'Invoices', keep: 1, by: { how: 'confirm', day: 60 } },
  { day: 65, group: 'Flags', keep: 5 },
  // A mistake, which is corrected before anything happens.
  { day: 70, group: 'Reports', keep: 1 },
  { day: 73, group: 'Reports', keep: 2 },
];

/** The retention of a group on a day, as the configuration says. */
const configured = (group: string, day: number): number =>
  steps.findLast((step) => step.group === group && step.day <= day)?.keep ?? groups[group]!.keep!;

/** The retention in force on a day: a shorter one only after it took effect. */
const inForce = (group: string, day: number): number => {
  let keep = groups[group]!.keep!;
  for (const step of steps.filter((one) => one.group === group)) {
    const effective = step.keep >= keep ? step.day : (step.by?.day ?? Infinity);
    if (effective <= day) keep = step.keep;
  }
  return keep;
};

const configOn = (day: number): Config =>
  configOf(
    Object.entries(groups).map(([name, options]) =>
      specOf({ ...options, name, keep: configured(name, day), onDemand: true, settings }),
    ),
    settings,
  );

/** What a day has shown: the groups whose holds needed an operator, and how many tables each group has. */
interface Day {
  readonly urgent: readonly string[];
  readonly tables: Readonly<Record<string, number>>;
}

function live(): { fleet: PureFleet; days: Day[] } {
  const fleet = new PureFleet();
  fleet.fill(configOn(0), FROM);
  const days: Day[] = [];
  for (let day = 0; day <= DAYS; day += 1) {
    const config = configOn(day);
    const now = FROM + day * DAY;
    for (let hour = day === 0 ? 0 : 23; hour >= 0; hour -= 1) fleet.rotate(config, now - hour * HOUR);
    const specNamed = (group: string): Spec => config.specs.find(({ name }) => name === group)!;
    for (const { group, day: changed, by } of steps) {
      if (by?.how === 'confirm' && by.day === day) fleet.confirm(specNamed(group), now);
      if (by?.how === 'notice' && changed === day) fleet.tell(specNamed(group), now);
    }
    fleet.purge(config, now);
    const counted = fleet.names.map((name) => name.split('.')[1]!);
    days.push({
      urgent: [...new Set(fleet.urgent.map(({ group }) => group))],
      tables: Object.fromEntries(
        Object.keys(groups).map((group) => [group, counted.filter((one) => one === group).length]),
      ),
    });
  }
  return { fleet, days };
}

it('purges by itself for ninety days, with retentions raised, lowered, confirmed and corrected', () => {
  const { fleet, days } = live();
  const urgent = days.flatMap(({ urgent: some }, day) => some.map((group) => `${day} ${group}`));
  // An operator is asked only while a shorter retention waits without a notice.
  const waiting = [30, ...[50, 51, 52, 53, 54, 55, 56], ...[70, 71, 72]];
  expect(urgent).toEqual(waiting.map((day) => `${day} ${day === 30 ? 'Events' : 'Reports'}`));

  for (const [table, when] of fleet.deleted) {
    const group = table.split('.')[1]!;
    const day = (when - FROM) / DAY;
    const spec = configOn(day).specs.find(({ name }) => name === group)!;
    const { start } = parseTableName(spec, table)!;
    // The retention that was in force when the deletion was scheduled, a day before.
    const keep = inForce(group, day - 1);
    expect(when, `${table} on day ${day}`).toBeGreaterThanOrEqual(shift(spec.scheme, start, keep).start);
  }
  expect(days.at(-1)!.tables).toEqual({
    // Retained, upcoming, and waiting for their deletion.
    Clicks: 36 + 1 + 24,
    Events: 9 + 1 + 1,
    Flags: 5 + 1 + 1,
    Reports: 2 + 1,
    Invoices: 1 + 1,
    Archive: DAYS + 2,
    Users: 1,
  });
});

it.each([
  ['monthly', 3, 1, DAY, 60],
  ['daily', 14, 10, DAY, 3],
  ['weekly', 4, 2, DAY, 13],
  ['hourly', 168, 120, HOUR, 47],
] as const)(
  'deletes nothing because of a mistake in a %s retention, %i to %i, run after run',
  (scheme, before, after, everyMs, runs) => {
    const config = (keep: number) => configOf([specOf({ scheme, keep, onDemand: true, settings })], settings);
    const fleet = new PureFleet();
    fleet.fill(config(before), FROM);
    fleet.rotate(config(before), FROM);
    fleet.purge(config(before), FROM);
    const known = fleet.names;
    for (let run = 1; run <= runs; run += 1) {
      const now = FROM + run * everyMs;
      fleet.rotate(config(after), now);
      const { actions } = fleet.purge(config(after), now);
      const early = actions.filter(({ table }) => {
        const { start } = parseTableName(config(before).specs[0]!, table)!;
        return now < shift(scheme, start, before).start;
      });
      expect(early).toEqual([]);
      expect(fleet.urgent.length).toBeGreaterThan(0);
    }
    const retained = known.filter((table) => {
      const { start } = parseTableName(config(before).specs[0]!, table)!;
      return FROM + runs * everyMs < shift(scheme, start, before).start;
    });
    expect(fleet.names).toEqual(expect.arrayContaining(retained));
    expect(retained.length).toBeGreaterThan(0);
  },
);
