/** How many tables the specs make expire, and the caps that follow from that. */
import { DAY_MS, periodAt } from '../calendar/period.ts';
import type { Config, Spec } from '../spec.ts';

/** The lowest caps that Turntable chooses by itself. A small fleet can catch up soon. */
const LEAST_PER_RUN = 50;
const LEAST_PER_GROUP = 30;

/** A cap has room for as many tables again, to catch up after runs that were missed or suspended. */
export const roomFor = (count: number): number => 2 * count;

/**
 * The most tables of a group that expire within a day, because purge runs daily, or within its waiting period if that is
 * longer, because a cap counts for that long. After a change of scheme, tables of both schemes can expire on one day.
 */
export function expiring(spec: Spec): number {
  const { settings, previously } = spec;
  const span = Math.max(DAY_MS, settings.purge.waitingPeriodMs);
  return [spec, ...previously].reduce((sum, { scheme, keep }) => {
    const { start, end } = periodAt(scheme, 0);
    return keep === Infinity ? sum : sum + Math.ceil(span / (end - start));
  }, 0);
}

export const expiringOfAll = ({ specs }: Pick<Config, 'specs'>): number =>
  specs.reduce((sum, spec) => sum + expiring(spec), 0);

/** `Purge.MaxPerGroup`, or what the spec needs if that is not set. */
export const maxPerGroup = (spec: Spec): number =>
  spec.settings.purge.maxPerGroup ?? Math.max(LEAST_PER_GROUP, roomFor(expiring(spec)));

/** `Purge.MaxPerRun`, or what the specs need if that is not set. */
export const maxPerRun = (config: Pick<Config, 'specs' | 'settings'>): number =>
  config.settings.purge.maxPerRun ?? Math.max(LEAST_PER_RUN, roomFor(expiringOfAll(config)));
