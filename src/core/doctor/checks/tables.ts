import { needsAttention } from '../../failing-holds.ts';
import { knownClosing } from '../../guards/closing.ts';
import { coverageOf } from '../../metrics/coverage.ts';
import type { Hold, HoldReason } from '../../plan.ts';
import { holdReasons } from '../../reasons.ts';
import type { Spec } from '../../spec.ts';
import { plural } from '../../text.ts';
import type { Fleet } from '../answers.ts';
import { checkWith, type Situation } from '../check.ts';
import type { Said, Severity } from '../finding.ts';
import { sayNames } from '../names.ts';

/** What applications need: current and upcoming tables exist, and serve what is asked of them. */
export const tables = checkWith(
  'tables that are missing or late, or cannot serve demand, and holds that need an operator',
  ['fleet'],
  ({ fleet }, situation) => [
    ...situation.config.specs.flatMap((spec) => missing(spec, fleet, situation)),
    ...held(fleet.holds, situation),
  ],
);

/** The same rule as that of the metric NextTableLate. */
function missing(spec: Spec, { tables: all, observed, holds }: Fleet, situation: Situation): Said[] {
  const { now } = situation;
  const own = all.filter((table) => table.spec === spec && observed.names.has(table.name));
  const coverage = coverageOf(spec, own, observed, now);
  const isReplicated = holds.some(
    ({ group, kind, reason }) => group === spec.name && kind === 'create' && reason === 'is-replica',
  );
  const cure = isReplicated
    ? 'Run `turntable doctor` in the Region where the tables of the group belong. Rotate adds the replica from there.'
    : `Read the log of the last run of rotate, and correct the cause. To create the table now, run \`turntable rotate --env ${spec.environment}\`.`;
  if (coverage?.late) {
    const isCurrent = coverage.coveredMs === 0;
    return [
      {
        severity: 'severe',
        group: spec.name,
        message: isCurrent
          ? `The current table ${coverage.missing} does not exist, so calls of applications fail.`
          : `The next table ${coverage.missing} does not exist, and its period starts soon.`,
        cure,
      },
    ];
  }
  if (own.length > 0 || knownClosing(observed, spec, now) || !isInUse(situation)) return [];
  return [
    {
      severity: 'warning',
      group: spec.name,
      message: `${spec.name} has no table yet. Rotate creates its first tables.`,
      cure: `If the group is not new, check that rotate runs. To create the tables now, run \`turntable rotate --env ${spec.environment}\`.`,
    },
  ];
}

/** An environment without a state table, or with a name that might be a typing error, has no tables for that reason. */
const isInUse = ({ config, asked: { stateTable } }: Situation): boolean =>
  config.unlisted?.similarTo === undefined && !(stateTable && 'value' in stateTable && !stateTable.value);

interface Held {
  readonly holds: readonly Hold[];
  readonly severity: Severity;
}

/** Holds that make a run fail, now or if they last, and notes that tables are replicas. One finding for all tables of a group with the same reason. */
function held(holds: readonly Hold[], situation: Situation): Said[] {
  const together = new Map<string, Held>();
  for (const hold of holds) {
    const severity = severityOf(hold);
    if (!severity || isToldElsewhere(hold, situation)) continue;
    const key = [hold.group, hold.reason, severity].join('\n');
    together.set(key, { severity, holds: [...(together.get(key)?.holds ?? []), hold] });
  }
  return [...together.values()].map((one) => said(one, situation.config.environment));
}

function severityOf(hold: Hold): Severity | undefined {
  if (needsAttention(hold)) return 'severe';
  if (hold.reason === 'is-replica') return 'note';
  return hold.shortage && !hold.shortage.accepted ? 'warning' : undefined;
}

/** The checks `unmanaged` and `retention` have these, and `permissions` has the calls that fail. */
const ELSEWHERE: ReadonlySet<HoldReason> = new Set(['not-owned', 'retention-unknown', 'retention-shortened']);

const isToldElsewhere = ({ reason, message }: Hold, { asked }: Situation): boolean =>
  ELSEWHERE.has(reason) ||
  Object.values(asked).some((answer) => answer && 'error' in answer && message.includes(answer.error));

function said({ holds, severity }: Held, environment: string): Said {
  const [{ group, table, kind, reason, message }] = holds as readonly [Hold, ...Hold[]];
  const names = [...new Set(holds.map((hold) => hold.table))];
  const others = names.length > 1 ? ` The same for ${sayNames(names.slice(1))}.` : '';
  return {
    severity,
    group,
    message: `${plural(names.length, 'table')} of ${group}: ${kind} held for ${table}. ${message}${others} [${reason}]`,
    cure: `${holdReasons[reason].todo} For more, run \`turntable explain ${table} --env ${environment}\`.`,
  };
}
