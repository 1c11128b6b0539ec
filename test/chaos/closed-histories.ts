/** Histories in which operators tear the environment down and open it again, among all other events and faults. */
import { playHistory } from '../../chaos/play-history.ts';
import { asBuilt, type JobRunner, simulatedSystem } from '../../chaos/simulated.ts';
import type { Closing, ListedTable } from '../../src/core/facts.ts';
import type { Ports } from '../../src/ports.ts';

const playOne = (history: number, perform?: JobRunner) =>
  playHistory({
    seed: 77,
    history,
    days: 15,
    groups: 3,
    closes: true,
    open: async (start, ledger, hasTopic) => simulatedSystem(start, ledger, perform, hasTopic),
  });

/** `npm test` plays so many histories, and `npm run test:slow` plays the next ones. */
export const IN_NPM_TEST = 10;

/** Plays the histories from `first` to `last`, up to the first with a violation. */
export async function playClosed({ first = 1, last }: { first?: number; last: number }, perform?: JobRunner) {
  const counts = { closed: 0, opened: 0, deleted: 0 };
  for (let history = first; history <= last; history += 1) {
    const played = await playOne(history, perform);
    const violations = played.violations.map(({ rule, message }) => `${history} ${rule}: ${message}`);
    if (violations.length > 0) return { violations, counts, timeline: played.timeline.slice(-20) };
    counts.closed += played.occurred.get('environment closed') ?? 0;
    counts.opened += played.occurred.get('environment opened') ?? 0;
    counts.deleted += played.counts.deleted;
  }
  return { violations: [], counts, timeline: [] };
}

/** The real jobs with another mark. */
const withMark =
  (wrong: (ports: Ports, run: Parameters<JobRunner>[0]) => Promise<Closing | undefined>): JobRunner =>
  (run, ports, options) => {
    const state: Ports['state'] = new Proxy(ports.state, {
      get: (target, method) => (method === 'closing' ? () => wrong(ports, run) : Reflect.get(target, method)),
    });
    return asBuilt(run, { ...ports, state }, options);
  };

/** Lists every table of the account, by its present id. */
async function listingAll({ state, tables }: Ports): Promise<Closing | undefined> {
  const mark = await state.closing();
  if (!mark) return undefined;
  const listed = new Map<string, ListedTable>();
  for (const name of await tables.list()) {
    const found = await tables.describe(name);
    if (found) listed.set(found.id, { name, listedAt: mark.since });
  }
  return { ...mark, tables: listed };
}

function remembering(): JobRunner {
  let last: Closing | undefined;
  return withMark(async ({ state }) => {
    last = (await state.closing()) ?? last;
    return last;
  });
}

/** Bugs, inserted on purpose, and the rule that finds each. */
export const closedMutants: Readonly<Record<string, { readonly job: JobRunner; readonly rule: RegExp }>> = {
  'a run of rotate that ignores the mark': {
    job: withMark(async ({ state }, { job }) => (job === 'rotate' ? undefined : state.closing())),
    rule: /^\d+ closed: /,
  },
  'a late run that creates tables as of a time before the teardown': {
    job: withMark(async ({ state }, { eventTime }) => {
      const mark = await state.closing();
      return mark && mark.since <= eventTime ? mark : undefined;
    }),
    rule: /^\d+ closed: /,
  },
  'tables that no person has confirmed': { job: withMark(listingAll), rule: /^\d+ scheduled-deletion: / },
  'an undo that does not count': {
    job: remembering(),
    rule: /^\d+ (scheduled-deletion|missing|retention): /,
  },
};
