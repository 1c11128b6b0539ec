import { adoptCommand } from '../../commands.ts';
import type { Hold } from '../../plan.ts';
import type { Spec } from '../../spec.ts';
import { plural } from '../../text.ts';
import { checkWith } from '../check.ts';
import type { Said } from '../finding.ts';
import { sayNames } from '../names.ts';

export const unmanaged = checkWith(
  'tables that Turntable does not manage',
  ['fleet'],
  ({ fleet }, { config: { specs, environment } }) => [
    ...(fleet.unmanaged.length > 0 ? [withoutSpec(fleet.unmanaged, environment)] : []),
    ...specs.flatMap((spec) => withoutTags(spec, fleet.holds)),
  ],
);

function withoutSpec(names: readonly string[], environment: string): Said {
  const [verb, it] = names.length === 1 ? ['matches', 'it'] : ['match', 'them'];
  return {
    severity: 'warning',
    message: `${plural(names.length, 'table')} of ${environment} ${verb} no spec: ${sayNames(names)}. Turntable never changes or deletes ${it}.`,
    cure: `If a spec was removed by mistake, restore it. Otherwise, delete ${it} by hand, after you have looked at ${it}.`,
  };
}

/** Tables with the names of a group, whose tags do not show that Turntable manages them. */
function withoutTags(spec: Spec, holds: readonly Hold[]): Said[] {
  const own = holds.filter(({ group, reason }) => group === spec.name && reason === 'not-owned');
  const names = [...new Set(own.map(({ table }) => table))];
  if (names.length === 0) return [];
  const isInPlace = own.some(({ kind }) => kind === 'use');
  return [
    {
      severity: isInPlace ? 'severe' : 'warning',
      group: spec.name,
      message: `${plural(names.length, 'table')} of ${spec.name} ${names.length === 1 ? 'has' : 'have'} no valid ownership tags: ${sayNames(names)}. ${isInPlace ? 'Applications use a table that Turntable does not scale.' : `Turntable never deletes ${names.length === 1 ? 'it' : 'them'}.`}`,
      cure: `Preview their adoption with \`${adoptCommand(spec)}\`.`,
    },
  ];
}
