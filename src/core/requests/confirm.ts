import type { AppliedRetention } from '../facts.ts';
import { membersOf } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { beyondRetention, dueOnlyBy, isShorter, sameRetention } from '../purging/compare-retentions.ts';
import type { Config, Spec } from '../spec.ts';

/** What the confirmation of a retention changes. */
export interface Confirmation {
  readonly spec: Spec;
  /** The retention in force; undefined if purge has applied none yet. */
  readonly applied: AppliedRetention | undefined;
  /** Why there is nothing to confirm, if so: purge applies this retention already, or retains at least as much by it. */
  readonly settled: 'applied' | 'not-shorter' | undefined;
  /** Names of the tables that become due by the confirmation, at the latest when they have drained. Oldest first. */
  readonly due: readonly string[];
}

/** @throws Error if the retentions could not be read */
export function planConfirmation(config: Config, spec: Spec, observed: Observed, now: number): Confirmation {
  const { retentions } = observed;
  if ('error' in retentions) throw new Error(retentions.error);
  const applied = retentions.get(spec.name);
  const present = membersOf(config, observed.names, now).get(spec) ?? [];
  const beyond = beyondRetention(present, now);
  const due = applied ? dueOnlyBy(spec, applied, beyond, now) : beyond;
  const settled = applied && settledBy(spec, applied, now);
  return { spec, applied, settled, due: [...due].map(({ name }) => name) };
}

/** Only a shorter retention waits for a confirmation. */
function settledBy(spec: Spec, applied: AppliedRetention, now: number): Confirmation['settled'] {
  if (sameRetention(applied, spec)) return 'applied';
  return isShorter(spec, applied, now) ? undefined : 'not-shorter';
}
