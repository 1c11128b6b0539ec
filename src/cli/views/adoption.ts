import { sayInstant } from '../../core/calendar/instant.ts';
import { CREATED_AT_TAG, ownershipTags } from '../../core/guards/ownership.ts';
import { expiresAt } from '../../core/phase.ts';
import type { Adoptable } from '../../core/requests/adoptable.ts';
import type { Spec } from '../../core/spec.ts';
import type { AdoptionPlan } from '../../jobs/adopt.ts';
import { align } from './layout.ts';
import { type KnownPlace, viewPlace } from './place.ts';
import { actionRow, holdRows } from './plan.ts';
import { grouped, sayBytes, style, table, visible } from './text.ts';

/** Formats the tables to adopt, the changes that follow, and the tables that cannot be adopted. `now` is epoch milliseconds. */
export function viewAdoption(plan: AdoptionPlan, spec: Spec, now: number, place: KnownPlace = {}): string {
  const { adoptable, refused, managed } = plan;
  const counts = [
    `${adoptable.length} to adopt`,
    ...(refused.length > 0 ? [`${refused.length} not adoptable`] : []),
    ...(managed.length > 0 ? [`${managed.length} already managed`] : []),
  ];
  const heading = viewPlace(`${spec.environment}.${spec.name}`, place);
  const parts = [`${heading}, as of ${sayInstant(now)}: ${counts.join(', ')}.`];
  if (adoptable.length > 0) parts.push(viewTables(adoptable, spec), viewTags(spec));
  const next = [
    ...adoptable.flatMap(({ table: { name }, warnings }) =>
      warnings.map((warning) => [style.warn('!'), visible(name), style.warn('note'), visible(warning)]),
    ),
    ...plan.actions.map(actionRow),
    ...holdRows(plan.holds),
  ];
  if (next.length > 0)
    parts.push(`${style.heading('After adoption')}, with the tables as they are now:\n${align(next, '  ')}`);
  const reasons = refused.flatMap(({ name, reasons: all }) =>
    all.map((reason) => [style.bad('✗'), visible(name), visible(reason)]),
  );
  if (reasons.length > 0) parts.push(`${style.heading('Not adoptable')}:\n${align(reasons, '  ')}`);
  return parts.join('\n\n');
}

function viewTables(adoptable: readonly Adoptable[], spec: Spec): string {
  const columns = [
    { title: 'TABLE' },
    { title: 'CREATED' },
    { title: 'ITEMS', align: 'right' as const },
    { title: 'SIZE', align: 'right' as const },
    { title: 'PHASE' },
    { title: 'EXPIRES' },
  ];
  const rows = adoptable.map(({ table: { name, period, phase }, state }) => {
    const expiry = expiresAt(spec, period);
    return [
      visible(name),
      sayInstant(state.createdAt),
      grouped(state.itemCount),
      sayBytes(state.sizeBytes),
      phase === 'expired' ? style.bad(phase) : phase,
      Number.isFinite(expiry) ? sayInstant(expiry) : 'never',
    ];
  });
  return table(columns, rows);
}

function viewTags({ environment, name, scheme }: Spec): string {
  const { environment: ofEnvironment, spec, scheme: ofScheme, period } = ownershipTags;
  const same = [`${ofEnvironment}=${environment}`, `${spec}=${name}`, `${ofScheme}=${scheme}`].join(', ');
  return `Adoption adds the tags ${same}, ${period} (from the table name), and ${CREATED_AT_TAG} (from the creation time). DynamoDB updates item counts and sizes about every 6 hours.`;
}
