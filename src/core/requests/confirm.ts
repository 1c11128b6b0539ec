import type { AppliedRetention } from '../facts.ts';
import { membersOf } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { beyondRetention, dueOnlyBy, sameRetention } from '../purging/compare-retentions.ts';
import type { Config, Spec } from '../spec.ts';

/** What the confirmation of a retention changes. */
export interface Confirmation {
  readonly spec: Spec;
  /** The retention in force; undefined if purge has applied none yet. */
  readonly applied: AppliedRetention | undefined;
  /** Whether the retention of the spec is in force already. */
  readonly settled: boolean;
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
  const settled = applied !== undefined && sameRetention(applied, spec);
  return { spec, applied, settled, due: [...due].map(({ name }) => name) };
}
