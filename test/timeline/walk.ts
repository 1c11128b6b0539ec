import { expect } from 'vitest';
import { parseTableName, tableName } from '../../src/core/calendar/naming.ts';
import { periodAt, shift } from '../../src/core/calendar/period.ts';
import type { Job } from '../../src/core/plan.ts';
import type { Config, Spec } from '../../src/core/spec.ts';
import type { Summary } from '../../src/jobs/run.ts';
import type { World } from '../support/sim/world.ts';
import { DAY, HOUR, MINUTE } from '../support/specs.ts';
import { confirmAll, run } from '../support/worlds.ts';

/** `20261121 active 300/600, byUser 40/40`: a table as operators see it. A change under way counts as done. */
export type Line = string;

const stamp = (name: string): string => name.replace(/^production\./, '');

/** Reads and writes, the table first. If a change is under way, those after the change. */
function capacities(world: World, name: string): string {
  // A change takes effect within minutes. The walk checks the tables afterwards.
  return world
    .table(name)
    .describe(world.clock.now())
    .capacities.map(({ index, read, write }) => `${index ? `${index} ` : ''}${read}/${write}`)
    .join(', ');
}

/** All tables of the world. */
export const render = (world: World): Line[] =>
  world.names().map((name) => `${stamp(name)} ${capacities(world, name)}`);

/** All tables with their phases, one per line. */
export function renderWithPhases(world: World, spec: Spec, now: number): Line[] {
  return world.names().map((name) => {
    const period = parseTableName(spec, name);
    const phase = period ? phaseBySimpleRules(spec, period, now) : 'foreign';
    return `${stamp(name)} ${phase} ${capacities(world, name)}`;
  });
}

/** The phases, implemented again from the documentation alone. */
function phaseBySimpleRules(spec: Spec, period: { start: number; end: number }, now: number): string {
  if (now < period.start) return 'upcoming';
  if (now < period.end) return 'active';
  if (now - period.end < spec.settings.drainMs) return 'draining';
  let retainedFrom = periodAt(spec.scheme, now).start;
  for (let i = 1; i < spec.keep && i < 1_000; i += 1)
    retainedFrom = periodAt(spec.scheme, retainedFrom - 1).start;
  return period.start >= retainedFrom ? 'outdated' : 'expired';
}

/**
 * The expected tables of one group, by simple rules: rotate has run hourly and purge daily since `since`, nothing
 * failed, and there is no demand.
 */
export function expectedWorld(spec: Spec, since: number, now: number, purgeHour: number): Line[] {
  if (spec.scheme === 'none') {
    const sizes = spec.resources.map(({ index, full }) => sized(index, full));
    return [`${spec.name} ${sizes.join(', ')}`];
  }
  const lines: Line[] = [];
  const last = shift(spec.scheme, now, spec.settings.periodsAhead).start;
  for (let start = periodAt(spec.scheme, since).start; start <= last; ) {
    const period = periodAt(spec.scheme, start);
    if (!gone(spec, period, since, now, purgeHour))
      lines.push(`${stamp(tableName(spec, period))} ${expectedSize(spec, period, now)}`);
    start = period.end;
  }
  return lines;
}

const sized = (index: string | undefined, { read, write }: { read: number; write: number }): string =>
  `${index ? `${index} ` : ''}${read}/${write}`;

/**
 * Full throughput from a day before its period until the end of its drain window, and outdated throughput otherwise.
 */
function expectedSize(spec: Spec, { start, end }: { start: number; end: number }, now: number): string {
  const warm = now >= start - spec.settings.warmUpMs;
  const ended = now >= end + spec.settings.drainMs;
  const state = warm && !ended ? 'full' : 'outdated';
  return spec.resources.map((resource) => sized(resource.index, resource[state])).join(', ');
}

/**
 * The first purge after the table has expired and drained schedules its deletion. The first purge after the waiting
 * period deletes it, or exports it, and the next one deletes it then.
 */
function gone(
  spec: Spec,
  period: { start: number; end: number },
  since: number,
  now: number,
  purgeHour: number,
): boolean {
  if (spec.keep === Infinity) return false;
  const expired = Math.max(
    shift(spec.scheme, period.start, spec.keep).start,
    period.end + spec.settings.drainMs,
  );
  const scheduled = nextPurge(Math.max(expired, since), purgeHour);
  const { waitingPeriodMs, archive } = spec.settings.purge;
  const ended = nextPurge(scheduled + waitingPeriodMs, purgeHour);
  return now >= (archive ? nextPurge(ended + HOUR, purgeHour) : ended);
}

const nextPurge = (from: number, hour: number): number => {
  const today = Math.floor(from / DAY) * DAY + hour * HOUR;
  return today >= from ? today : today + DAY;
};

export interface Walk {
  readonly config: Config;
  readonly world: World;
  readonly from: number;
  readonly hours: number;
  /** Hour of the day, UTC, of the daily purge. */
  readonly purgeHour: number;
  /** Whether a handler runs in this hour. Default: always. */
  readonly handled?: (now: number) => boolean;
  /** Whether actions may fail. */
  readonly mayFail?: (now: number) => boolean;
  /** After the jobs of an hour, when their changes have taken effect. */
  readonly check: (now: number) => void;
  /** Before the jobs of an hour. */
  readonly before?: (now: number) => Promise<void>;
}

const iso = (now: number): string => new Date(now).toISOString().slice(0, 16);

/** Each hour runs rotate, and in the purge hour also purge. A job that did something runs again, and must change nothing then. */
export async function walk(story: Walk): Promise<void> {
  const { config, world, from, hours, purgeHour, handled = () => true, mayFail = () => false } = story;
  await confirmAll(config, world);
  for (let hour = 0; hour < hours; hour += 1) {
    const now = from + hour * HOUR;
    world.clock.moveTo(now);
    await story.before?.(now);
    if (handled(now)) {
      const purges = Math.floor(now / HOUR) % 24 === purgeHour;
      const jobs: Job[] = purges ? ['rotate', 'purge'] : ['rotate'];
      for (const job of jobs) {
        const first = await run(job, config, world, now);
        if (!mayFail(now)) expect(first.outcome, `${job} at ${iso(now)}`).toBe('done');
        // After a run without results, the next one would see the same.
        if (first.results.length > 0 && first.outcome !== 'failed')
          expectNothing(await run(job, config, world, now), `${job} again at ${iso(now)}`);
      }
    }
    world.clock.moveTo(now + 5 * MINUTE);
    story.check(now);
  }
}

function expectNothing({ results }: Summary, message: string): void {
  expect(
    results.map(({ action }) => `${action.kind} ${action.table}`),
    message,
  ).toEqual([]);
}
