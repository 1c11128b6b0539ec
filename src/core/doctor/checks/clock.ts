import { MINUTE_MS, SECOND_MS } from '../../calendar/period.ts';
import { clockFault, faultFrom, type TimeFault, TOLERATED_MS } from '../../guards/clock-check.ts';
import { plural } from '../../text.ts';
import type { Check, Situation } from '../check.ts';

/** AWS's clock is read to the second, and an answer takes time. */
const NOTABLE_MS = 30 * SECOND_MS;

/** Whether this machine's clock is wrong; `certain` if no answer of AWS says otherwise. */
export const faultOf = ({ aheadMs, wall }: Pick<Situation, 'aheadMs' | 'wall'>): TimeFault | undefined =>
  faultFrom(aheadMs, (ahead) => clockFault({ machine: wall, service: wall - ahead }));

export const clock: Check = {
  title: 'a wrong clock of this machine',
  needs: [],
  find: ({ aheadMs, wall }) => {
    if (aheadMs.length === 0) return { skipped: 'AWS did not answer, so its time is not known.' };
    const fault = faultOf({ aheadMs, wall });
    const cure = 'Let NTP set this clock, for example by chrony or systemd-timesyncd, and run doctor again.';
    if (fault)
      return [
        {
          severity: fault.certain ? 'severe' : 'warning',
          message: `${fault.message} Nothing is purged or lowered from this machine.`,
          cure,
        },
      ];
    const least = Math.min(...aheadMs.map(Math.abs));
    if (least < NOTABLE_MS) return [];
    const [by, where] = [
      plural(Math.round(least / SECOND_MS), 'second'),
      aheadMs[0]! > 0 ? 'ahead' : 'behind',
    ];
    const most = plural(TOLERATED_MS / MINUTE_MS, 'minute');
    return [
      {
        severity: 'warning',
        message: `This machine's clock is ${by} ${where} of AWS's clock. From ${most} on, nothing is purged or lowered.`,
        cure,
      },
    ];
  },
};
