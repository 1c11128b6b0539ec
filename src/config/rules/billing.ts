import type { Finding, Sound } from '../finding.ts';
import { at } from '../merge.ts';
import type { Path } from '../problem.ts';
import { formatPath, quote } from '../quote.ts';
import { scopesOf } from './levels.ts';

const BILLING: Path = ['Scaling', 'Billing'];
/** `none` is accepted because it only disables scaling temporarily. */
const fits = (method: unknown): boolean => method === 'predictive' || method === 'none';

/** The parts of a spec that these rules read. */
interface Billed {
  /** Whether its BillingMode is PAY_PER_REQUEST. */
  readonly onDemand: boolean;
  /** Names of its global indexes. */
  readonly indexes: readonly string[];
}

/** Every Billing `auto` that is not possible after the levels are merged, in any environment. */
export function findInBilling(file: unknown, specs: ReadonlyMap<string, Billed>, sound: Sound): Finding[] {
  return scopesOf(file, [...specs.keys()]).flatMap(({ spec, levels }) => {
    const { onDemand = false, indexes = [] } = specs.get(spec) ?? {};
    const billing = strongest(file, levels, BILLING);
    if (billing?.value !== 'auto' || !sound(billing.path)) return [];
    if (onDemand) return [{ at: billing.path, message: needsThroughput(spec) }];
    const other = methodsOf(file, levels, indexes).find(({ value, path }) => !fits(value) && sound(path));
    return other ? [{ at: billing.path, message: needsPredictive(spec, other) }] : [];
  });
}

interface Written {
  readonly path: Path;
  readonly value: unknown;
}

/** The value at the level with the highest priority that sets it. */
function strongest(file: unknown, levels: readonly Path[], place: Path): Written | undefined {
  const level = levels.findLast((one) => at(file, [...one, ...place]) !== undefined);
  return level && { path: [...level, ...place], value: at(file, [...level, ...place]) };
}

/** The methods that are set for the table and its indexes. */
function methodsOf(file: unknown, levels: readonly Path[], indexes: readonly string[]): Written[] {
  const owners: Path[] = [['Scaling'], ...indexes.map((name) => ['Scaling', 'Indexes', name])];
  return owners.flatMap((owner) => strongest(file, levels, [...owner, 'Method']) ?? []);
}

const needsThroughput = (spec: string): string =>
  `is "auto", which requires ProvisionedThroughput, but the BillingMode of ${quote(spec)} is "PAY_PER_REQUEST". Replace BillingMode with ProvisionedThroughput in the spec, or set "Billing": "provisioned" for ${quote(spec)} under Tables.`;

const needsPredictive = (spec: string, { path, value }: Written): string =>
  `is "auto", which requires Method "predictive", but the Method of ${quote(spec)} is ${quote(String(value))} (${formatPath(path)}). Set "Method": "predictive" or "Billing": "provisioned".`;
