import type { Recommendation } from '../../core/plan.ts';
import { align, style, visible } from './text.ts';

/** What would be cheaper, group by group, and what to change for it. */
export function viewRecommendations(recommendations: readonly Recommendation[]): string {
  const rows = recommendations.map(({ group, message }) => [
    style.good('$'),
    visible(group),
    visible(message),
  ]);
  return `${style.heading('Cheaper:')}\n${align(rows, '  ')}`;
}
