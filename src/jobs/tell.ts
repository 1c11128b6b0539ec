import { messageOf } from '../core/failure.ts';
import type { Observed } from '../core/observed.ts';
import type { Action } from '../core/plan.ts';
import { deletionNotice, isUnusual, type ScheduleDeletion, startingAt } from '../core/purging/notices.ts';
import type { Config } from '../core/spec.ts';
import { plural } from '../core/text.ts';
import type { Notices, Ports } from '../ports.ts';
import { type ApplyOptions, apply, type Result } from './apply.ts';

/** A notice with so many tables is far below the limit of SNS, 256 KB. */
const TABLES_PER_NOTICE = 100;

/** What a notice says besides the actions. */
export interface Telling {
  readonly config: Config;
  readonly observed: Observed;
}

/**
 * Applies actions. People are told of unusual deletions before these are scheduled, so that each waiting period starts when
 * SNS has accepted the notice. Without that, the deletion is not scheduled, and the next run tries again.
 */
export async function applyAndTell(
  actions: readonly Action[],
  telling: Telling,
  ports: Ports,
  options: ApplyOptions = {},
): Promise<Result[]> {
  const { notices } = ports;
  const unusual = actions.filter(isUnusual);
  if (!notices || unusual.length === 0) return apply(actions, ports, options);
  const results = await apply(
    actions.filter((action) => !isUnusual(action)),
    ports,
    options,
  );
  for (let i = 0; i < unusual.length; i += TABLES_PER_NOTICE) {
    const some = unusual.slice(i, i + TABLES_PER_NOTICE);
    results.push(...(await tellAndSchedule(some, notices, telling, ports, options)));
  }
  return results;
}

async function tellAndSchedule(
  actions: readonly ScheduleDeletion[],
  notices: Notices,
  { config, observed }: Telling,
  ports: Ports,
  options: ApplyOptions,
): Promise<Result[]> {
  const { deadline = Infinity, stop, onResult } = options;
  // Without time, no notice is sent, and every action is skipped.
  if (stop?.aborted || ports.clock.now() >= deadline) return apply(actions, ports, options);
  try {
    await notices.publish(deletionNotice(actions, config, observed));
  } catch (error) {
    const why = `The notice could not be sent, so the deletion is not scheduled: ${messageOf(error)}`;
    const results = actions.map((action): Result => ({ action, outcome: 'failed', error: why }));
    for (const result of results) onResult?.(result);
    return results;
  }
  const acceptedAt = ports.clock.now();
  const { closing } = observed;
  const mark = closing && 'value' in closing ? closing.value : undefined;
  const scheduled = actions.map((action) => startingAt(action, config, acceptedAt, mark));
  return apply(scheduled, ports, options);
}

/** What the summary says if people could not be told, because there is no topic and no webhook; undefined if there was nothing to tell. */
export function untold(results: readonly Result[], { notices, webhook }: Ports): string | undefined {
  if (notices ?? webhook) return undefined;
  const count = results.filter(({ action, outcome }) => outcome === 'applied' && isUnusual(action)).length;
  if (count === 0) return undefined;
  return `No notice of ${plural(count, 'scheduled deletion')} was sent, because no topic is configured. Set TURNTABLE_TOPIC_ARN to the ARN of an SNS topic, such as the output AlarmTopic of the stack.`;
}
