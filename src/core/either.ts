import { type Billing, costs, type Verdict, verdictOn, type Weighed } from './billing.ts';
import type { Case } from './case.ts';
import { MONTH_HOURS } from './cost.ts';
import { type Dimension, demandWindow, dimensions } from './demand.ts';
import { tableOf } from './fleet.ts';
import { handoverMs } from './handover.ts';
import { sayInstant } from './instant.ts';
import { stitched } from './look.ts';
import { heading, whole } from './model.ts';
import { HOUR_MS, MINUTE_MS, shift } from './period.ts';
import { mayLower, mayProvision } from './permits/index.ts';
import type { Provision } from './plan.ts';
import type { Prices } from './prices.ts';
import { comparedIn, isFresh, keyOf } from './remembered.ts';
import type { Resource, Units } from './spec.ts';
import { takeOver } from './take-over.ts';
import { busy, overtaken, sayUnits } from './throughput.ts';

/**
 * How a table is billed whose billing mode is left to scaling. Reads, writes and indexes have one mode: it is chosen by
 * what they cost together, and by what each of them throttles. True where the table is to be switched: it takes one
 * update at a time.
 */
export function chooseBilling(subject: Case, prices: Prices): boolean {
  return subject.table.phase === 'active' ? byVerdict(subject, prices) : likeCurrent(subject);
}

const modeOf = ({ state }: Case): Billing =>
  state.billingMode === 'PAY_PER_REQUEST' ? 'on-demand' : 'provisioned';

function byVerdict(subject: Case, prices: Prices): boolean {
  const { draft, table, state, now } = subject;
  if (busy(state) ?? overtaken(state, now)) return false;
  const weighed = weighedFor(subject, prices);
  const verdict =
    weighed &&
    verdictOn(
      modeOf(subject),
      weighed.map(({ weighed }) => weighed),
    );
  if (!verdict) return false;
  const message = sentence(verdict, weighed);
  if (verdict.billing === 'on-demand') return toOnDemand(subject, verdict.reason, message);
  if (!mayReturn(subject)) return true;
  const throughput = eachUnits(subject, (resource) => neededBy(subject, resource));
  if (throughput) toProvisioned(subject, verdict.reason, `${message}: ${say(throughput)}`, throughput);
  return true;

  /** DynamoDB switches a table to on-demand four times in any 24 hours: what can wait is the way back from it. */
  function mayReturn({ state: { onDemandSince = -Infinity, createdAt } }: Case): boolean {
    // One that was made so has spent none.
    const until = onDemandSince > createdAt + MINUTE_MS ? onDemandSince + BETWEEN_SWITCHES_MS : -Infinity;
    if (now >= until) return true;
    const why = 'DynamoDB makes a table on-demand four times in 24 hours, so that it stays so for six';
    draft.hold(table, 'billing', 'billing-quota', `${message}; ${why}, until ${sayInstant(until)}.`);
    return false;
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html: four in 24 hours. */
const BETWEEN_SWITCHES_MS = 6 * HOUR_MS;

interface Named {
  readonly name: string;
  readonly weighed: Weighed;
}

/** What is known of every dimension; undefined as long as anything of it is not, or not of now. */
function weighedFor({ draft, observed, table, state, now }: Case, prices: Prices): Named[] | undefined {
  const { spec } = table;
  const remembered = draft.remembered(observed, spec.name);
  const factor = prices.throughputFactor[state.tableClass] * MONTH_HOURS;
  const all = spec.resources.flatMap(({ index }) =>
    dimensions.map((dimension): Named | undefined => {
      const known = remembered?.[keyOf(dimension, index)];
      const comparison = comparedIn(known)?.comparison;
      if (!comparison || !isFresh(known, now)) return undefined;
      const provisioned = prices.unitHour[dimension] * factor;
      const requested = (prices.onDemandMillion[dimension] / 1e6) * 3600 * factor;
      const name = `${index === undefined ? '' : `index ${index} `}${dimension}s`;
      return { name, weighed: { ...comparison, unitPrice: { provisioned, requested } } };
    }),
  );
  const known = all.filter((one) => one !== undefined);
  return known.length === all.length ? known : undefined;
}

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

function sentence({ billing, reason }: Verdict, all: readonly Named[]): string {
  const { provisioned, requested } = costs(all.map(({ weighed }) => weighed));
  const days = Math.max(0, ...all.map(({ weighed }) => weighed.minutes)) / 1440;
  const over = `as seen over about ${Number(days.toFixed(1))} days`;
  const share = ({ weighed: { demand, throttled } }: Named): number => (demand > 0 ? throttled / demand : 0);
  const [worst] = all.toSorted((a, b) => share(b) - share(a));
  if (reason === 'throttled')
    return `On demand from now on: ${percent(share(worst!))} of its ${worst!.name} were throttled, and 0.5 % is the most (${over})`;
  const instead = billing === 'provisioned' ? [provisioned, requested] : [requested, provisioned];
  const [to, from] = instead.map((month) => month.toFixed(2));
  const throttles = `provisioned, ${percent(worst ? share(worst) : 0)} of its ${worst?.name} would be throttled`;
  const title = billing === 'provisioned' ? 'Provisioned' : 'On demand';
  const cost = `it costs about ${to} USD a month instead of ${from} (${over}`;
  return `${title} from now on: ${cost}${billing === 'provisioned' ? `; ${throttles}` : ''})`;
}

/** Throughput for the table and all of its indexes; undefined as long as that of any is not known. */
function eachUnits(
  { table: { spec } }: Case,
  unitsOf: (resource: Resource) => Units | undefined,
): Provision[] | undefined {
  const all = spec.resources.map((resource): Provision | undefined => {
    const units = unitsOf(resource);
    return units && { ...(resource.index === undefined ? {} : { index: resource.index }), ...units };
  });
  const known = all.filter((one) => one !== undefined);
  return known.length === all.length ? known : undefined;
}

/** What the run in thought has come to, and no less than the last hour's peak, for the bucket begins empty. */
function neededBy(subject: Case, resource: Resource): Units | undefined {
  const { draft, observed, table, state, now } = subject;
  const { to } = demandWindow(now);
  const capacity = state.capacities.find(({ index }) => index === resource.index);
  const remembered = draft.remembered(observed, table.spec.name);
  const unitsOf = (dimension: Dimension): number | undefined => {
    const shadow = comparedIn(remembered?.[keyOf(dimension, resource.index)])?.shadow;
    const peak = capacity && peakOf(dimension);
    if (peak === undefined || !shadow) return undefined;
    return whole(Math.max(heading(shadow.model), peak), resource.bounds[dimension]);
  };
  const peakOf = (dimension: Dimension): number | undefined => {
    const subject = { table, capacity: capacity!, dimension };
    const series = stitched((query, window) => draft.metric(observed, query, window), subject, 'consumed', {
      from: to - HOUR_MS,
      to,
    });
    if (!series) return undefined;
    if ('sums' in series) return Math.max(0, ...series.sums.values()) / 60;
    return draft.unknown(table, `${dimension}s`, series.error);
  };
  const [read, write] = [unitsOf('read'), unitsOf('write')];
  return read === undefined || write === undefined ? undefined : { read, write };
}

/**
 * A coming table takes over from the current one as that is billed then. It is on demand until shortly before its
 * period, so that it costs nothing while it waits.
 */
function likeCurrent(subject: Case): boolean {
  const { draft, observed, table, state, now } = subject;
  const { spec, period } = table;
  const current = tableOf(spec, shift(spec.scheme, period.start, -1), now);
  if (current.phase !== 'active' || !observed.names.has(current.name)) return false;
  const standing = draft.ask(observed, current, 'description')?.value?.billingMode;
  const switched = draft.actions.find((one) => one.kind === 'billing' && one.table === current.name);
  const mode = switched?.kind === 'billing' ? switched.billingMode : standing;
  if (!mode || mode === state.billingMode) return false;
  if (busy(state) ?? overtaken(state, now)) return false;
  const as = `billed as the table before it when its period begins ${sayInstant(period.start)}`;
  if (mode === 'PAY_PER_REQUEST') {
    if (now < period.start - handoverMs({ read: 0, write: 0 })) return false;
    return toOnDemand(subject, 'warm-up', `On demand from now on: ${as}`);
  }
  const throughput = eachUnits(subject, (resource) => takeOver(subject, resource));
  if (!throughput || now < period.start - Math.max(...throughput.map(handoverMs))) return false;
  toProvisioned(subject, 'warm-up', `Provisioned from now on, ${as}: ${say(throughput)}`, throughput);
  return true;
}

type Why = Verdict['reason'] | 'warm-up';

/** Whatever else keeps capacity from falling does not keep a table from being served. */
function toOnDemand({ draft, observed, table }: Case, reason: Why, message: string): boolean {
  if (!draft.owns(observed, table, 'billing')) return false;
  draft.do(table, { kind: 'billing', reason, message: `${message}.`, billingMode: 'PAY_PER_REQUEST' });
  return true;
}

/** What is served falls to what is provisioned: whatever keeps capacity from falling keeps it on demand. */
function toProvisioned(subject: Case, reason: Why, message: string, throughput: Provision[]): void {
  const { draft, observed, table } = subject;
  if (!draft.owns(observed, table, 'billing')) return;
  const wanted = { ...subject, urgent: false };
  const objection = mayLower(wanted) ?? mayProvision(wanted, throughput);
  if (objection === 'unknown') return;
  if (objection) return draft.hold(table, 'billing', objection.reason, `${message}: ${objection.message}`);
  draft.do(table, {
    kind: 'billing',
    reason,
    message: `${message}.`,
    billingMode: 'PROVISIONED',
    throughput,
  });
}

const say = (throughput: readonly Provision[]): string =>
  throughput.map(({ index, ...units }) => `${index ? `index ${index} ` : ''}${sayUnits(units)}`).join('; ');
