import type { Finding, Sound } from '../finding.ts';
import { at } from '../merge.ts';
import type { Path } from '../problem.ts';
import { quote, sayPath } from '../quote.ts';
import { scopesOf } from './levels.ts';

const BILLING: Path = ['Scaling', 'Billing'];
/** `none` switches scaling off, and on again. */
const fits = (method: unknown): boolean => method === 'predictive' || method === 'none';

/** What counts of a spec here. */
interface Billed {
  /** Whether it is on demand by itself. */
  readonly onDemand: boolean;
  /** Names of its global indexes. */
  readonly indexes: readonly string[];
}

/** Where the billing mode is left to scaling and cannot be, once the levels are merged, in any environment. */
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

/** What the strongest level that says anything of it says. */
function strongest(file: unknown, levels: readonly Path[], place: Path): Written | undefined {
  const level = levels.findLast((one) => at(file, [...one, ...place]) !== undefined);
  return level && { path: [...level, ...place], value: at(file, [...level, ...place]) };
}

/** The methods of the table and of its indexes, as far as any is set. */
function methodsOf(file: unknown, levels: readonly Path[], indexes: readonly string[]): Written[] {
  const owners: Path[] = [['Scaling'], ...indexes.map((name) => ['Scaling', 'Indexes', name])];
  return owners.flatMap((owner) => strongest(file, levels, [...owner, 'Method']) ?? []);
}

const needsThroughput = (spec: string): string =>
  `must not be "auto" for ${quote(spec)}, whose BillingMode is "PAY_PER_REQUEST": what may be provisioned derives from the spec. Leave BillingMode out there and give it ProvisionedThroughput, or set "Billing": "provisioned" for it under Tables.`;

const needsPredictive = (spec: string, { path, value }: Written): string =>
  `must not be "auto" for ${quote(spec)}, whose Method is ${quote(String(value))} (${sayPath(path)}): only "predictive" tells what its demand costs either way. Set "Method": "predictive", or "Billing": "provisioned".`;
