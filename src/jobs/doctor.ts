import { iso } from '../core/calendar/instant.ts';
import type { AllAsked, Asked, Unanswered } from '../core/doctor/answers.ts';
import { diagnose } from '../core/doctor/diagnose.ts';
import { type Diagnosis, type Severity, severities } from '../core/doctor/finding.ts';
import type { AlarmKey } from '../core/doctor/stack-alarms.ts';
import { type AskedWrite, type Probe, type WritingClass, writes } from '../core/doctor/writes.ts';
import { isFailure, messageOf } from '../core/failure.ts';
import type { FunctionSize } from '../core/function-size.ts';
import type { Ports } from '../ports.ts';
import { deniesPermission } from './denied.ts';
import { type Place, placeOf } from './place.ts';
import { callsOf, readFleet, type Subject, sampleOf, surroundingsOf } from './questions.ts';

export interface DoctorRequest extends Subject {
  /** Names of the variables that set a proxy for calls to AWS. */
  readonly proxies: readonly string[];
  /** The keys of deployment.json that add alarms to the stack. */
  readonly alarmKeys: readonly AlarmKey[];
  /** The functions that deployment.json describes; absent without that file. */
  readonly functionSize?: FunctionSize | undefined;
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

/**
 * Asks AWS and the state table, each question by itself, and says what is wrong. Changes nothing.
 * @throws ServiceError `refused` if no region is set
 */
export async function examine(request: DoctorRequest, ports: Ports): Promise<DoctorReport> {
  const { config, now, proxies, alarmPrefix, alarmKeys, functionSize, floor, shown } = request;
  const place = await placeOf(ports, config.environment);
  const asked = await askAll(request, ports, place);
  const askedWrites = await askWrites(request, ports, place);
  const wall = ports.clock.now();
  const aheadMs = ports.clock.aheadMs?.() ?? [];
  const situation = {
    ...{ config, now, wall, aheadMs, proxies, alarmPrefix, alarmKeys, functionSize, floor, asked },
    writes: askedWrites,
  };
  const diagnosis = diagnose(situation, shown);
  const counted = severities.map((one) => [one, countOf(diagnosis, one)] as const);
  return {
    environment: config.environment,
    region: place.region,
    account: place.account ?? null,
    at: iso(now),
    ...diagnosis,
    counts: Object.fromEntries(counted) as DoctorReport['counts'],
  };
}

const countOf = ({ findings }: Diagnosis, severity: Severity): number =>
  findings.filter((finding) => finding.severity === severity).length;

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
  if (isFailure(error, 'not-found')) return 'not-found';
  return isFailure(error, 'refused') || isFailure(error, 'newer-state') ? 'rejected' : 'failed';
}

/** One call at a time, because AWS allows few changes per second in an account, and the jobs need them. */
async function askWrites(
  { config, now, classes = [] }: DoctorRequest,
  ports: Ports,
  place: Place,
): Promise<AskedWrite[]> {
  const { arn } = sampleOf(config, now, place);
  const archive = config.specs.flatMap(({ settings }) => settings.purge.archive ?? [])[0];
  const uses: Partial<Record<Probe['call'], boolean>> = {
    publish: ports.notices !== undefined,
    export: archive !== undefined,
  };
  const asked: AskedWrite[] = [];
  for (const write of writes) {
    if (!classes.includes(write.class) || uses[write.probe.call] === false) continue;
    const answer: Asked<void> =
      arn === undefined
        ? { error: 'The account is unknown, because STS did not answer', why: 'failed' }
        : await askOne(() =>
            surroundingsOf(ports).probe(write.probe, {
              tableArn: arn,
              environment: config.environment,
              ...(archive && { archive }),
            }),
          );
    asked.push({ ...write, asked: answer });
  }
  return asked;
}
