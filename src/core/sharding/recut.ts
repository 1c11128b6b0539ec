/** What runs of scale leave for the next ones, when the fleet is cut into other shards. */
import type { Attempts, RunRecord, Sighting, StandingHold } from '../facts.ts';
import { identityOf, type OpenRecord } from '../history/open-holds.ts';
import { runOfAll } from './whole.ts';

/** The records of the whole fleet, or of one shard. What is about one group or table belongs to one shard. */
export interface ScaleRecords {
  readonly sightings: ReadonlyMap<string, Sighting>;
  readonly attempts: Attempts;
  readonly open: OpenRecord;
  /** undefined if no run has ended yet. */
  readonly run: RunRecord | undefined;
}

/** A record that another layout has left. */
const isEmpty = ({ succeededAt, watched, holds, shard }: RunRecord): boolean =>
  succeededAt === undefined && !watched && !shard && holds.length === 0;

function unique<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  const seen = new Set<string>();
  return all.filter((one) => !seen.has(keyOf(one)) && seen.add(keyOf(one)));
}

const sameHold = ({ group, table, kind, reason }: StandingHold): string =>
  [group, table, kind, reason].join(' ');

/** The records of several shards as one. If two have a record of the same, the first one counts. */
export function joined(all: readonly ScaleRecords[]): ScaleRecords {
  const runs = all.flatMap(({ run }) => (run && !isEmpty(run) ? run : []));
  const together = runs.length === 0 ? undefined : runOfAll(runs);
  return {
    sightings: new Map(all.toReversed().flatMap(({ sightings }) => [...sightings])),
    attempts: new Map(all.toReversed().flatMap(({ attempts }) => [...attempts])),
    open: {
      holds: unique(
        all.flatMap(({ open }) => open.holds),
        identityOf,
      ),
      told: latest(all.map(({ open }) => open.told)),
    },
    run: together && { ...together, holds: unique(together.holds, sameHold) },
  };
}

/** The latest time of each key. */
function latest(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const times: Record<string, number> = {};
  for (const one of all)
    for (const [key, time] of Object.entries(one)) times[key] = Math.max(times[key] ?? -Infinity, time);
  return times;
}

/** Whether a shard has a group, and a table by its name. */
export interface Membership {
  hasGroup(group: string): boolean;
  hasTable(table: string): boolean;
}

/**
 * The part of one shard. What people were told goes to all, because its keys name no group apart, and each forgets it after a day.
 */
export function partOf({ sightings, attempts, open, run }: ScaleRecords, own: Membership): ScaleRecords {
  const ofTable = ([table]: readonly [string, unknown]): boolean => own.hasTable(table);
  const ofGroup = ({ group }: { readonly group: string }): boolean => own.hasGroup(group);
  return {
    sightings: new Map([...sightings].filter(ofTable)),
    attempts: new Map([...attempts].filter(ofTable)),
    open: { ...open, holds: open.holds.filter(ofGroup) },
    run: run && { ...run, holds: run.holds.filter(ofGroup) },
  };
}
