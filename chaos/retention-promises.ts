/** Which retention is in force, and what may be deleted by a shorter one. Independent of the planner's own records. */
import { MINUTE_MS } from '../src/core/calendar/period.ts';
import type { AppliedRetention, Retention } from '../src/core/facts.ts';
import type { Spec } from '../src/core/spec.ts';
import type { KnownTable, Records } from './promises.ts';
import { drainedAt, isNameOf, periodOf, retentionEnded, specOf } from './rules.ts';
import type { Effect, Run } from './run.ts';

/** Faults after which a run does not know which tables exist, so that it cannot know their number. */
const hidesTables = ({ faults }: Run): boolean => faults.kinds.has('half page');

export class RetentionPromises {
  /** The retentions in force, by group: an operator confirmed them, or purge recorded them as these rules allow. */
  readonly #inForce = new Map<string, Retention>();
  /** When SNS accepted a notice of a shorter retention, to the minute like the times of events, and what it said. */
  readonly #notices: { readonly at: number; readonly message: string }[] = [];

  confirmed(group: string, retention: Retention): void {
    this.#inForce.set(group, retention);
  }

  told(message: string, at: number): void {
    this.#notices.push({ at: Math.floor(at / MINUTE_MS) * MINUTE_MS, message });
  }

  /** Whether people were told that the retention of a group became shorter, early enough before `instant`. */
  toldBefore(spec: Spec, instant: number): boolean {
    const command = `turntable confirm ${spec.name} `;
    return this.#notices.some(
      ({ at, message }) => message.includes(command) && instant - at >= spec.settings.purge.noticeMs,
    );
  }

  /** No table is deleted that only a shorter retention makes due, unless an operator knew of it. */
  checkDeletion(ledger: Records, what: string, spec: Spec, known: KnownTable, run: Run): void {
    const before = this.#inForce.get(spec.name);
    const due = before && retentionEnded(before, periodOf(known.tags), run.eventTime);
    ledger.check(
      due === true || (before !== undefined && this.toldBefore(spec, run.eventTime)),
      'slip',
      () => `${what}, which the retention in force retains, and no one confirmed a shorter one`,
    );
  }

  checkRecord(ledger: Records, effect: Extract<Effect, { kind: 'record-retention' }>, run: Run): void {
    const { group, retention } = effect;
    const spec = run.config.specs.find(({ name }) => name === group);
    ledger.check(run.job === 'purge' && spec !== undefined, 'slip', () => `${run.id} records ${group}`);
    if (!spec || hidesTables(run)) return;
    const before = this.#inForce.get(group);
    const due = dueOnlyBy(ledger, spec, before, retention, run);
    const shorter = before ? isShorter(before, retention) || due.length > 0 : due.length > 0;
    if (!shorter) return;
    ledger.check(
      before !== undefined && this.toldBefore(spec, run.eventTime),
      'slip',
      () => `${run.id} applies a shorter retention of ${group} that no one confirmed or was told about`,
    );
    this.#checkShare(ledger, spec, due, run);
  }

  recorded(group: string, { scheme, keep, previously = [] }: AppliedRetention): void {
    this.#inForce.set(group, { scheme, keep, previously });
  }

  /** Without a confirmation, a shorter retention never makes more of a group or of the fleet due than MaxShare. */
  #checkShare(ledger: Records, spec: Spec, due: readonly string[], run: Run): void {
    const names = [...ledger.tables.keys()];
    const most = (count: number): number => Math.floor((count * run.config.settings.purge.maxShare) / 100);
    const own = names.filter((name) => isNameOf(spec, name)).length;
    const all = names.filter((name) => run.config.specs.some((each) => isNameOf(each, name))).length;
    ledger.check(
      due.length <= most(own) && due.length <= most(all),
      'share',
      () => `${run.id} makes ${due.length} of ${own} tables of ${spec.name} due, more than MaxShare`,
    );
  }
}

const isShorter = (before: Retention, after: Retention): boolean =>
  before.scheme === after.scheme &&
  !before.previously?.length &&
  !after.previously?.length &&
  after.keep < before.keep;

/** The tables of a group that `after` makes due, and that are due later by `before`, if it is given. */
function dueOnlyBy(
  { tables }: Records,
  spec: Spec,
  before: Retention | undefined,
  after: Retention,
  { config, eventTime }: Run,
): string[] {
  return [...tables].flatMap(([name, { unmanaged, deleting, kept, remade, tags }]) => {
    if (unmanaged || deleting || kept || remade || specOf(config, tags) !== spec) return [];
    const start = periodOf(tags);
    if (!retentionEnded(after, start, eventTime)) return [];
    // No retention makes a table due while it is draining.
    const drained = Math.max(eventTime, drainedAt(spec, start));
    return before && retentionEnded(before, start, drained) ? [] : [name];
  });
}
