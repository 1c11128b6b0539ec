import { sayInstant } from '../../calendar/instant.ts';
import { DAY_MS } from '../../calendar/period.ts';
import { confirmCommand } from '../../commands.ts';
import { type Table, windowTables } from '../../fleet.ts';
import { knownClosing } from '../../guards/closing.ts';
import { dueAt } from '../../phase.ts';
import type { HoldReason } from '../../plan.ts';
import { sayKeep } from '../../purging/retention-words.ts';
import { planConfirmation } from '../../requests/confirm.ts';
import type { Spec } from '../../spec.ts';
import { plural } from '../../text.ts';
import type { Fleet } from '../answers.ts';
import { checkWith, type Situation } from '../check.ts';
import type { Said } from '../finding.ts';
import { sayNames } from '../names.ts';

/** Purge runs daily, and might miss a run. */
const GRACE_MS = 2 * DAY_MS;

export const retention = checkWith(
  'PurgeRotation that does not fit the tables that exist',
  ['fleet'],
  ({ fleet }, situation) =>
    situation.config.specs
      .filter(({ scheme }) => scheme !== 'none')
      .flatMap((spec) => {
        const own = fleet.tables.filter(
          (table) => table.spec === spec && fleet.observed.names.has(table.name),
        );
        const waiting = toConfirm(spec, own, fleet, situation);
        return [
          ...(waiting ? [waiting] : overdue(spec, own, fleet, situation)),
          ...gaps(spec, own, fleet, situation.now),
        ];
      }),
);

const WAITS: ReadonlySet<HoldReason> = new Set(['retention-unknown', 'retention-shortened']);

/** A retention that is shorter than the one that purge last applied, or the first one of a group with expired tables. */
function toConfirm(
  spec: Spec,
  own: readonly Table[],
  { observed, holds }: Fleet,
  { config, now }: Situation,
): Said | undefined {
  if ('error' in observed.retentions) return undefined;
  const { applied, settled, due } = planConfirmation(config, spec, observed, now);
  if (settled || due.length === 0) return undefined;
  const before = applied
    ? ` Purge last applied ${sayKeep(applied)}, and waits`
    : ' Purge has applied none yet, and waits';
  const failsRuns = holds.some(
    ({ group, reason, urgent }) => group === spec.name && WAITS.has(reason) && urgent,
  );
  return {
    severity: failsRuns ? 'severe' : 'warning',
    group: spec.name,
    message: `${spec.name} has ${plural(own.length, 'table')}, and PurgeRotation ${sayKeep(spec)} makes ${due.length} of them due: ${sayNames(due)}.${before}, because the change might be a mistake.`,
    cure: `If PurgeRotation is wrong, correct it. If it is correct, run \`${confirmCommand(spec)}\`.`,
  };
}

/** Tables that purge should have deleted by now. */
function overdue(spec: Spec, own: readonly Table[], { holds }: Fleet, { now }: Situation): Said[] {
  const { waitingPeriodMs, enabled } = spec.settings.purge;
  const past = own.filter(
    ({ period, phase }) => phase === 'expired' && now - dueAt(spec, period) > waitingPeriodMs + GRACE_MS,
  );
  const tagged = new Set(holds.flatMap(({ reason, table }) => (reason === 'keep-tag' ? [table] : [])));
  const kept = past.filter(({ name }) => tagged.has(name));
  const late = past.filter(({ name }) => !tagged.has(name));
  const [oldest] = late;
  if (!oldest) return keptSaid(spec, kept);
  const names = new Set(late.map(({ name }) => name));
  const reasons = new Set(holds.filter(({ table }) => names.has(table)).map(({ reason }) => reason));
  const why = enabled ? [...reasons].join(', ') : 'Purge.Enabled is false';
  return [
    {
      severity: 'warning',
      group: spec.name,
      message: `${plural(late.length, 'table')} of ${spec.name} ${late.length === 1 ? 'is' : 'are'} overdue under PurgeRotation ${sayKeep(spec)}, the oldest since ${sayInstant(dueAt(spec, oldest.period))}: ${sayNames(late.map(({ name }) => name))}.${why ? ` Held: ${why}.` : ''}`,
      cure: enabled
        ? `Look at the holds of purge in \`turntable plan ${spec.name} --env ${spec.environment}\`, and at its last run.`
        : 'Set Purge.Enabled to true, or a longer PurgeRotation if the tables are needed.',
    },
    ...keptSaid(spec, kept),
  ];
}

/** A person asked for these, but they cost money, and people forget them. */
function keptSaid({ name: group }: Spec, kept: readonly Table[]): Said[] {
  if (kept.length === 0) return [];
  const names = sayNames(kept.map(({ name }) => name));
  return [
    {
      severity: 'note',
      group,
      message: `The tag turntable:keep retains ${plural(kept.length, 'table')} of ${group} beyond PurgeRotation: ${names}.`,
      cure: 'If you no longer need a table, remove the tag, and purge deletes it after the waiting period.',
    },
  ];
}

/** Retained periods without a table, between tables that exist. */
function gaps(spec: Spec, own: readonly Table[], { observed }: Fleet, now: number): Said[] {
  const first = own[0]?.period.start;
  // Purge deletes the tables of a closed environment before their retention ends.
  if (first === undefined || knownClosing(observed, spec, now)) return [];
  const missing = windowTables(spec, now).filter(
    ({ name, phase, period }) =>
      (phase === 'outdated' || phase === 'draining') && period.start > first && !observed.names.has(name),
  );
  if (missing.length === 0) return [];
  return [
    {
      severity: 'warning',
      group: spec.name,
      message: `PurgeRotation ${sayKeep(spec)} retains ${plural(missing.length, 'period')} of ${spec.name} whose ${missing.length === 1 ? 'table does' : 'tables do'} not exist: ${sayNames(missing.map(({ name }) => name))}.`,
      cure: `If its items are needed and a backup exists, run \`turntable restore ${spec.name} --period ${missing[0]!.name.split('.').at(-1)} --env ${spec.environment}\`.`,
    },
  ];
}
