import { dimensions } from '../../capacity/demand.ts';
import type { Capacity } from '../../facts.ts';
import type { Resource } from '../../spec.ts';
import { capitalized } from '../../text.ts';
import type { Fleet } from '../answers.ts';
import { checkWith } from '../check.ts';
import type { Said } from '../finding.ts';

/** Current tables with less throughput than the floor, if the environment is protected, as production is by default. */
export const throughput = checkWith(
  'throughput of current tables in production below the floor',
  ['description', 'fleet'],
  ({ fleet }, { config, floor }) => (config.settings.protected ? belowFloor(fleet, floor) : []),
);

function belowFloor({ tables, observed }: Fleet, floor: number): Said[] {
  return tables.flatMap(({ name, spec, phase }): Said[] => {
    const state = phase === 'active' ? observed.known('description', name) : undefined;
    const [own] = state?.capacities ?? [];
    if (!own || state?.billingMode !== 'PROVISIONED') return [];
    const low = dimensions.filter((dimension) => own[dimension] < floor);
    if (low.length === 0) return [];
    const resource = spec.resources.find(({ index }) => index === undefined);
    const stuck = low.filter((dimension) => !canReach(resource, dimension, floor));
    return [said(spec.name, name, own, low, stuck, floor)];
  });
}

const canReach = (resource: Resource | undefined, dimension: 'read' | 'write', floor: number): boolean =>
  resource !== undefined && resource.scaling.method !== 'none' && resource.bounds[dimension].max >= floor;

/** `Scaling.Read.Max and Scaling.Write.Max` */
const keys = (bound: 'Min' | 'Max', of: readonly ('read' | 'write')[]): string =>
  of.map((dimension) => `Scaling.${capitalized(dimension)}.${bound}`).join(' and ');

function said(
  group: string,
  table: string,
  own: Capacity,
  low: readonly ('read' | 'write')[],
  stuck: readonly ('read' | 'write')[],
  floor: number,
): Said {
  const units = low.map((dimension) => `${own[dimension]} ${dimension} units`).join(' and ');
  const limited = stuck.join(' and ');
  return {
    severity: stuck.length > 0 ? 'warning' : 'note',
    group,
    message: `This is production, and ${table} has ${units} per second, which is below ${floor}. ${stuck.length > 0 ? `Scaling cannot raise the ${limited} capacity to ${floor}.` : 'Scaling raises it with demand.'}`,
    cure:
      stuck.length > 0
        ? `Raise ProvisionedThroughput of ${group}, or ${keys('Max', stuck)}. If its traffic is that low, choose another --floor.`
        : `If traffic can rise suddenly, raise ${keys('Min', low)} of ${group}. If its traffic is that low, choose another --floor.`,
  };
}
