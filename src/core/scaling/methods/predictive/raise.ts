import type { Memory } from './memory.ts';
import { type Outlook, peaksIn } from './outlook.ts';
import { meanOf } from './recent.ts';

/** From the newest known minute to when a raise decided one minute later would serve, in minutes. */
const UNTIL_NEXT_CHANCE = 3;
/** From the newest known minute to when a raise decided now serves, in minutes. */
const UNTIL_LANDING = 2;
/** Of a full bucket, so much is kept in reserve: lean, and what caution adds. */
const RESERVE = { lean: 0.1, cautious: 0.4 };
/** Capacity may fall to this share of the floor before that alone is worth a raise. */
const BELOW_FLOOR = 0.6;
/** And to this share of what target tracking would have, where that is followed. */
const BELOW_TRACKED = 0.95;
/** A raise goes this far above what is needed, so that a climb is not a raise a minute. */
const ABOVE_NEED = 0.1;
/** Minutes that a surge is carried on beyond the newest known: until a raise serves. */
const SURGE_MINUTES = 2;

/**
 * Capacity to raise to, or undefined where that can wait: where the bucket carries what is feared until the next
 * chance, or capacity does.
 */
export function raisedTo(memory: Memory, outlook: Outlook, provisioned: number): number | undefined {
  const { feared, held, full, floor, tracked, surge } = outlook;
  const left = held - (feared - provisioned) * 60 * UNTIL_NEXT_CHANCE;
  const reserve = (RESERVE.lean + RESERVE.cautious * memory.caution) * full;
  const runsDry = feared > provisioned && left < reserve;
  const standsHigh = provisioned >= BELOW_FLOOR * floor && provisioned >= BELOW_TRACKED * tracked;
  if (!runsDry && standsHigh) return undefined;
  const needed = neededOnLanding(memory, outlook, provisioned);
  const units = Math.ceil(Math.max(tracked, needed * (1 + ABOVE_NEED) + surge * SURGE_MINUTES));
  return units > provisioned ? units : undefined;
}

/** Of the newest minutes what lasts has to be served, save for what the bucket will still hold by then. */
function neededOnLanding(memory: Memory, outlook: Outlook, provisioned: number): number {
  const { expected, held, floor } = outlook;
  const atLanding = Math.max(0, held - (expected - provisioned) * 60 * UNTIL_LANDING);
  const ridden = (atLanding * (1 - memory.caution)) / 60;
  const { level, lasting } = memory.forecast;
  const needs = [1, 2, 3].map((length) => {
    const mean = meanOf(memory.recent, length);
    return Math.min(mean, level + (mean - level) * lasting) - ridden / length;
  });
  return Math.max(floor, expected * (1 + peaksIn(memory)), ...needs);
}
