import { MINUTE_MS } from '../../../calendar/period.ts';
import type { Outlook } from './outlook.ts';

/** A look costs money, so a dimension that is safe for longer is looked at more rarely: at most so many minutes. */
const RAREST_MINUTES = 5;
/** Safe is what would outlast demand that jumps, unseen, to this many times what is feared: lean, and what caution adds. */
const JUMP = { lean: 1.6, cautious: 1.4 };
/** From a look to when the raise that it asks for serves, in minutes. */
const UNTIL_SERVED = 3;

/** How long until the next look, milliseconds. */
export function nextSampleMs(outlook: Outlook, provisioned: number, caution: number): number {
  const { feared, floor, yesterday, held } = outlook;
  const jump = JUMP.lean + JUMP.cautious * caution;
  const unseen = Math.max(jump * feared, jump * floor, yesterday);
  const drain = (unseen - provisioned) * 60;
  const lasts = drain > 0 ? held / drain : Infinity;
  const minutes = Math.floor(lasts - UNTIL_SERVED);
  return MINUTE_MS * Math.min(RAREST_MINUTES, Math.max(1, minutes));
}
