import { sayInstant } from '../../core/calendar/instant.ts';
import { type Entry, isApplied } from '../../core/history/entry.ts';
import { withoutFinalDot } from '../../core/text.ts';
import { fits, fold, foldWidth } from './fold.ts';
import { type KnownPlace, viewPlace } from './place.ts';
import { plural, sayDuration, style, visible } from './text.ts';

/** So many entries alike are shown, before a count of the others. */
const SHOWN = 3;

/** Continued lines begin here. */
const INDENT = '    ';

/** Formats the history: one entry per line, or folded to several. The newest is the last. */
export function viewHistory(entries: readonly Entry[], heading: string, columns = foldWidth()): string {
  if (entries.length === 0) return fold(`${heading}: nothing.`, columns, '');
  const kinds = Math.max(...entries.map(({ kind }) => kind.length));
  const view = (entry: Entry): string => {
    const { head, sentence } = partsOf(entry, kinds);
    const whole = `${head}  ${sentence}`;
    return fits(whole, columns)
      ? whole
      : `${fold(head, columns, INDENT)}\n${fold(INDENT + sentence, columns, INDENT)}`;
  };
  return [`${fold(`${heading}:`, columns, '')}\n`, ...foldAlike(entries, view)].join('\n');
}

/** One line for an entry, and one for the count of many in a row that are alike. */
function foldAlike(entries: readonly Entry[], view: (entry: Entry) => string): string[] {
  const runs: Entry[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    if (run?.[0] && alike(run[0]) === alike(entry)) run.push(entry);
    else runs.push([entry]);
  }
  return runs.flatMap((run) => {
    // "and 1 more" is no shorter than its entry.
    if (run.length <= SHOWN + 1) return run.map(view);
    const rest = `${INDENT}and ${run.length - SHOWN} more of ${visible(groupOf(run[0]!))}. --json shows each.`;
    return [...run.slice(0, SHOWN).map(view), style.faint(rest)];
  });
}

const groupOf = (entry: Entry): string => (entry.kind === 'command' ? '' : entry.group);

/** Equal for entries of the same minute that differ only in their table. A command is like no other. */
const alike = (entry: Entry): string => {
  if (entry.kind === 'command') return JSON.stringify(entry);
  const { at, kind, group, reason } = entry;
  return JSON.stringify([minuteOf(at), kind, group, reason, whatOf(entry)]);
};

const minuteOf = (at: string): string => sayInstant(Date.parse(at)).replace(' UTC', '');

/** What an entry is about besides a table, and besides its kind. */
function whatOf(entry: Exclude<Entry, { kind: 'command' }>): string {
  if (entry.kind === 'failed') return entry.action;
  return entry.kind === 'hold-begun' || entry.kind === 'hold-ended' ? entry.held : '';
}

/** When and what, and in words how. */
function partsOf(entry: Entry, kinds: number): { head: string; sentence: string } {
  const when = `${style.faint(minuteOf(entry.at))}  ${styleOf(entry)(entry.kind.padEnd(kinds))}`;
  if (entry.kind === 'command')
    return { head: `${when}  ${visible(entry.command)}`, sentence: visible(sayCommand(entry)) };
  const what = [whatOf(entry), visible(entry.table)].filter(Boolean).join(' ');
  const sentence = `${visible(sentenceOf(entry))} ${style.faint(`[${visible(entry.reason)}]`)}`;
  return { head: `${when}  ${what}`, sentence };
}

function sentenceOf(entry: Exclude<Entry, { kind: 'command' }>): string {
  if (entry.kind === 'failed') return entry.error;
  if (entry.kind !== 'hold-ended') return entry.message;
  const heldMs = Date.parse(entry.at) - Date.parse(entry.since);
  return heldMs < 60_000 ? 'Held for less than a minute.' : `Held for ${sayDuration(heldMs)}.`;
}

function sayCommand({ message, by, byUnknown }: Extract<Entry, { kind: 'command' }>): string {
  const why = byUnknown === undefined ? '' : `, because AWS did not tell: ${withoutFinalDot(byUnknown)}`;
  return `${message} By ${by}${why}.`;
}

const REMOVING: ReadonlySet<string> = new Set(['delete', 'remove-replica', 'schedule-deletion']);

function styleOf(entry: Entry): (text: string) => string {
  if (isApplied(entry)) {
    if (entry.kind === 'create') return style.create;
    return REMOVING.has(entry.kind) ? style.remove : style.change;
  }
  switch (entry.kind) {
    case 'failed':
      return style.bad;
    case 'hold-begun':
      return style.hold;
    case 'drill-skipped':
      return style.hold;
    case 'drill-failed':
      return style.bad;
    case 'hold-ended':
    case 'drill-passed':
      return style.good;
    case 'command':
      return style.heading;
  }
}

/** `production (eu-west-1, account 123456789012), the last 7 days, 1 entry, times in UTC`. */
export const sayHistory = (environment: string, place: KnownPlace, sinceMs: number, count: number): string =>
  `${viewPlace(environment, place)}, the last ${sayDuration(sinceMs)}, ${plural(count, 'entry', 'entries')}, times in UTC`;
