import { MINUTE_MS } from '../../../calendar/period.ts';
import type { Outlook } from './outlook.ts';

/** Metrics cost money. The lower the risk, the longer the time between samples, up to this many minutes. */
const LONGEST_MINUTES = 5;
/** The jump of demand that burst capacity has to outlast, as a factor: with low headroom, and what full caution adds. */
const JUMP = { lowest: 1.6, cautious: 1.4 };
/** Minutes from a sample until the raise that it leads to takes effect. */
const UNTIL_EFFECTIVE = 3;

/** The time until the next sample, milliseconds. */
export function nextSampleMs(outlook: Outlook, provisioned: number, caution: number): number {
  const { likelyPeak, floor, yesterday, burstBalance } = outlook;
  const jump = JUMP.lowest + JUMP.cautious * caution;
  const possible = Math.max(jump * likelyPeak, jump * floor, yesterday);
  const drain = (possible - provisioned) * 60;
  const lasts = drain > 0 ? burstBalance / drain : Infinity;
  const minutes = Math.floor(lasts - UNTIL_EFFECTIVE);
  return MINUTE_MS * Math.min(LONGEST_MINUTES, Math.max(1, minutes));
}
