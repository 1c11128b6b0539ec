import { instantIn } from '../../core/calendar/instant.ts';
import type { RotationScheme } from '../../core/calendar/period.ts';
import { begins, firstCommonStart, sayUntil } from '../../core/calendar/rotation.ts';
import type { EarlierScheme, TableSpec } from '../../generated/tables.ts';
import type { Finding } from '../finding.ts';
import type { Path } from '../problem.ts';
import { quote } from '../quote.ts';
import type { Rule } from './rule.ts';

const PREVIOUSLY = 'Previously';

/** A change of scheme, and where the configuration has it. */
interface Change {
  readonly at: Path;
  readonly entry: EarlierScheme;
  /** The scheme that follows. */
  readonly next: RotationScheme;
}

const changesOf = ({ RotationScheme: present, Previously: entries = [] }: TableSpec): Change[] =>
  entries.map((entry, i) => ({
    at: [PREVIOUSLY, i, 'Until'],
    entry,
    next: entries[i + 1]?.RotationScheme ?? present,
  }));

function misaligned({ at, entry: { RotationScheme: scheme, Until }, next }: Change): Finding[] {
  const until = instantIn(Until);
  if (Number.isNaN(until)) return [{ at, message: `is ${quote(Until)}, which is not a valid date.` }];
  if (begins(scheme, until) && begins(next, until)) return [];
  const wrong = [scheme, next].filter((each) => !begins(each, until)).map((each) => `no ${each} period`);
  const nearest = firstCommonStart(scheme, next, until);
  return [
    {
      at,
      message: `is ${quote(Until)}, but ${wrong.join(' and ')} begins then. Periods of both schemes begin at ${nearest === undefined ? 'no time' : quote(sayUntil(nearest))}.`,
    },
  ];
}

/** Two schemes that would both hold at one instant, or one that never held. */
function overlapping(spec: TableSpec): Finding[] {
  return changesOf(spec).flatMap(({ at, entry: { Until } }, i, all) => {
    const before = all[i - 1]?.entry.Until;
    // An invalid date has a finding of its own.
    if (before === undefined || !(instantIn(before) >= instantIn(Until))) return [];
    return [
      {
        at,
        message: `is ${quote(Until)}, but must be after ${quote(before)}, the end of the scheme before it. List the oldest scheme first.`,
      },
    ];
  });
}

export const earlierSchemeRules: readonly Rule[] = [
  {
    reads: [['RotationScheme'], [PREVIOUSLY]],
    check(spec) {
      if (spec.Previously === undefined) return [];
      if (spec.RotationScheme !== 'none')
        return [...changesOf(spec).flatMap(misaligned), ...overlapping(spec)];
      const message =
        'is not allowed with RotationScheme "none", because its only table has no period. Use another TableName.';
      return [{ at: [PREVIOUSLY], message }];
    },
  },
];
