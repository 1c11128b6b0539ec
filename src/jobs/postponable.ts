import type { Action } from '../core/plan.ts';
import { learns } from '../core/scaling/methods/index.ts';
import type { Config } from '../core/spec.ts';

/**
 * Whether the next run of scale, a minute later, is early enough for an action. No table is too small because a lowering waits. Scale
 * raises the upcoming tables of groups whose demand it learns so early that all have their turn; once the period starts, the
 * reason is another.
 */
export function postponable({ specs }: Pick<Config, 'specs'>): (action: Action) => boolean {
  const handedOver = new Set(
    specs
      .filter(({ resources }) => resources.every(({ scaling }) => learns(scaling)))
      .map(({ name }) => name),
  );
  return ({ kind, group, reason }) =>
    kind === 'lower' || (kind === 'raise' && reason === 'warm-up' && handedOver.has(group));
}
