import { sayInstant } from '../../../calendar/instant.ts';
import type { Moment } from '../../../capacity/method.ts';
import { nextDecreaseAt } from '../../../capacity/quota.ts';
import type { Memory } from './memory.ts';
import { type Weighed, weighed } from './weigh.ts';

/** `12.4/s` */
export const rate = (units: number): string => `${Math.round(units * 10) / 10}/s`;

/** What the method knows and weighs, one sentence each. */
export function explain(memory: Memory, moment: Moment): string[] {
  const all = weighed(memory, moment);
  const { outlook, trusting } = all;
  const { expected, likelyPeak, yesterday, burstBalance, fullBurst } = outlook;
  const trust = Math.round(trusting.burst.trust * 100);
  return [
    `Demand was ${rate(memory.recent.at(-1) ?? 0)} in the newest minute that was learned. ${rate(expected)} is expected, and at most ${rate(likelyPeak)} is likely.`,
    ...(yesterday > 0
      ? [`Yesterday around this time, demand was at most ${rate(yesterday)}, at today's level.`]
      : []),
    `It relies on ${trust}% of burst capacity: ${Math.round(burstBalance)} of ${Math.round(fullBurst)} unit-seconds are left.`,
    ...(outlook.seconds > 0
      ? [
          `Requests were throttled at low consumption. Bursts within a minute probably need ${Math.ceil(outlook.seconds)}.`,
        ]
      : []),
    ...sayNeed(all, moment),
  ];
}

const NOT_DUE: Readonly<Record<Exclude<Weighed['decrease'], 'due'>, (moment: Moment) => string>> = {
  quota: ({ decreases, now }) =>
    `DynamoDB's quota allows the next decrease at ${sayInstant(nextDecreaseAt(decreases, now))}.`,
  'too-small': () => 'The difference is too small to spend a decrease of the quota.',
  'not-now': () => 'It waits, because a later decrease probably saves more, and the quota allows few.',
};

function sayNeed({ raised, needed, decrease }: Weighed, moment: Moment): string[] {
  if (raised !== undefined) return [];
  if (needed >= moment.provisioned) return ['All of the capacity is needed.'];
  return [`${needed} would be sufficient.${decrease === 'due' ? '' : ` ${NOT_DUE[decrease](moment)}`}`];
}
