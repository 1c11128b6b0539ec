import { MINUTE_MS } from '../../../calendar/period.ts';
import type { Moment } from '../../../capacity/method.ts';
import type { Outlook } from './outlook.ts';

/**
 * The jump of demand that burst capacity has to outlast, as a factor: with low headroom, and what full caution adds. With full
 * thrift, demand as it is likely anyway.
 */
const JUMP = { lowest: 1.6, cautious: 1.4, thrifty: 1 };
/** The longest time between samples. */
const LONGEST_MINUTES = 5;
/** Minutes from a sample until the raise that it leads to takes effect. */
const UNTIL_EFFECTIVE = 3;

/** The time until the next sample, milliseconds. Metrics cost money: the lower the risk, the longer. */
export function nextSampleMs(
  { likelyPeak, floor, yesterday, burstBalance }: Outlook,
  { provisioned, thrift = 0 }: Moment,
  caution: number,
): number {
  const risky = JUMP.lowest + JUMP.cautious * caution;
  const jump = risky + (JUMP.thrifty - risky) * thrift;
  const possible = Math.max(jump * likelyPeak, jump * floor, yesterday);
  const drain = (possible - provisioned) * 60;
  const lasts = drain > 0 ? burstBalance / drain : Infinity;
  const minutes = Math.floor(lasts - UNTIL_EFFECTIVE);
  return MINUTE_MS * Math.min(LONGEST_MINUTES, Math.max(1, minutes));
}
