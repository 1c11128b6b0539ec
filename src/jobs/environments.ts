import pMap from 'p-map';
import { iso } from '../core/calendar/instant.ts';
import { stateTableName } from '../core/calendar/naming.ts';
import { messageOf } from '../core/failure.ts';
import { inForce } from '../core/guards/closing.ts';
import { ownershipTags } from '../core/guards/ownership.ts';
import type { Prices } from '../core/prices.ts';
import {
  addedUp,
  type Candidate,
  candidatesAmong,
  type Described,
  type GroupSums,
  type NamedTable,
  type Sums,
  sumsByGroup,
  tablesOf,
} from '../core/requests/environments.ts';
import type { Config } from '../core/spec.ts';
import type { Ports, StateStore } from '../ports.ts';
import { attempt } from './attempt.ts';
import { CONCURRENT_READS } from './table-reads.ts';

export interface EnvironmentStatus extends Sums {
  readonly environment: string;
  /** Whether settings.json lists it. */
  readonly listed: boolean;
  /** Whether no command may close it; null without a valid configuration. */
  readonly protected: boolean | null;
  readonly hasStateTable: boolean;
  /** Since when it is closed, and by whom. `by` is null if it is unknown. null if it is not closed. */
  readonly closed: { readonly since: string; readonly by: string | null } | null;
  readonly groups: readonly GroupSums[];
  /** How many tables have the prefix of the environment and match no spec. Without a configuration: whose names have no date. */
  readonly unmanaged: number;
  /** Why its tables, or whether it is closed, could not be read; null if they could. The sums are then 0. */
  readonly unread: string | null;
}

export interface Environments extends Sums {
  readonly at: string;
  readonly environments: readonly EnvironmentStatus[];
  /** Names that might be environments, and why the tags of their tables could not be read. */
  readonly unsure: readonly { readonly environment: string; readonly error: string }[];
}

/** What the configuration says. */
export interface Configured {
  /** The environments that settings.json lists. */
  readonly listed: readonly string[];
  /** undefined if the configuration is invalid. */
  configOf(environment: string): Config | undefined;
  stateOf(environment: string): StateStore;
  readonly prices: Prices;
}

/**
 * Every environment that settings.json lists, that has a state table, or that the tags of a table name, at `now`, epoch
 * milliseconds. What cannot be read of one does not hide the others.
 * @throws ServiceError if the tables cannot be listed
 */
export async function surveyEnvironments(
  configured: Configured,
  ports: Ports,
  now: number,
): Promise<Environments> {
  const names = new Set(await ports.tables.list());
  const groups = configured.configOf(configured.listed[0] ?? 'dev')?.specs.map(({ name }) => name) ?? [];
  const candidates = candidatesAmong(names, groups);
  const unlisted = [...candidates].filter(([name]) => !configured.listed.includes(name));
  const found = await pMap(
    unlisted,
    async ([name, candidate]) => ({ name, verdict: await isOne(name, candidate, ports) }),
    { concurrency: CONCURRENT_SAMPLES },
  );
  const certain = found.flatMap(({ name, verdict }) => (verdict === true ? [name] : []));
  const unsure = found.flatMap(({ name, verdict }) =>
    typeof verdict === 'object' ? [{ environment: name, ...verdict }] : [],
  );
  const all = [...configured.listed, ...certain.sort()];
  const environments = await pMap(all, (name) => statusOf(name, configured, names, ports, now), {
    concurrency: 2,
  });
  return { at: iso(now), ...addedUp(environments), environments, unsure };
}

/** AWS allows about 10 calls of ListTagsOfResource per second. */
const CONCURRENT_SAMPLES = 4;

/**
 * Whether a name is that of an environment: it has a state table, or a table was created for it. An error if no table shows that it
 * is one, and one could not be read.
 */
async function isOne(
  environment: string,
  { hasState, samples }: Candidate,
  { tables }: Ports,
): Promise<boolean | { readonly error: string }> {
  if (hasState) return true;
  let unread: { readonly error: string } | undefined;
  for (const name of samples) {
    const tags = await attempt(async () => {
      const state = await tables.describe(name);
      return state && (await tables.tags(state.arn));
    });
    if ('error' in tags) unread ??= tags;
    else if (tags.value?.[ownershipTags.environment] === environment) return true;
  }
  return unread ?? false;
}

async function statusOf(
  environment: string,
  { listed, configOf, stateOf, prices }: Configured,
  names: ReadonlySet<string>,
  ports: Ports,
  now: number,
): Promise<EnvironmentStatus> {
  const config = configOf(environment);
  const { tables, unmanaged } = tablesOf(environment, config, names, now);
  const hasStateTable = names.has(stateTableName(environment));
  const [described, mark] = await Promise.all([
    describeAll(tables, ports),
    hasStateTable ? attempt(() => stateOf(environment).closing()) : { value: undefined },
  ]);
  const closing = 'value' in mark && config ? inForce(mark.value, config, now) : undefined;
  const errors = [described, mark].flatMap((one) => ('error' in one ? [one.error] : []));
  const groups = 'error' in described ? [] : sumsByGroup(described, config?.prices ?? prices);
  return {
    environment,
    listed: listed.includes(environment),
    protected: config?.settings.protected ?? null,
    hasStateTable,
    closed: closing ? { since: iso(closing.since), by: closing.by ?? null } : null,
    ...addedUp(groups),
    groups,
    unmanaged: unmanaged.length,
    unread: errors[0] ?? null,
  };
}

/** Describes the tables that exist, the first one alone: without permission for it, the others need no call. */
async function describeAll(
  tables: readonly NamedTable[],
  ports: Ports,
): Promise<readonly Described[] | { readonly error: string }> {
  const describe = async (table: NamedTable): Promise<Described[]> => {
    const state = await ports.tables.describe(table.name);
    return state ? [{ ...table, state }] : [];
  };
  const [first, ...rest] = tables;
  if (!first) return [];
  try {
    const one = await describe(first);
    return [...one, ...(await pMap(rest, describe, { concurrency: CONCURRENT_READS })).flat()];
  } catch (error) {
    return { error: messageOf(error) };
  }
}
