import type { Result } from '../../jobs/apply.ts';
import { style, visible } from './text.ts';

const marks: Readonly<Record<Result['outcome'], string>> = {
  applied: style.good('✓'),
  overtaken: style.warn('↷'),
  failed: style.bad('✗'),
  skipped: style.warn('-'),
};

/** One line when an action is through: `[3/12] ✓ create production.X.20261122`. */
export function viewResult({ action, outcome, error }: Result, place: number, total: number): string {
  const counter = style.faint(`[${String(place).padStart(String(total).length)}/${total}]`);
  const why = error ? `  ${(outcome === 'failed' ? style.bad : style.warn)(visible(error))}` : '';
  return `${counter} ${marks[outcome]} ${action.kind} ${visible(action.table)}${why}`;
}

export function countResults(results: readonly Result[]): string {
  const of = (outcome: Result['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  const overtaken = of('overtaken') > 0 ? `, ${of('overtaken')} overtaken` : '';
  return `${of('applied')} applied, ${of('failed')} failed, ${of('skipped')} skipped${overtaken}.`;
}
