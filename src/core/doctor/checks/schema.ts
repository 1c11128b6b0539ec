import { isNeeded, type Table } from '../../fleet.ts';
import { namesOwnRegion } from '../../replicas.ts';
import { billingDifference } from '../../rotating/unmanaged.ts';
import { differences, keyDifference } from '../../schema.ts';
import type { Spec } from '../../spec.ts';
import { plural } from '../../text.ts';
import type { Fleet } from '../answers.ts';
import { checkWith } from '../check.ts';
import type { Said, Severity } from '../finding.ts';
import { sayNames } from '../names.ts';

interface Differing {
  readonly table: Table;
  readonly sentences: string;
  readonly severity: Severity;
}

export const schema = checkWith(
  'keys, indexes, streams and billing modes that differ from the spec',
  ['description', 'fleet'],
  ({ fleet }, { config: { specs } }) => {
    const groups = new Map<string, Differing[]>();
    for (const one of fleet.tables.flatMap((table) => differing(table, fleet) ?? [])) {
      const key = [one.table.spec.name, one.severity, one.sentences].join('\n');
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    return [...[...groups.values()].map(said), ...specs.flatMap((spec) => billing(spec, fleet))];
  },
);

/** Tables that applications need differ by mistake. Past ones differ from a spec that was changed since. */
function differing(table: Table, { observed }: Fleet): Differing | undefined {
  const state = observed.known('description', table.name);
  if (!state || table.phase === 'expired') return undefined;
  // The check `tables` says what it is. An operator must not delete a table that might be a replica.
  if (namesOwnRegion(table.spec, state.arn) !== undefined) return undefined;
  const sentences = differences(table.spec.properties, state.schema).join(' ');
  if (sentences === '') return undefined;
  const keyDiffers = keyDifference(table.spec.properties, state.schema).length > 0;
  const ofNeeded = keyDiffers ? 'severe' : 'warning';
  return { table, sentences, severity: isNeeded(table) ? ofNeeded : 'note' };
}

function said(all: readonly Differing[]): Said {
  const { table, sentences, severity } = all[0]!;
  const names = sayNames(all.map((one) => one.table.name));
  return {
    severity,
    group: table.spec.name,
    message: `${plural(all.length, 'table')} of ${table.spec.name} ${all.length === 1 ? 'differs' : 'differ'} from the spec: ${names}. ${sentences}`,
    cure: cureOf(table, severity),
  };
}

function cureOf({ spec, phase }: Table, severity: Severity): string {
  if (severity === 'note')
    return 'Nothing to do, unless applications need the same indexes on all tables. Then change the tables by hand.';
  if (phase === 'upcoming')
    return 'If the spec is correct, change the table by hand. If it has no items that you need, delete it, and rotate creates it as the spec says.';
  return spec.scheme === 'none'
    ? 'Correct the spec, or change the table by hand. Turntable changes no key, index or stream of a table.'
    : 'Correct the spec, or change the table by hand. Rotate creates later tables as the spec says.';
}

/** The current and upcoming tables with another billing mode. The spec can say another one for past tables. */
function billing(spec: Spec, { tables, observed }: Fleet): Said[] {
  const all = tables
    .filter((table) => table.spec === spec && isNeeded(table))
    .flatMap(({ name }) => {
      const state = observed.known('description', name);
      const [sentence] = state ? billingDifference(spec, state) : [];
      return sentence === undefined ? [] : [{ name, sentence }];
    });
  const [first] = all;
  if (!first) return [];
  const rotates = spec.scheme !== 'none';
  return [
    {
      severity: rotates ? 'note' : 'warning',
      group: spec.name,
      message: `${sayNames(all.map(({ name }) => name))}: ${first.sentence} Scale does not change ${all.length === 1 ? 'its' : 'their'} capacity.`,
      cure: rotates
        ? 'Nothing to do if the spec is new: rotate creates later tables as it says. To have it now, change the billing mode by hand.'
        : 'Correct the spec, or change the billing mode by hand.',
    },
  ];
}
