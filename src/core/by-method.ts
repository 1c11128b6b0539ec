import type { Aspect, Case } from './case.ts';
import { demandWindow, type Minute, minutesFrom, queryFor } from './demand.ts';
import { isDrained } from './handover.ts';
import { type Limited, limit, silentSince } from './limits.ts';
import type { Method, Proposal } from './methods/method.ts';
import { reactive } from './methods/reactive.ts';
import { MINUTE_MS } from './period.ts';
import { demandOf, throttlesOf } from './throttles.ts';

/** Method first, limits after. Minutes from before the period, or before the table, say nothing of its demand. */
export function byMethod(subject: Case, aspect: Aspect, method: Method): Limited | undefined {
  const { table, state, now } = subject;
  const minutes = minutesSince(subject, aspect, Math.max(table.period.start, state.createdAt));
  if (!minutes) return undefined;
  const { resource, capacity, dimension } = aspect;
  const { targetUtilization } = resource.scaling;
  const { lastIncrease } = capacity;
  const proposal = method({
    now,
    minutes,
    provisioned: capacity[dimension],
    lastIncrease,
    targetUtilization,
  });
  return limited(subject, aspect, proposal, minutes);
}

/**
 * A table that is over, of a group that is one series: nothing is learned of it. It steps down once its traffic is
 * gone, and follows what is left of it until then; later only its readers move it.
 */
export function finished(subject: Case, aspect: Aspect): Limited | undefined {
  const { table, now } = subject;
  const { capacity, dimension, resource } = aspect;
  if (table.phase !== 'draining')
    return dimension === 'read' ? byMethod(subject, aspect, reactive) : undefined;
  const minutes = minutesSince(subject, aspect, table.period.end);
  if (!minutes) return undefined;
  const provisioned = capacity[dimension];
  const idle = minutes.length - 1 - minutes.findLastIndex((minute) => demandOf(minute) > 0);
  const outdated = resource.outdated[dimension];
  if (provisioned > outdated && isDrained(idle) && moved(subject)) {
    const message = `its period is over, and it has had no traffic for ${idle} minutes`;
    return { units: outdated, reason: 'step-down', message, held: [] };
  }
  const { targetUtilization } = resource.scaling;
  const proposal = reactive({ now, minutes, provisioned, targetUtilization });
  return limited(subject, aspect, proposal, minutes);
}

/** Its group has traffic elsewhere, so that silence here does not come from metrics that are late. */
function moved({ draft, observed, table, now }: Case): boolean {
  const known = Object.values(draft.remembered(observed, table.spec.name) ?? {});
  return known.some(({ heardAt }) => now - heardAt < 5 * MINUTE_MS);
}

function limited(subject: Case, aspect: Aspect, proposal: Proposal, minutes: readonly Minute[]): Limited {
  const { table, now } = subject;
  const { name, bounds, capacity, dimension, resource } = aspect;
  const provisioned = capacity[dimension];
  const { start: began } = table.period;
  return limit(proposal, {
    now,
    name,
    provisioned,
    bounds,
    phase: table.phase,
    throttles: throttlesOf({ minutes, provisioned, lastIncrease: capacity.lastIncrease }),
    silentSince: silentSince(minutes, began),
    began,
    full: resource.full[dimension],
  });
}

/** Complete minutes since an instant, of those that methods look back on; undefined where they are not known. */
function minutesSince({ draft, observed, table, now }: Case, aspect: Aspect, since: number) {
  const { dimension, name, resource } = aspect;
  const window = demandWindow(now);
  const read = (of: 'consumed' | 'throttled') =>
    draft.metric(observed, queryFor(table.name, resource.index, dimension, of), window);
  const [consumed, throttled] = [read('consumed'), read('throttled')];
  if (!consumed || !throttled) return undefined;
  const failure = [consumed, throttled].find((series) => 'error' in series);
  if ('error' in consumed || 'error' in throttled) {
    draft.unknown(table, name, failure && 'error' in failure ? failure.error : 'no answer');
    return undefined;
  }
  return minutesFrom(consumed.sums, throttled.sums, window.from, window.to).filter(({ at }) => at >= since);
}
