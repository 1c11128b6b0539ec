import type { Result } from '../../jobs/apply.ts';
import { style, visible } from './text.ts';

const marks: Readonly<Record<Result['outcome'], string>> = {
  applied: style.good('✓'),
  superseded: style.warn('↷'),
  postponed: style.warn('…'),
  failed: style.bad('✗'),
  skipped: style.warn('-'),
};

/** The result of an action on a table, of a plan or of a command. */
export interface Shown extends Pick<Result, 'outcome' | 'error'> {
  readonly action: { readonly kind: string; readonly table: string };
}

/** Formats one line for a completed action: `[3/12] ✓ create production.X.20261122`. */
export function viewResult({ action, outcome, error }: Shown, place: number, total: number): string {
  const counter = style.faint(`[${String(place).padStart(String(total).length)}/${total}]`);
  const why = error ? `  ${(outcome === 'failed' ? style.bad : style.warn)(visible(error))}` : '';
  return `${counter} ${marks[outcome]} ${action.kind} ${visible(action.table)}${why}`;
}

export function countResults(results: readonly Pick<Result, 'outcome'>[]): string {
  const of = (outcome: Result['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  const rare = (['superseded', 'postponed'] as const).flatMap((outcome) =>
    of(outcome) > 0 ? [`, ${of(outcome)} ${outcome}`] : [],
  );
  return `${of('applied')} applied, ${of('failed')} failed, ${of('skipped')} skipped${rare.join('')}.`;
}
