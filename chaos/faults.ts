import { DAY_MS, HOUR_MS } from '../src/core/calendar/period.ts';
import { Random } from './random.ts';

/** A fault of one call. */
export type Fault =
  /** The call fails with an error, without effect. */
  | { readonly kind: 'error'; readonly error: AwsErrorName }
  /** The connection breaks before the request arrives. */
  | { readonly kind: 'request-dropped' }
  /** No response ever comes, and the call has no effect. */
  | { readonly kind: 'no-response' }
  /** The call takes effect, and the connection breaks before the response. */
  | { readonly kind: 'response-dropped' }
  /** The call takes effect, and the connection breaks in the middle of the response. */
  | { readonly kind: 'response-cut' }
  /** The call takes effect, and half of the response arrives, and then nothing more. */
  | { readonly kind: 'response-stalled' }
  /** The call takes effect twice, as if the network repeated it. The second response is returned. */
  | { readonly kind: 'duplicated' }
  | { readonly kind: 'delayed'; readonly delayMs: number }
  /** The call takes effect, and the response has a Date header of another time. */
  | { readonly kind: 'wrong-date'; readonly byMs: number }
  /** Only ListTables: half of the names, without a token for the rest. */
  | { readonly kind: 'half-page' }
  /** Only GetMetricData: a series that is wrong, has gaps, is empty, or could not be read completely. */
  | { readonly kind: 'metrics'; readonly how: MetricsFault };

const metricsFaults = ['zeros', 'inflated', 'gaps', 'missing', 'partial', 'internal-error'] as const;
export type MetricsFault = (typeof metricsFaults)[number];

/** The factor of `inflated` metrics. */
export const INFLATION = 1_000;

export const awsErrors = {
  ThrottlingException: 'Rate exceeded',
  LimitExceededException: 'Subscriber limit exceeded: too many operations at once',
  ResourceInUseException: 'Attempt to change a resource which is still in use',
  AccessDeniedException: 'User is not authorized to perform this action',
  InternalServerError: 'The service failed internally',
} as const;
export type AwsErrorName = keyof typeof awsErrors;

export interface Call {
  /** The name in the API, such as `CreateTable`. */
  readonly operation: string;
  /** The table, or another resource of the call. */
  readonly resource: string;
}

/** How likely a fault is at each call, and which calls always fail. */
export interface FaultRates {
  readonly rate: number;
  readonly outage?: Outage;
}

/** Calls that always have this fault. */
export interface Outage {
  readonly operation?: string;
  /** A part of the name of the resource. */
  readonly resource?: string;
  readonly fault: Fault;
}

const LONGEST_DELAY_MS = 20_000;
const changing =
  /^(Create|Update|Delete)Table|^UpdateTimeToLive|^UpdateContinuousBackups|^CreateBackup|^ExportTable|^RestoreTable/;

/**
 * The faults of one run. They depend on the seed of the run, on the call, and on how often it was sent before. They do not
 * depend on the order of different calls, so parallel calls always have the same faults.
 */
export class FaultSchedule {
  injected = 0;
  /** How many faults of each kind occurred. */
  readonly kinds = new Map<string, number>();
  /** How long calls were delayed, in virtual milliseconds. */
  delayedMs = 0;
  /** The resources of the calls with faults. */
  readonly resources = new Set<string>();
  readonly #calls = new Map<string, { random: Random; left: number; fault?: Fault }>();
  readonly #seed: string;
  readonly #rates: FaultRates;

  constructor(seed: string, rates: FaultRates) {
    this.#seed = seed;
    this.#rates = rates;
  }

  /** Whether CloudWatch answers every call of the run with no data. */
  get silent(): boolean {
    const { fault } = this.#rates.outage ?? {};
    return fault?.kind === 'metrics' && fault.how === 'missing';
  }

  faultFor(call: Call): Fault | undefined {
    const fault = this.#outage(call) ?? this.#drawn(call);
    if (!fault) return undefined;
    this.injected += 1;
    const kind = nameOf(fault);
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    this.resources.add(call.resource);
    if (fault.kind === 'delayed') this.delayedMs += fault.delayMs;
    return fault;
  }

  #outage({ operation, resource }: Call): Fault | undefined {
    const { outage } = this.#rates;
    if (!outage) return undefined;
    if (outage.operation !== undefined && outage.operation !== operation) return undefined;
    if (outage.resource !== undefined && !resource.includes(outage.resource)) return undefined;
    return outage.fault;
  }

  /** A fault repeats for some attempts of the same call, because the SDK's own retry would hide a single one. */
  #drawn(call: Call): Fault | undefined {
    if (this.#rates.rate === 0) return undefined;
    const key = `${call.operation} ${call.resource}`;
    const known = this.#calls.get(key) ?? { random: new Random(this.#seed, key), left: 0 };
    this.#calls.set(key, known);
    if (known.left === 0) {
      const { random } = known;
      known.fault = random.chance(this.#rates.rate) ? draw(random, call) : undefined;
      known.left = known.fault ? random.pick([1, 1, 1, 2, 4, 12]) : 1;
    }
    known.left -= 1;
    return known.fault;
  }
}

function nameOf(fault: Fault): string {
  if (fault.kind === 'error') return fault.error;
  return fault.kind === 'metrics' ? `metrics ${fault.how}` : fault.kind.replaceAll('-', ' ');
}

function draw(random: Random, { operation }: Call): Fault {
  if (operation === 'GetMetricData' && random.chance(0.6))
    return { kind: 'metrics', how: random.pick(metricsFaults) };
  if (operation === 'ListTables' && random.chance(0.3)) return { kind: 'half-page' };
  const kind = random.weighted({
    error: 8,
    'request-dropped': 3,
    'no-response': 0.3,
    'response-dropped': 4,
    'response-cut': 2,
    'response-stalled': 0.3,
    duplicated: 4,
    delayed: 3,
    'wrong-date': 2,
  });
  if (kind === 'wrong-date') return { kind, byMs: random.pick([-1, 1]) * random.pick([HOUR_MS, DAY_MS]) };
  if (kind === 'delayed') return { kind, delayMs: random.between(1, LONGEST_DELAY_MS) };
  if (kind !== 'error') return { kind };
  const usual = ['ThrottlingException', 'InternalServerError', 'AccessDeniedException'] as const;
  const more = ['LimitExceededException', 'ResourceInUseException'] as const;
  return { kind, error: random.pick(changing.test(operation) ? [...usual, ...more] : usual) };
}
