import type { Finding, Sound } from '../finding.ts';
import { at } from '../merge.ts';
import type { Path } from '../problem.ts';
import { quote, sayPath } from '../quote.ts';
import { ownersIn, scopesOf } from './levels.ts';

const BILLING: Path = ['Scaling', 'Billing'];
/** `none` switches scaling off, and on again. */
const fits = (method: unknown): boolean => method === 'riding' || method === 'none';

/** Whether a spec is on demand by itself, by its name. */
export type OnDemand = ReadonlyMap<string, boolean>;

/** Where the billing mode is left to scaling and cannot be, once the levels are merged, in any environment. */
export function findInBilling(file: unknown, specs: OnDemand, sound: Sound): Finding[] {
  return scopesOf(file, [...specs.keys()]).flatMap(({ spec, levels }) => {
    const billing = strongest(file, levels, BILLING);
    if (billing?.value !== 'either' || !sound(billing.path)) return [];
    if (specs.get(spec)) return [{ at: billing.path, message: needsThroughput(spec) }];
    const other = methodsOf(file, levels).find(({ value, path }) => !fits(value) && sound(path));
    return other ? [{ at: billing.path, message: needsRiding(spec, other) }] : [];
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
const methodsOf = (file: unknown, levels: readonly Path[]): Written[] =>
  ownersIn(file, levels).flatMap((owner) => strongest(file, levels, [...owner, 'Method']) ?? []);

const needsThroughput = (spec: string): string =>
  `must not be "either" for ${quote(spec)}, whose BillingMode is "PAY_PER_REQUEST": what may be provisioned derives from the spec. Leave BillingMode out there and give it ProvisionedThroughput, or set "Billing": "provisioned" for it under Tables.`;

const needsRiding = (spec: string, { path, value }: Written): string =>
  `must not be "either" for ${quote(spec)}, whose Method is ${quote(String(value))} (${sayPath(path)}): only "riding" tells what its demand costs either way. Set "Method": "riding", or "Billing": "provisioned".`;
