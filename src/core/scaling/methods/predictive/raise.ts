import { type Outlook, uncoveredPeaks } from './outlook.ts';
import { meanOf } from './recent.ts';
import type { Situation } from './situation.ts';
import { soughtBy } from './uneven.ts';

/** Minutes from the newest known minute until a raise that is decided one minute later takes effect. */
const UNTIL_NEXT_CHANCE = 3;
/** Minutes from the newest known minute until a raise that is decided now takes effect. */
const UNTIL_EFFECTIVE = 2;
/** The share of full burst capacity that is reserved: in any case, and what full caution adds. */
const RESERVE = { lowest: 0.1, cautious: 0.4 };
/** If capacity is below this share of the floor, it is raised in any case. */
const BELOW_FLOOR = 0.6;
/** If the baseline is followed and capacity is below this share of the baseline's, it is raised in any case. */
const BELOW_BASELINE = 0.95;
/** A raise is this share above what is needed, so that a climb does not cause one raise per minute. */
const ABOVE_NEED = 0.1;
/** A raise is to no more than this multiple of the highest demand of the last 20 minutes, or of yesterday. */
const OF_SEEN = 2;

/** The capacity to raise to; undefined if a raise can wait. */
export function raisedTo(memory: Situation, outlook: Outlook, provisioned: number): number | undefined {
  const usual = raisedForMinutes(memory, outlook, provisioned);
  const uneven = soughtBy(memory.uneven, provisioned, memory.forecast.level);
  return uneven === undefined ? usual : Math.max(uneven, usual ?? 0);
}

/**
 * As demand of whole minutes shows. A raise can wait if capacity and burst capacity are likely to serve demand until a raise
 * that is decided one minute later takes effect.
 */
function raisedForMinutes(memory: Situation, outlook: Outlook, provisioned: number): number | undefined {
  const { likelyPeak, burstBalance, fullBurst, floor, baseline, surge, yesterday } = outlook;
  const left = burstBalance - (likelyPeak - provisioned) * 60 * UNTIL_NEXT_CHANCE;
  const reserve = (RESERVE.lowest + RESERVE.cautious * memory.variant.caution) * fullBurst;
  const burstRunsOut = likelyPeak > provisioned && left < reserve;
  const highEnough = provisioned >= BELOW_FLOOR * floor && provisioned >= BELOW_BASELINE * baseline;
  if (!burstRunsOut && highEnough) return undefined;
  const needed = neededWhenEffective(memory, outlook, provisioned);
  const wanted = Math.max(baseline, needed * (1 + ABOVE_NEED) + surge * UNTIL_EFFECTIVE);
  const units = Math.ceil(Math.min(wanted, OF_SEEN * Math.max(yesterday, ...memory.recent)));
  return units > provisioned ? units : undefined;
}

/**
 * The part of the newest demand that is likely to last until a raise takes effect, minus what burst capacity then
 * serves.
 */
function neededWhenEffective(memory: Situation, outlook: Outlook, provisioned: number): number {
  const { expected, burstBalance, floor } = outlook;
  const left = Math.max(0, burstBalance - (expected - provisioned) * 60 * UNTIL_EFFECTIVE);
  const { caution, patience } = memory.variant;
  const fromBurst = (left * (1 - caution)) / 60;
  const { level, lasting } = memory.forecast;
  const covered = lasting * (1 - patience);
  const needs = [1, 2, 3].map((length) => {
    const mean = meanOf(memory.recent, length);
    return Math.min(mean, level + (mean - level) * covered) - fromBurst / length;
  });
  return Math.max(floor, expected * (1 + uncoveredPeaks(memory)), ...needs);
}
