import type { ScalableTarget } from '../../facts.ts';
import type { Table } from '../../fleet.ts';
import { checkWith } from '../check.ts';
import type { Said } from '../finding.ts';

/** A suspended target changes nothing: https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-suspend-resume-scaling.html */
const isActive = ({ suspended }: ScalableTarget): boolean => !suspended;

/**
 * Application Auto Scaling that changes the same tables. Its targets outlive a table, and scale a later one of the same name:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html
 */
export const autoScaling = checkWith(
  'Application Auto Scaling that is still registered on tables',
  ['targets', 'fleet'],
  ({ targets, fleet }, { config: { environment } }) => {
    const members = new Map(fleet.tables.map((table) => [table.name, table]));
    const own = targets.filter(isActive).filter(({ table }) => table.startsWith(`${environment}.`));
    return own.flatMap((target) => {
      const member = members.get(target.table);
      if (member && fleet.observed.names.has(target.table)) return onTable(target, member);
      return fleet.observed.names.has(target.table) ? [] : [leftOver(target)];
    });
  },
);

const what = ({ resourceId, dimension }: ScalableTarget): string =>
  `${dimension.endsWith('ReadCapacityUnits') ? 'reads' : 'writes'} of ${resourceId}`;

const deregister = ({ resourceId, dimension }: ScalableTarget): string =>
  `aws application-autoscaling deregister-scalable-target --service-namespace dynamodb --resource-id ${resourceId} --scalable-dimension ${dimension}`;

/** An on-demand table has no capacity to change. */
function onTable(target: ScalableTarget, { spec }: Table): Said[] {
  const resource = spec.resources.find(({ index }) => index === target.index);
  if (!resource) return [];
  if (resource.scaling.method === 'none') return [besideRotate(target, spec.name)];
  return [
    {
      severity: 'severe',
      group: spec.name,
      message: `Application Auto Scaling is registered for the ${what(target)} (${target.min} to ${target.max} units). Two controllers change the same capacity.`,
      cure: `Run \`${deregister(target)}\`. Or set Scaling.Method of ${spec.name} to "none".`,
    },
  ];
}

/** With the method `none`, another tool may scale, but rotate parks, warms up and lowers tables by their periods. */
const besideRotate = (target: ScalableTarget, group: string): Said => ({
  severity: 'note',
  group,
  message: `Application Auto Scaling is registered for the ${what(target)}. Scaling.Method is "none", so scale leaves it alone, but rotate changes the capacity when a period begins and ends.`,
  cure: 'If capacity of past tables stays high, deregister their targets when their periods end. Or let Turntable scale the tables.',
});

const leftOver = (target: ScalableTarget): Said => ({
  severity: 'warning',
  message: `Application Auto Scaling is registered for the ${what(target)}, and the table does not exist. It would scale a new table of this name.`,
  cure: `Run \`${deregister(target)}\`.`,
});
