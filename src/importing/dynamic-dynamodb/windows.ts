/** A window of a day in minutes from midnight, the end excluded. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** A window of `Maintenance`. */
export interface Window {
  readonly From: string;
  readonly To: string;
}

const DAY = 1440;
const FORM = /^([01]\d|2[0-3]):?([0-5]\d)$/;

/** What an option `maintenance-windows` becomes, or why it is invalid. */
export type Opposite =
  | { readonly windows: readonly Window[]; readonly never: readonly string[] }
  | { readonly invalid: string };

/**
 * The times outside the maintenance windows of dynamic-dynamodb, which changes throughput only inside of them. Its windows
 * include the minute of their end. A window whose end is before its start is never open.
 */
export function outside(text: string): Opposite {
  const open: Span[] = [];
  const never: string[] = [];
  for (const window of text.split(',').map((one) => one.trim())) {
    const [from, to, more] = window.split('-').map((time) => minuteOf(time.trim()));
    if (from === undefined || to === undefined || more !== undefined || window.split('-').length > 2)
      return { invalid: window };
    if (to < from) never.push(window);
    else open.push({ from, to: to + 1 });
  }
  return { windows: joinedAtMidnight(complement(open)), never };
}

function minuteOf(time: string): number | undefined {
  const [, hours, minutes] = FORM.exec(time) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

function complement(open: readonly Span[]): Span[] {
  const closed: Span[] = [];
  let at = 0;
  for (const { from, to } of open.toSorted((a, b) => a.from - b.from)) {
    if (from > at) closed.push({ from: at, to: from });
    at = Math.max(at, to);
  }
  return at < DAY ? [...closed, { from: at, to: DAY }] : closed;
}

/** A span that ends at midnight and one that starts there are one window. */
function joinedAtMidnight(spans: readonly Span[]): Window[] {
  const [first, last] = [spans[0], spans.at(-1)];
  const joins = spans.length > 1 && first?.from === 0 && last?.to === DAY;
  const joined = joins ? [...spans.slice(1, -1), { from: last.from, to: first.to }] : spans;
  return joined.map(({ from, to }) => ({ From: clock(from), To: clock(to) }));
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
