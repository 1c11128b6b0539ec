import { sayInstant } from '../calendar/instant.ts';
import { membersOf, requiredTables, type Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import type { Draft } from '../plan.ts';
import { PlanBuilder } from '../plan-builder.ts';
import type { Config } from '../spec.ts';
import { sayUnits } from '../throughput.ts';
import { creationInput, madeOnDemand } from './creation.ts';
import { settleBilling, settleClass } from './outdated.ts';
import { plannedUnits } from './planned.ts';
import { step } from './step.ts';
import { protect, settleNewTable, settleTable } from './table-settings.ts';

/**
 * What rotation wants at `now`: every required table made, coming ones warm before their period begins,
 * finished ones stepped down, or made what outdated ones are, once late writers have had their time.
 */
export function planRotate(config: Config, observed: Observed, now: number): Draft {
  const draft = new PlanBuilder('rotate', observed);
  for (const [spec, present] of membersOf(config, observed.names, now)) {
    const required = requiredTables(spec, now);
    for (const table of required) {
      if (!observed.names.has(table.name)) create(draft, table, now);
    }
    const settled = new Set(required.map(({ name }) => name));
    for (const table of present) {
      const switching = settleBilling(draft, observed, table, now);
      if (table.spec.resources.length > 0 && !switching) step(draft, observed, table, now);
      if (!switching && !draft.updates(table)) settleClass(draft, observed, table, now);
      if (settled.has(table.name) || table.phase === 'draining') settleTable(draft, observed, table);
      protect(draft, observed, table);
    }
  }
  return draft;
}

function create(draft: PlanBuilder, table: Table, now: number): void {
  const past = table.phase !== 'upcoming' && table.phase !== 'active';
  draft.do(table, {
    kind: 'create',
    reason: past ? 'backfill' : 'missing',
    message: `${createMessage(table)} ${capacityMessage(table, now)}`,
    input: creationInput(table, now),
  });
  settleNewTable(draft, table);
}

function createMessage({ period, phase, spec }: Table): string {
  if (spec.scheme === 'none') return 'It is missing.';
  const begins = sayInstant(period.start);
  if (phase === 'upcoming') return `Its period begins ${begins}.`;
  if (phase === 'active') return `Its period began ${begins} and it is missing.`;
  return `Its period began ${begins}; the spec backfills ${spec.backfill}.`;
}

function capacityMessage(table: Table, now: number): string {
  const { spec, period } = table;
  const own = spec.resources.find(({ index }) => index === undefined);
  if (!own || madeOnDemand(table)) return 'On demand.';
  return `${sayUnits(plannedUnits(spec, own, period, now))}.`;
}
