import type { Recommendation } from '../../core/plan.ts';
import { align } from './layout.ts';
import { style, visible } from './text.ts';

/** Formats the recommendations, one line per group. */
export function viewRecommendations(recommendations: readonly Recommendation[]): string {
  const rows = recommendations.map(({ group, message }) => [
    style.good('$'),
    visible(group),
    visible(message),
  ]);
  return `${style.heading('Recommendations:')}\n${align(rows, '  ')}`;
}
