/** Numbers, money and times as a page shows them. */
import { type Html, html } from '../page/html.ts';

/** `2026-11-21 06:00`: a caption says that times are in UTC. */
export const instant = (at: string): string => at.slice(0, 16).replace('T', ' ');

/** A time, or a dash if it is unknown. */
export const time = (at: string | null): Html =>
  at === null ? html`–` : html`<time datetime="${at}">${instant(at)}</time>`;

const digits = (most: number): Intl.NumberFormat =>
  new Intl.NumberFormat('en-US', { maximumFractionDigits: most });
const cents = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const [whole, tenths] = [digits(0), digits(1)];

export const count = (value: number): string => whole.format(value);
/** Units per second. */
export const rate = (value: number): string => (value < 100 ? tenths : whole).format(value);
export const usd = (value: number): string => cents.format(value);

/** `3 days`, `5 hours`: the largest unit. */
export function age(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  const [size, unit] = (
    [
      [1440, 'day'],
      [60, 'hour'],
      [1, 'minute'],
    ] as const
  ).find(([least]) => minutes >= least) ?? [1, 'minute'];
  const units = Math.floor(minutes / size);
  return `${units} ${unit}${units === 1 ? '' : 's'}`;
}
