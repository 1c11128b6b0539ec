import { sayMistyped } from '../no-state-table.ts';
import { type HoldBody, holding, type Outcome } from '../outcome.ts';
import type { Config } from '../spec.ts';

/**
 * The hold of a whole environment whose name is probably a typing error: settings.json lists a similar one. Its tables would
 * be a second fleet to pay for. undefined if the name is listed, or not similar to a listed one. `exists`: whether the
 * environment has tables already. Rotate then goes on, because applications use them.
 */
export function mistypedEnvironment({ environment, unlisted }: Config, exists: boolean): Outcome | undefined {
  if (unlisted?.similarTo === undefined) return undefined;
  const effect = exists
    ? 'It has tables already, so rotate goes on.'
    : 'Rotate creates nothing in it, because the name might be a typing error.';
  const hold: HoldBody = {
    kind: 'create',
    reason: 'environment-unlisted',
    message: `${sayMistyped(environment, unlisted.similarTo)} ${effect} If the name is correct, add it to Environments in settings.json.`,
    urgent: true,
  };
  return holding(hold);
}

/**
 * The notice for an environment that settings.json does not list, such as that of a branch. If its name is similar to a listed one,
 * the notice asks about it.
 */
export const sayUnlisted = ({ environment, unlisted }: Pick<Config, 'environment' | 'unlisted'>): string =>
  unlisted?.similarTo === undefined
    ? `settings.json does not list the environment ${environment}, so it uses the defaults.`
    : sayMistyped(environment, unlisted.similarTo);
