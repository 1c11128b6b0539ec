import { iso } from '../src/core/calendar/instant.ts';
import { ServiceError } from '../src/core/failure.ts';
import { CREATED_AT_TAG, KEEP_TAG } from '../src/core/guards/ownership.ts';
import { leftUndone } from '../src/jobs/apply.ts';
import { applyPlan } from '../src/jobs/apply-plan.ts';
import { makePlan } from '../src/jobs/plan.ts';
import { type RunOptions, runJob, type Summary } from '../src/jobs/run.ts';
import { closeEnvironment, reopenEnvironment, surveyTeardown } from '../src/jobs/teardown.ts';
import type { Ports } from '../src/ports.ts';
import { World } from '../test/support/sim/world.ts';
import { faultyPorts } from './faulty-ports.ts';
import { type NewerKind, newerKinds } from './newer.ts';
import { observedPorts } from './observed-ports.ts';
import type { Remade } from './promises.ts';
import type { Observer, Outcome, Run } from './run.ts';
import { ADDED_UNITS, type System } from './system.ts';

/** By then, a table that is being deleted does not exist. */
const DELETED_MS = 11_000;
/** By then, a changed table is ACTIVE. */
const CHANGED_MS = 61_000;

const soundPage: World['health'] = () => ({ healthy: true, answer: '200 OK' });
const failingPage: World['health'] = () => ({ healthy: false, answer: '503 Service Unavailable' });

/** Runs a job. Tests replace `runJob` with wrong versions, which the checks must find. */
export type JobRunner = (run: Run, ports: Ports, options: RunOptions) => Promise<Summary>;

export const asBuilt: JobRunner = (run, ports, options) => {
  const { job, config, eventTime } = run;
  return run.byOperator ? byOperator(run, ports, options) : runJob(job, config, ports, eventTime, options);
};

/** `turntable apply --at` for the time of the run. */
async function byOperator(
  { job, config, eventTime }: Run,
  ports: Ports,
  { owner }: RunOptions,
): Promise<Summary> {
  const { plan } = await makePlan([job], config, ports, eventTime);
  const applied = await applyPlan(plan, config, ports, { owner });
  const base = { job, environment: config.environment, at: plan.at, holds: plan.holds };
  if (applied.refused !== undefined)
    return { ...base, outcome: 'skipped', message: applied.message, results: [] };
  const { results, notes } = applied;
  const outcome = results.some(leftUndone) || notes.length > 0 ? 'failed' : 'done';
  return { ...base, outcome, message: notes.join(' '), results };
}

/** The jobs on the simulated AWS: the same planners and the same apply, without processes and sockets. */
export function simulatedSystem(
  start: number,
  observer: Observer,
  perform: JobRunner = asBuilt,
  hasTopic = false,
): System {
  const world = new World(start);
  if (hasTopic) world.openTopic();
  const { clock } = world;
  const base = world.ports();
  let newer: NewerKind | undefined;
  const known = { ...base, state: unlessNewer(base.state, () => newer) };
  return {
    now: () => clock.now(),
    hasTopic,
    state: base.state,
    pass: (durationMs) => clock.sleep(durationMs),
    edit: () => {},
    async run(run) {
      world.health = run.unhealthy ? failingPage : soundPage;
      const crashed = Promise.withResolvers<Outcome>();
      const ports = faultyPorts(observedPorts(known, run, observer), run, () =>
        crashed.resolve({ kind: 'crashed' }),
      );
      const ended = perform(run, ports, { owner: run.id }).then(
        (summary): Outcome => ({ kind: 'summary', summary }),
        ({ name, message }: Error): Outcome => ({ kind: 'error', name, message }),
      );
      return Promise.race([ended, crashed.promise]);
    },
    async createUnmanaged(TableName) {
      return accepted(base.tables.create({ TableName }));
    },
    async traffic(tables, units) {
      const refused = new Set<string>();
      for (const name of tables) {
        const table = world.find(name);
        if (!table || table.deletedAt !== undefined) continue;
        const throttled = world.demand(name, 'write', units) + world.demand(name, 'read', units / 3);
        if (throttled > 0) refused.add(name);
      }
      return refused;
    },
    byHand: operators(world, base),
    teardown: {
      async close(config) {
        const shown = await surveyTeardown(config, base, clock.now());
        const closed = await closeEnvironment(config, shown, base, { owner: 'operator', by: undefined });
        return 'closing' in closed ? [...closed.closing.tables.values()].map(({ name }) => name) : undefined;
      },
      // The command names no table that the list does not show yet.
      async open() {
        const scheduled = await base.state.scheduledDeletions();
        await reopenEnvironment(base);
        const left = new Set((await base.state.scheduledDeletions()).map(({ table }) => table));
        return scheduled.map(({ table }) => table).filter((table) => !left.has(table));
      },
    },
    writeNewer(kind) {
      newer = kind;
    },
    behave({ lateMs, changingAtOnce }) {
      Object.assign(world.lateness, { describeMs: lateMs, tagsMs: 2 * lateMs, listMs: lateMs });
      world.changingAtOnce = changingAtOnce;
      // While AWS is slow, exports fail too.
      world.exports.failure = lateMs > 0 ? 'InternalError: Chaos' : undefined;
    },
    archived: (table) => world.isArchived(table),
    async actualState() {
      const now = clock.now();
      const tables = world.names().filter((name) => world.table(name).status(now) !== 'DELETING');
      return {
        tables: new Set(tables),
        scheduledDeletions: await base.state.scheduledDeletions(),
        exportTokens: world.exports.tokens,
      };
    },
    async close() {},
  };
}

/** A state table that rejects every use of the records that a newer version has written, as the real one does. */
const unlessNewer = (state: Ports['state'], newer: () => NewerKind | undefined): Ports['state'] =>
  new Proxy(state, {
    get: (target, method) => {
      const kind = newer();
      const methods: readonly PropertyKey[] = kind ? newerKinds[kind] : [];
      if (!methods.includes(method)) return Reflect.get(target, method);
      return async () => {
        throw new ServiceError('newer-state', `The state table has a newer ${kind}. Upgrade Turntable.`);
      };
    },
  });

const accepted = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );

function operators(world: World, { tables, state }: Ports): System['byHand'] {
  const { clock } = world;
  const arnOf = (name: string): string => world.table(name).describe(clock.now()).arn;
  const remake = async (name: string, as: Remade): Promise<void> => {
    const { input, tags } = world.table(name);
    await tables.protect(name, false);
    await clock.sleep(CHANGED_MS);
    await tables.remove(name);
    await clock.sleep(DELETED_MS);
    const own = as === 'adopted' ? { ...tags, [CREATED_AT_TAG]: iso(clock.now()) } : tags;
    const Tags = Object.entries(own).map(([Key, Value]) => ({ Key, Value }));
    await tables.create({ ...input, Tags });
  };
  return {
    remake: (name, as) => accepted(remake(name, as)),
    keep: (name) => accepted(tables.tag(arnOf(name), { [KEEP_TAG]: 'chaos' })),
    forgeOwnership: (name, { name: group, scheme }) => {
      const seenAt = new Map([[world.table(name).describe(clock.now()).id, clock.now()]]);
      return accepted(state.rememberSeen('ownership', group, { schemes: scheme, seenAt }));
    },
    forgeUnmanaged: ({ environment, name: group, scheme }) => {
      const own = world.names().filter((name) => name.startsWith(`${environment}.${group}`));
      const ids = own.map((name) => world.table(name).describe(clock.now()).id);
      const seenAt = new Map(ids.map((id) => [`unmanaged ${id}`, clock.now()]));
      return accepted(state.rememberSeen('unmanaged', group, { schemes: scheme, seenAt }));
    },
    impair: (name, status) => world.find(name)?.impair(status),
    addIndex: async (name, index) => {
      try {
        world.addIndex(name, index, ADDED_UNITS);
        await clock.sleep(CHANGED_MS);
        return true;
      } catch {
        return false;
      }
    },
  };
}
