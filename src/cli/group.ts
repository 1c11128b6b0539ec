import { quote } from '../config/quote.ts';
import { didYouMean } from '../config/suggest.ts';
import { parseRunInstant, sayInstant } from '../core/calendar/instant.ts';
import { parseTableName, tableName } from '../core/calendar/naming.ts';
import type { Period } from '../core/calendar/period.ts';
import { periodOf, rotationAt } from '../core/calendar/rotation.ts';
import type { Config, Spec } from '../core/spec.ts';
import { UsageError } from './failure.ts';
import { together } from './together.ts';

/** The spec of a group. @throws UsageError */
export function specNamed({ specs }: Config, group: string): Spec {
  const spec = specs.find(({ name }) => name === group);
  if (spec) return spec;
  const known = specs.map(({ name }) => name);
  const hint = didYouMean(group, known);
  throw new UsageError(
    `Unknown group ${quote(group)}. Known groups: ${known.join(', ') || 'none'}.${hint ? ` ${hint}` : ''}`,
  );
}

/** The given groups, each once and in the order of the specs; undefined if none is given. @throws UsageError with all unknown ones */
export function groupsNamed(config: Config, given: readonly string[] = []): readonly string[] | undefined {
  if (given.length === 0) return undefined;
  together(...[...new Set(given)].map((group) => () => specNamed(config, group)));
  return config.specs.map(({ name }) => name).filter((name) => given.includes(name));
}

/** Checks that `--index` names a global index of the spec. @throws UsageError */
export function requireGlobalIndex({ name, properties }: Spec, index: string | undefined): void {
  const known = (properties.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName);
  if (index === undefined || known.includes(index)) return;
  const found = known.length > 0 ? `Its indexes: ${known.join(', ')}` : 'It has none';
  throw new UsageError(`--index ${quote(index)} is not a global index of ${name}. ${found}.`);
}

/**
 * Finds the period that an option names, by the date in the table name (`20261121`, hourly `2026112109`) or by any
 * time in the period, in ISO 8601.
 * @throws UsageError
 */
export function periodOption(option: string, spec: Spec, text: string): Period {
  if (spec.scheme === 'none')
    throw new UsageError(
      `${option} ${quote(text)}: ${spec.name} does not rotate and has one table. Omit the option.`,
    );
  const example = `${spec.environment}.${spec.name}.`;
  const named = /^\d+$/.test(text) ? parseTableName(spec, example + text) : undefined;
  if (named) return named;
  const day = /^(\d{4})(\d\d)(\d\d)(\d\d)?$/.exec(text);
  const instant = parseRunInstant(
    day ? `${day[1]}-${day[2]}-${day[3]}${day[4] === undefined ? '' : `T${day[4]}:00`}` : text,
  );
  if (instant === undefined)
    throw new UsageError(
      `${option} ${quote(text)} is not a valid period. Use the date in the table name, such as 20261121, or a date such as 2026-11-21.`,
    );
  const period = periodOf(spec, instant);
  if (!day) return period;
  const suffix = tableName(spec, period).slice(example.length);
  throw new UsageError(
    `${option} ${quote(text)}: no ${rotationAt(spec, instant).scheme} period starts then. ${sayInstant(instant)} is in period ${suffix}.`,
  );
}
