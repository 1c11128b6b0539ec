import { confirmCommand } from '../commands.ts';
import type { Table } from '../fleet.ts';
import type { Config, Spec } from '../spec.ts';

/** Tables that are due only by a shorter retention, whose notice is old enough. */
export interface Lapsed {
  readonly spec: Spec;
  /** The number of existing tables of the group. */
  readonly members: number;
  readonly due: ReadonlySet<Table>;
}

/**
 * Why shorter retentions do not take effect by themselves, by group: they make more of the fleet or of the group due than
 * `Purge.MaxShare`. A confirmation applies them anyway. `fleet` is the number of all existing tables.
 */
export function excessShares(
  lapsed: readonly Lapsed[],
  { settings: { purge } }: Config,
  fleet: number,
): ReadonlyMap<Spec, string> {
  const exceeds = (due: number, of: number): boolean => due > allowed(of);
  const allowed = (of: number): number => Math.floor((of * purge.maxShare) / 100);
  const say = (spec: Spec, due: number, of: number, where: string): string =>
    `Deletion held: ${due} of ${of} tables${where} are due only because PurgeRotation became shorter, and Purge.MaxShare (${purge.maxShare}%) allows ${allowed(of)}. If PurgeRotation is correct, run ${confirmCommand(spec)}.`;
  const all = lapsed.reduce((sum, { due }) => sum + due.size, 0);
  const entries = lapsed.flatMap(({ spec, members, due }): [Spec, string][] => {
    if (exceeds(due.size, members)) return [[spec, say(spec, due.size, members, ` in group ${spec.name}`)]];
    return exceeds(all, fleet) ? [[spec, say(spec, all, fleet, '')]] : [];
  });
  return new Map(entries);
}
