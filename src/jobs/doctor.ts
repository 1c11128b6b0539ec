import { iso } from '../core/calendar/instant.ts';
import { stateTableName, tableName } from '../core/calendar/naming.ts';
import { DAY_MS, MINUTE_MS } from '../core/calendar/period.ts';
import { periodOf } from '../core/calendar/rotation.ts';
import { queryFor } from '../core/capacity/demand.ts';
import type { AllAsked, Answers, Asked, QuestionName, Unanswered } from '../core/doctor/answers.ts';
import { diagnose } from '../core/doctor/diagnose.ts';
import { type Diagnosis, type Severity, severities } from '../core/doctor/finding.ts';
import { type AskedWrite, type WritingClass, writes } from '../core/doctor/writes.ts';
import { isFailure, messageOf, ServiceError } from '../core/failure.ts';
import { entryFrom } from '../core/history/stored.ts';
import type { Config } from '../core/spec.ts';
import type { Ports, Surroundings } from '../ports.ts';
import { deniesPermission } from './denied.ts';
import { type Place, placeOf } from './place.ts';
import { fleetNow } from './status.ts';

export interface DoctorRequest {
  readonly config: Config;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Names of the variables that set a proxy for calls to AWS. */
  readonly proxies: readonly string[];
  /** What the names of the stack's alarms start with. */
  readonly alarmPrefix: string;
  /** Capacity units per second that a table of production should be able to reach. */
  readonly floor: number;
  /** The classes whose permissions to change something are asked for. Default: none. */
  readonly classes?: readonly WritingClass[];
  /** Findings about other groups are left out. Default: all. */
  readonly shown?: readonly string[] | undefined;
}

/** What `turntable doctor` prints. */
export interface DoctorReport extends Diagnosis {
  readonly environment: string;
  readonly region: string;
  readonly account: string | null;
  readonly at: string;
  readonly counts: Readonly<Record<Severity, number>>;
}

/** How far back the history is read for denied changes. */
const HISTORY_MS = 7 * DAY_MS;

/**
 * Asks AWS and the state table, each question by itself, and says what is wrong. Changes nothing.
 * @throws ServiceError if no region or no credentials are set
 */
export async function examine(request: DoctorRequest, ports: Ports): Promise<DoctorReport> {
  const { config, now, proxies, alarmPrefix, floor, shown } = request;
  const place = await placeOf(ports, config.environment);
  const asked = await askAll(request, ports, place);
  const askedWrites = await askWrites(request, ports, place);
  const wall = ports.clock.now();
  const aheadMs = ports.clock.aheadMs?.() ?? [];
  const situation = { config, now, wall, aheadMs, proxies, alarmPrefix, floor, asked, writes: askedWrites };
  const diagnosis = diagnose(situation, shown);
  const { environment } = config;
  const counted = severities.map((one) => [one, countOf(diagnosis, one)] as const);
  return {
    environment,
    region: place.region,
    account: place.account ?? null,
    at: iso(now),
    ...diagnosis,
    counts: Object.fromEntries(counted) as DoctorReport['counts'],
  };
}

const countOf = ({ findings }: Diagnosis, severity: Severity): number =>
  findings.filter((finding) => finding.severity === severity).length;

type Call<Q extends QuestionName> = (() => Promise<Answers[Q]>) | undefined;
/** How each question is asked; undefined if nothing needs it. */
type Calls = { readonly [Q in Exclude<QuestionName, 'fleet'>]: Call<Q> };

async function askAll(request: DoctorRequest, ports: Ports, place: Place): Promise<AllAsked> {
  const calls = callsOf(request, ports, place);
  const entries = await Promise.all(
    Object.entries(calls).map(async ([name, call]) => [name, call && (await askOne(call))] as const),
  );
  const asked = Object.fromEntries(entries) as Omit<AllAsked, 'fleet'>;
  const canList = asked.tables && 'value' in asked.tables;
  return { ...asked, fleet: canList ? await askOne(() => readFleet(request, ports)) : undefined };
}

async function askOne<T>(call: () => Promise<T>): Promise<Asked<T>> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error: messageOf(error), why: whyOf(error) };
  }
}

function whyOf(error: unknown): Unanswered {
  if (isFailure(error, 'access-denied')) return deniesPermission(error) ? 'denied' : 'credentials';
  return isFailure(error, 'not-found') ? 'not-found' : 'failed';
}

/** One call at a time, because AWS allows few changes per second in an account, and the jobs need them. */
async function askWrites(
  { config, now, classes = [] }: DoctorRequest,
  ports: Ports,
  place: Place,
): Promise<AskedWrite[]> {
  const target = { tableArn: sampleOf(config, now, place).arn, environment: config.environment };
  const asked: AskedWrite[] = [];
  for (const write of writes) {
    if (!classes.includes(write.class) || (write.probe.call === 'publish' && !ports.notices)) continue;
    asked.push({
      ...write,
      asked: await askOne(() => surroundingsOf(ports).probe(write.probe, target)),
    });
  }
  return asked;
}

/** Asks about something that might not exist. That AWS says so is an answer too. */
const harmless = async (call: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await call();
  } catch (error) {
    if (isFailure(error, 'not-found')) return undefined;
    throw error;
  }
};

function callsOf({ config, now, alarmPrefix }: DoctorRequest, ports: Ports, place: Place): Calls {
  const { environment, specs } = config;
  const { tables, backups, metrics, state, mappings } = ports;
  const { name: sample, arn } = sampleOf(config, now, place);
  const consumer = specs.flatMap(({ consumers }) => consumers.map((one) => one.function))[0];
  const { scalableTargets, alarms, hosts } = surroundingsOf(ports);
  return {
    tables: () => tables.list(),
    description: () => tables.describe(sample),
    tags: () => harmless(() => tables.tags(arn)),
    timeToLive: () => harmless(() => tables.timeToLive(sample)),
    recovery: () => harmless(() => tables.recovery(sample)),
    backups: () => harmless(() => backups.list(sample)),
    backup: () => harmless(() => backups.describe(`${arn}/${NO_BACKUP}`)),
    destinations: specs.some(({ destination }) => destination)
      ? () => harmless(() => tables.destinations(sample))
      : undefined,
    mappings: consumer !== undefined && mappings ? () => mappings.list(consumer) : undefined,
    metrics: () => anyMetric(metrics, sample, now),
    limits: () => tables.limits(),
    stateTable: () => tables.describe(stateTableName(environment)),
    scheduledDeletions: () => state.scheduledDeletions(),
    suspensions: () => state.suspensions('to-resume'),
    memories: () => state.memories(),
    ownership: () => state.ownership(),
    retentions: () => state.retentions(),
    history: async () =>
      (await state.history(now - HISTORY_MS, now)).flatMap((text) => entryFrom(text) ?? []),
    runs: () => state.runs(),
    leases: () => state.leases(),
    hosts: () => hosts(arn),
    targets: () => scalableTargets(),
    alarms: () => alarms(alarmPrefix),
  };
}

function surroundingsOf({ surroundings }: Ports): Surroundings {
  if (!surroundings) throw new Error('The ports have no surroundings.');
  return surroundings;
}

/** The form of a backup's ARN, with an id that no backup has. */
const NO_BACKUP = 'backup/01000000000000-00000000';

/** A table that permissions are asked for. It does not have to exist. */
function sampleOf(
  { environment, specs: [spec] }: Config,
  now: number,
  { region, account = '000000000000' }: Place,
): { name: string; arn: string } {
  const name = spec ? tableName(spec, periodOf(spec, now)) : `${environment}.doctor`;
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

async function readFleet({ config, now }: DoctorRequest, ports: Ports): Promise<Answers['fleet']> {
  const { tables, observed, draft, status } = await fleetNow(config, ports, now);
  return { tables, observed, holds: draft.holds, unmanaged: status.unmanaged };
}
