/** Which table a person means, and why a name is no managed table. Needs the configuration only. */
import { sayInstant } from '../calendar/instant.ts';
import { isOwn, parseTableName, stateTableName } from '../calendar/naming.ts';
import { periodOf, rotationAt } from '../calendar/rotation.ts';
import { type Table, tableOf } from '../fleet.ts';
import type { Config, Spec } from '../spec.ts';

/** `managed`: by its name. `other`: no spec has it, for a known reason, or for none. */
export type Subject =
  | { readonly managed: Table }
  | { readonly other: string; readonly why?: string; readonly meant?: string };

const baseOf = ({ environment, name }: Spec): string => `${environment}.${name}`;

/**
 * The table that a text names: the name of a table with or without its environment, or that of a group, which stands for its
 * current table. `now` is epoch milliseconds.
 */
export function subjectOf(config: Config, text: string, now: number): Subject {
  const { specs, environment } = config;
  const group = specs.find((spec) => text === spec.name || text === baseOf(spec));
  if (group) return { managed: tableOf(group, periodOf(group, now), now) };
  const full = text.startsWith(`${environment}.`) ? text : `${environment}.${text}`;
  for (const spec of specs) {
    const period = parseTableName(spec, full);
    if (period) return { managed: tableOf(spec, period, now) };
  }
  if (full === stateTableName(environment))
    return {
      other: full,
      why: 'This is the state table of Turntable. It keeps leases, scheduled deletions, suspensions, what was learned of demand, and the history.',
    };
  if (isOwn(environment, full))
    return {
      other: full,
      why: 'This is the scratch table of a restore drill. The drill deletes it as soon as it has compared it.',
    };
  const spec = specs.find((one) => full.startsWith(`${baseOf(one)}.`));
  if (spec) return { other: full, ...wrongDate(spec, full, now) };
  return otherEnvironment(config, text) ?? { other: full };
}

/** Why a name with the group of a spec is not one that the spec produces, and the table that it probably means. */
function wrongDate(spec: Spec, name: string, now: number): { why: string; meant?: string } {
  const produced = `Tables of ${spec.name} have names such as ${tableOf(spec, periodOf(spec, now), now).name}.`;
  const digits = /\.(\d{4})(\d\d)(\d\d)(\d\d)?$/.exec(name);
  const instant = digits
    ? Date.parse(`${digits[1]}-${digits[2]}-${digits[3]}T${digits[4] ?? '00'}:00:00Z`)
    : Number.NaN;
  if (Number.isNaN(instant)) return { why: produced };
  const { scheme } = rotationAt(spec, instant);
  const meant = tableOf(spec, periodOf(spec, instant), now).name;
  return {
    why: `No ${scheme} period of ${spec.name} starts at ${sayInstant(instant)}, so Turntable never changes a table with this name. ${produced}`,
    meant,
  };
}

/** A name that begins with another environment, which the options do not choose. */
function otherEnvironment({ specs, environment }: Config, text: string): Subject | undefined {
  for (const spec of specs) {
    const at = text.indexOf(`.${spec.name}`);
    const other = text.slice(0, Math.max(0, at));
    if (other === '' || other === environment) continue;
    const theirs = { ...spec, environment: other };
    if (text !== baseOf(theirs) && !parseTableName(theirs, text)) continue;
    return {
      other: text,
      why: `The table belongs to the environment ${other}, and the command is for ${environment}. Use --env ${other}.`,
    };
  }
  return undefined;
}
