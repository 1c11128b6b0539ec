import { DAY_MS, HOUR_MS } from '../src/core/calendar/period.ts';
import { Random } from './random.ts';

/** What may go wrong with one call. */
export type Fault =
  /** Answered with an error; nothing has happened. */
  | { readonly kind: 'error'; readonly error: AwsErrorName }
  /** The connection is cut before the request arrives. */
  | { readonly kind: 'dropped' }
  /** No answer, ever; nothing has happened. */
  | { readonly kind: 'unanswered' }
  /** Performed, and then the connection is cut without an answer. */
  | { readonly kind: 'lost' }
  /** Performed, and the connection is cut in the middle of the answer: half a page. */
  | { readonly kind: 'torn' }
  /** Performed twice, as by a network that repeats itself; the second answer is given. */
  | { readonly kind: 'twice' }
  | { readonly kind: 'delayed'; readonly delayMs: number }
  /** Performed, and answered with the Date header of another time. */
  | { readonly kind: 'misdated'; readonly byMs: number }
  /** ListTables only: half of the names, and a word that these are all. */
  | { readonly kind: 'half-page' }
  /** GetMetricData only: a series that is wrong, has holes or nothing at all, or could not be read to its end. */
  | { readonly kind: 'metrics'; readonly how: MetricsFault };

const metricsFaults = ['zeros', 'absurd', 'gaps', 'missing', 'partial', 'internal-error'] as const;
export type MetricsFault = (typeof metricsFaults)[number];

/** What `absurd` metrics are multiplied by. */
export const ABSURD = 1_000;

export const awsErrors = {
  ThrottlingException: 'Rate exceeded',
  LimitExceededException: 'Subscriber limit exceeded: too many operations at once',
  ResourceInUseException: 'Attempt to change a resource which is still in use',
  AccessDeniedException: 'User is not authorized to perform this action',
  InternalServerError: 'The service failed internally',
} as const;
export type AwsErrorName = keyof typeof awsErrors;

export interface Call {
  /** DynamoDB's or CloudWatch's own name, as `CreateTable`. */
  readonly operation: string;
  /** The table, or what else it is about. */
  readonly resource: string;
}

/** How likely a fault is at a call, and what keeps failing all along. */
export interface Climate {
  readonly rate: number;
  readonly outage?: Outage;
}

/** Calls that meet this fault every time. */
export interface Outage {
  readonly operation?: string;
  /** A part of the resource's name. */
  readonly resource?: string;
  readonly fault: Fault;
}

const LONGEST_DELAY_MS = 20_000;
const changing = /^(Create|Update|Delete)Table|^UpdateTimeToLive|^UpdateContinuousBackups|^CreateBackup/;

/**
 * The faults of one run. Whether a call meets one depends on the run's seed, on the call, and on how often it has
 * been made, and not on the order of the calls: calls side by side meet the same faults however they race.
 */
export class Weather {
  injected = 0;
  /** How many faults of each kind. */
  readonly kinds = new Map<string, number>();
  /** Virtual milliseconds that calls were delayed by. */
  delayedMs = 0;
  /** What the faults were about. */
  readonly resources = new Set<string>();
  readonly #calls = new Map<string, { random: Random; left: number; fault?: Fault }>();
  readonly #seed: string;
  readonly #climate: Climate;

  constructor(seed: string, climate: Climate) {
    this.#seed = seed;
    this.#climate = climate;
  }

  at(call: Call): Fault | undefined {
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
    const { outage } = this.#climate;
    if (!outage) return undefined;
    if (outage.operation !== undefined && outage.operation !== operation) return undefined;
    if (outage.resource !== undefined && !resource.includes(outage.resource)) return undefined;
    return outage.fault;
  }

  /** A fault stays for some tries of the same call: one alone would be cured by the SDK's own retry. */
  #drawn(call: Call): Fault | undefined {
    const key = `${call.operation} ${call.resource}`;
    const known = this.#calls.get(key) ?? { random: new Random(this.#seed, key), left: 0 };
    this.#calls.set(key, known);
    if (known.left === 0) {
      const { random } = known;
      known.fault = random.chance(this.#climate.rate) ? draw(random, call) : undefined;
      known.left = known.fault ? random.pick([1, 1, 1, 2, 4, 12]) : 1;
    }
    known.left -= 1;
    return known.fault;
  }
}

const told = {
  dropped: 'request dropped',
  unanswered: 'no answer',
  lost: 'answer lost',
  torn: 'answer cut',
  twice: 'duplicated',
  delayed: 'delayed',
  misdated: 'wrong date',
  'half-page': 'half a page',
} as const;

function nameOf(fault: Fault): string {
  if (fault.kind === 'error') return fault.error;
  return fault.kind === 'metrics' ? `metrics ${fault.how}` : told[fault.kind];
}

function draw(random: Random, { operation }: Call): Fault {
  if (operation === 'GetMetricData' && random.chance(0.6))
    return { kind: 'metrics', how: random.pick(metricsFaults) };
  if (operation === 'ListTables' && random.chance(0.3)) return { kind: 'half-page' };
  const kind = random.weighted({
    error: 8,
    dropped: 3,
    unanswered: 0.3,
    lost: 4,
    torn: 2,
    twice: 4,
    delayed: 3,
    misdated: 2,
  });
  if (kind === 'misdated') return { kind, byMs: random.pick([-1, 1]) * random.pick([HOUR_MS, DAY_MS]) };
  if (kind === 'delayed') return { kind, delayMs: random.between(1, LONGEST_DELAY_MS) };
  if (kind !== 'error') return { kind };
  const usual = ['ThrottlingException', 'InternalServerError', 'AccessDeniedException'] as const;
  const more = ['LimitExceededException', 'ResourceInUseException'] as const;
  return { kind, error: random.pick(changing.test(operation) ? [...usual, ...more] : usual) };
}
