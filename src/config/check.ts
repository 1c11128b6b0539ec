import { distinct, type Finding, type Sound, soundAround, soundness } from './finding.ts';
import { at } from './merge.ts';
import type { Problem } from './problem.ts';
import { findInArchives } from './rules/archive.ts';
import { findInArns } from './rules/arns.ts';
import { findInBilling } from './rules/billing.ts';
import { findInBounds } from './rules/bounds.ts';
import { keysAt } from './rules/levels.ts';
import { findInMaintenance } from './rules/maintenance.ts';
import { findInMethods } from './rules/methods.ts';
import { findInNames } from './rules/names.ts';
import { findInReferences, type Indexes } from './rules/references.ts';
import { findInSpec } from './rules/spec.ts';
import { type Parsed, validate } from './validate.ts';
import { type Written, writtenSpecs } from './written.ts';

/** Every problem in a tables file: invalid JSON, violations of the schema, and violations of the rules. */
export function checkTables(tables: Parsed, environments: readonly string[]): Problem[] {
  if (tables.syntax.length > 0) return [...tables.syntax];
  if (isOneSpec(tables.value)) return [tables.problem({ at: [], message: SINGLE_SPEC })];
  const findings = validate(tables, 'tables');
  const sound = soundness(findings);
  const specs = writtenSpecs(tables.value) ?? [];
  findings.push(...findInNames(specs, environments, sound));
  findings.push(...specs.flatMap((spec) => findInSpec(spec, sound)));
  findings.push(...findInArns(specs, sound));
  return problemsOf(tables, findings);
}

const SINGLE_SPEC =
  'is a single table spec, but must be an array of table specs. Put the spec into an array: [ … ].';

function isOneSpec(file: unknown): boolean {
  return at(file, ['TableName']) !== undefined && at(file, ['Tables']) === undefined;
}

/** Every problem in a settings file. References to specs are checked only if the tables file could be read. */
export function checkSettings(settings: Parsed, tables: Parsed | undefined): Problem[] {
  if (settings.syntax.length > 0) return [...settings.syntax];
  const findings = validate(settings, 'settings');
  const sound = soundness(findings);
  const specs = tables && knownSpecs(tables);
  if (specs) {
    const named = <T>(of: (spec: Written) => T): Map<string, T> =>
      new Map(specs.written.map((spec) => [String(at(spec.value, ['TableName'])), of(spec)]));
    const indexes = named((spec) => indexesOf(spec, specs.sound));
    const billed = named((spec) => ({
      onDemand: at(spec.value, ['Properties', 'BillingMode']) === 'PAY_PER_REQUEST',
      indexes: indexesOf(spec, specs.sound)?.global ?? [],
    }));
    findings.push(...findInReferences(settings.value, { specs: indexes }, soundAround(findings)));
    const recoverable = named((spec) => recoveryOf(spec, specs.sound));
    findings.push(...findInBilling(settings.value, billed, sound));
    findings.push(...findInArchives(settings.value, recoverable, sound));
  }
  findings.push(
    ...findInBounds(settings.value, sound),
    ...findInMethods(settings.value, sound),
    ...findInMaintenance(settings.value, sound),
  );
  return problemsOf(settings, findings);
}

/** Every problem in a prices file. */
export function checkPrices(prices: Parsed): Problem[] {
  if (prices.syntax.length > 0) return [...prices.syntax];
  return problemsOf(prices, validate(prices, 'prices'));
}

/** The environments that the settings file lists. */
export function listedEnvironments(settings: Pick<Parsed, 'value'> | undefined): string[] {
  return settings ? keysAt(settings.value, ['Environments']) : [];
}

/** The findings as problems with line and column, after the duplicate keys. */
export function problemsOf(
  document: Pick<Parsed, 'duplicates' | 'problem'>,
  findings: readonly Finding[],
): Problem[] {
  return [...document.duplicates, ...distinct(findings).map((finding) => document.problem(finding))];
}

/** undefined if any TableName is invalid: a reference to that spec must not be reported as unknown. */
function knownSpecs(tables: Parsed): { written: Written[]; sound: Sound } | undefined {
  if (tables.syntax.length > 0) return undefined;
  const sound = soundness(validate(tables, 'tables'));
  const written = writtenSpecs(tables.value);
  return written?.every(({ path }) => sound([...path, 'TableName'])) ? { written, sound } : undefined;
}

/** Whether a spec enables point-in-time recovery; undefined if that part of it is invalid. */
function recoveryOf({ path, value }: Written, sound: Sound): boolean | undefined {
  const place = ['Properties', 'PointInTimeRecoverySpecification'];
  if (!sound([...path, ...place])) return undefined;
  return at(value, [...place, 'PointInTimeRecoveryEnabled']) === true;
}

function indexesOf({ path, value }: Written, sound: Sound): Indexes | undefined {
  const names = (kind: string) => {
    const list = at(value, ['Properties', kind]) ?? [];
    return Array.isArray(list) ? list.map((index) => String(at(index, ['IndexName']))) : [];
  };
  const kinds = ['LocalSecondaryIndexes', 'GlobalSecondaryIndexes'];
  if (!kinds.every((kind) => sound([...path, 'Properties', kind]))) return undefined;
  return { local: names('LocalSecondaryIndexes'), global: names('GlobalSecondaryIndexes') };
}
