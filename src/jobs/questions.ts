/** How `doctor` asks each of its questions. */
import { archivePrefix, summaryKey } from '../core/archives.ts';
import { stateTableName, tableName } from '../core/calendar/naming.ts';
import { DAY_MS, MINUTE_MS } from '../core/calendar/period.ts';
import { periodOf } from '../core/calendar/rotation.ts';
import { queryFor } from '../core/capacity/demand.ts';
import type { Answers, QuestionName } from '../core/doctor/answers.ts';
import { isFailure, messageOf, ServiceError } from '../core/failure.ts';
import { entryFrom } from '../core/history/stored.ts';
import { asWhole } from '../core/sharding/whole.ts';
import type { Config } from '../core/spec.ts';
import type { Ports, Surroundings } from '../ports.ts';
import type { Place } from './place.ts';
import { fleetNow } from './status.ts';

/** What the questions are about. */
export interface Subject {
  readonly config: Config;
  /** Epoch milliseconds. */
  readonly now: number;
  /** What the names of the stack's alarms start with. */
  readonly alarmPrefix: string;
}

type Call<Q extends QuestionName> = (() => Promise<Answers[Q]>) | undefined;
/** How each question is asked; undefined if nothing needs the answer, or it cannot be asked. */
export type Calls = { readonly [Q in Exclude<QuestionName, 'fleet'>]: Call<Q> };

/** How far back the history is read for denied changes. */
const HISTORY_MS = 7 * DAY_MS;

/** The form of a backup's ARN, with an id that no backup has. */
const NO_BACKUP = 'backup/01000000000000-00000000';
/** The form of an export's ARN, with an id that no export has. */
const NO_EXPORT = 'export/01000000000000-00000000';

export function callsOf({ config, now, alarmPrefix }: Subject, ports: Ports, place: Place): Calls {
  const { environment, specs } = config;
  const { tables, backups, metrics, state, mappings } = ports;
  const regions = [...new Set(specs.flatMap(({ replicas }) => replicas.map(({ region }) => region)))];
  const { name: sample, arn } = sampleOf(config, now, place);
  const consumer = specs.flatMap(({ consumers }) => consumers.map((one) => one.function))[0];
  const hasDestination = specs.some(({ destination }) => destination);
  const archived = specs.find(({ settings }) => settings.purge.archive);
  const { scalableTargets, alarms, hosts } = surroundingsOf(ports);
  return {
    tables: () => tables.list(),
    description: () => tables.describe(sample),
    tags: arn === undefined ? undefined : () => ifThere(() => tables.tags(arn)),
    timeToLive: () => ifThere(() => tables.timeToLive(sample)),
    recovery: () => ifThere(() => tables.recovery(sample)),
    backups: () => ifThere(() => backups.list(sample)),
    backup: arn === undefined ? undefined : () => ifThere(() => backups.describe(`${arn}/${NO_BACKUP}`)),
    exports: archived && arn !== undefined ? () => ifThere(() => ports.exports.list(arn)) : undefined,
    exported: archived && arn !== undefined ? () => ports.exports.describe(`${arn}/${NO_EXPORT}`) : undefined,
    manifests: archived && ports.archive ? () => anyManifests(config, now, ports) : undefined,
    destinations: hasDestination ? () => ifThere(() => tables.destinations(sample)) : undefined,
    replicas:
      regions.length > 0
        ? () => Promise.all(regions.map((region) => inRegion(region, ports, sample)))
        : undefined,
    mappings: consumer !== undefined && mappings ? () => mappings.list(consumer) : undefined,
    metrics: () => anyMetric(metrics, sample, now),
    limits: () => tables.limits(),
    stateTable: () => tables.describe(stateTableName(environment)),
    scheduledDeletions: () => state.scheduledDeletions(),
    suspensions: () => state.suspensions('to-resume'),
    memories: () => state.memories(),
    ownership: () => state.seen('ownership'),
    unmanaged: () => state.seen('unmanaged'),
    retentions: () => state.retentions(),
    closing: () => state.closing(),
    history: async () => {
      const entries = await state.history(now - HISTORY_MS, now);
      return entries.flatMap((text) => entryFrom(text) ?? []);
    },
    runs: async () => asWhole(await state.runs()),
    leases: () => state.leases(),
    hosts: () => hosts(arn),
    targets: () => scalableTargets(),
    alarms: () => alarms(alarmPrefix),
  };
}

export function surroundingsOf({ surroundings }: Ports): Surroundings {
  if (!surroundings) throw new Error('The ports have no surroundings.');
  return surroundings;
}

/** Asks a region of replicas for a table. The error names the region. */
async function inRegion(region: string, ports: Ports, table: string): Promise<void> {
  try {
    await ports.inRegion(region).tables.describe(table);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new ServiceError(error.code, `${region}: ${error.message}`, { cause: error.cause });
  }
}

/** Asks for a manifest in each bucket of Purge.Archive. A missing manifest is an answer too, and a missing bucket is an error. */
async function anyManifests({ specs }: Config, now: number, { archive }: Ports): Promise<void> {
  const asked = new Set<string>();
  for (const spec of specs) {
    const place = spec.settings.purge.archive;
    if (!place || asked.has(place.bucket)) continue;
    asked.add(place.bucket);
    const prefix = archivePrefix(place, tableName(spec, periodOf(spec, now)));
    try {
      await archive?.read(place.bucket, summaryKey({ arn: NO_EXPORT, prefix }));
    } catch (error) {
      if (!isFailure(error, 'not-found')) throw error;
      throw new ServiceError('refused', messageOf(error), { cause: error });
    }
  }
}

/** Asks about something that might not exist. That AWS says so is an answer too. */
async function ifThere(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    if (isFailure(error, 'not-found')) return undefined;
    throw error;
  }
}

/**
 * A table that permissions are asked for. It does not have to exist. AWS denies an ARN of another account, so a table has an ARN
 * only if the account is known.
 */
export function sampleOf(
  { environment, specs: [spec] }: Config,
  now: number,
  { region, account }: Place,
): { name: string; arn?: string } {
  const name = spec ? tableName(spec, periodOf(spec, now)) : `${environment}.doctor`;
  if (account === undefined) return { name };
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return { name, arn: `arn:${partition}:dynamodb:${region}:${account}:table/${name}` };
}

/** One minute of one metric. */
async function anyMetric(metrics: Ports['metrics'], table: string, now: number): Promise<void> {
  const to = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const [series] = await metrics.read([queryFor(table, undefined, 'read', 'consumed')], to - MINUTE_MS, to);
  if (series && 'error' in series) {
    const denied = /not authorized|AccessDenied/i.test(series.error);
    throw new ServiceError(denied ? 'access-denied' : 'unavailable', series.error);
  }
}

/** The tables of the environment, as `status` reads them. */
export async function readFleet({ config, now }: Subject, ports: Ports): Promise<Answers['fleet']> {
  const { tables, observed, draft, status } = await fleetNow(config, ports, now);
  return { tables, observed, holds: draft.holds, unmanaged: status.unmanaged };
}
