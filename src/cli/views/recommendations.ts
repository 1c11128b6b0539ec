import type { Advice } from '../../core/plan.ts';
import { align, style, visible } from './text.ts';

/** What would be cheaper, group by group, and what to change for it. */
export function viewAdvice(advice: readonly Advice[]): string {
  const rows = advice.map(({ group, message }) => [style.good('$'), visible(group), visible(message)]);
  return `${style.heading('Cheaper:')}\n${align(rows, '  ')}`;
}
