import { dimensions } from '../../capacity/demand.ts';
import { decreasesToday } from '../../capacity/quota.ts';
import type { AccountLimits, Capacity, TableState } from '../../facts.ts';
import type { Spec } from '../../spec.ts';
import { capitalized } from '../../text.ts';
import type { Fleet } from '../answers.ts';
import { checkWith } from '../check.ts';
import type { Said, Severity } from '../finding.ts';
import { sayNames } from '../names.ts';

/**
 * Tables in a region, by default and at most; tables that change at once; decreases of a table or index in a day.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
 */
const TABLES = 2_500;
const MOST_TABLES = 10_000;
const CHANGING = 500;
const DECREASES = 27;

const NEAR = 0.8;
const FULL = 0.95;

const CHANGES: ReadonlySet<string> = new Set(['CREATING', 'UPDATING', 'DELETING']);

/** undefined if the quota is far. */
const severityOf = (used: number, quota: number): Severity | undefined => {
  if (used >= quota * FULL) return 'severe';
  return used >= quota * NEAR ? 'warning' : undefined;
};

const say = (count: number): string => count.toLocaleString('en-US');

export const quotas = checkWith(
  'quotas near their limit',
  ['tables', 'description', 'limits', 'fleet'],
  ({ tables, limits, fleet }, { config: { specs }, now }) => {
    const states = statesOf(fleet);
    return [
      ...tableCount(tables.length),
      ...changing(states),
      ...accountThroughput(states, limits),
      ...tableThroughput(states, limits),
      ...specs.flatMap((spec) => unreachableMaximum(spec, limits)),
      ...decreases(states, now),
    ];
  },
);

const statesOf = ({ tables, observed }: Fleet): TableState[] =>
  tables.flatMap(({ name }) => observed.known('description', name) ?? []);

function tableCount(count: number): Said[] {
  // An account with more tables than the default has a higher quota.
  const quota = count > TABLES ? MOST_TABLES : TABLES;
  const severity = severityOf(count, quota);
  if (!severity) return [];
  const which = quota === TABLES ? 'The default quota' : 'The highest quota';
  return [
    {
      severity,
      message: `The account has ${say(count)} tables in this region. ${which} is ${say(quota)}, and DynamoDB creates no table above the quota.`,
      cure:
        quota === TABLES
          ? 'Look at "Maximum number of tables" (L-F98FE922) in Service Quotas, and request an increase. Or retain fewer periods.'
          : 'Retain fewer periods, or use another account or region.',
    },
  ];
}

function changing(states: readonly TableState[]): Said[] {
  const count = states.filter(({ status }) => CHANGES.has(status)).length;
  const severity = severityOf(count, CHANGING);
  if (!severity) return [];
  return [
    {
      severity,
      message: `${say(count)} tables are being created, changed or deleted. DynamoDB allows ${say(CHANGING)} at once.`,
      cure: 'Wait, and start no other tool that changes tables. Rotate creates the most urgent tables first.',
    },
  ];
}

function accountThroughput(states: readonly TableState[], limits: AccountLimits): Said[] {
  return dimensions.flatMap((dimension): Said[] => {
    const all = states.flatMap(({ capacities }) => capacities.map((capacity) => capacity[dimension]));
    const used = all.reduce((sum, units) => sum + units, 0);
    const severity = severityOf(used, limits.account[dimension]);
    if (!severity) return [];
    return [
      {
        severity,
        message: `The tables of this environment have ${say(used)} ${dimension} units per second. The quota for all tables of the region together is ${say(limits.account[dimension])}.`,
        cure: `Request an increase of "Account-level ${dimension} throughput limit" in Service Quotas.`,
      },
    ];
  });
}

/** One finding for all tables that are as near to the quota. */
function tableThroughput(states: readonly TableState[], limits: AccountLimits): Said[] {
  return dimensions.flatMap((dimension) =>
    (['severe', 'warning'] as const).flatMap((severity): Said[] => {
      const quota = limits.table[dimension];
      const near = states.flatMap(({ name, capacities }) =>
        capacities
          .filter((capacity) => severityOf(capacity[dimension], quota) === severity)
          .map((capacity) => `${name}${ofIndex(capacity)} (${say(capacity[dimension])})`),
      );
      if (near.length === 0) return [];
      return [
        {
          severity,
          message: `The quota for a table is ${say(quota)} ${dimension} units per second, and these are near it: ${sayNames(near)}.`,
          cure: `Request an increase of "Table-level ${dimension} throughput limit" in Service Quotas.`,
        },
      ];
    }),
  );
}

const ofIndex = ({ index }: Pick<Capacity, 'index'>): string =>
  index === undefined ? '' : ` index ${index}`;

/** A maximum above the quota is never reached, so the operator counts on capacity that does not come. */
function unreachableMaximum({ name, resources }: Spec, limits: AccountLimits): Said[] {
  return resources.flatMap((resource) =>
    dimensions.flatMap((dimension): Said[] => {
      const { max } = resource.bounds[dimension];
      if (!Number.isFinite(max) || max <= limits.table[dimension]) return [];
      return [
        {
          severity: 'warning',
          group: name,
          message: `Scaling.${capitalized(dimension)}.Max of ${name}${ofIndex(resource)} is ${say(max)}, but the quota for a table is ${say(limits.table[dimension])}.`,
          cure: `Request an increase of "Table-level ${dimension} throughput limit" in Service Quotas, or lower Max.`,
        },
      ];
    }),
  );
}

function decreases(states: readonly TableState[], now: number): Said[] {
  const spent = states.filter(({ capacities }) =>
    capacities.some((capacity) => decreasesToday(capacity, now) >= DECREASES * NEAR),
  );
  if (spent.length === 0) return [];
  return [
    {
      severity: 'note',
      message: `DynamoDB has lowered these tables at least ${Math.ceil(DECREASES * NEAR)} of ${DECREASES} times today: ${sayNames(spent.map(({ name }) => name))}.`,
      cure: 'They can be lowered again after 00:00 UTC. If another tool lowers them too, turn it off.',
    },
  ];
}
