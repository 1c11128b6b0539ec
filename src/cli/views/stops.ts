import { sayStop } from '../../core/guards/stops.ts';
import type { Plan } from '../../core/plan.ts';
import { style, visible } from './text.ts';

/** A line for each thing that people have stopped, and how to end that. */
export const viewStops = (stops: NonNullable<Plan['stops']>): string[] =>
  stops.map(({ what, since, until, reason }) => {
    const stop = {
      what,
      since: Date.parse(since),
      until: until === undefined ? until : Date.parse(until),
      reason,
    };
    return `${style.hold('!')} ${visible(sayStop(stop))} To end that: turntable resume ${what}`;
  });
