import { type RunOptions, runJob, type Summary } from '../src/jobs/run.ts';
import type { Ports } from '../src/ports.ts';
import { World } from '../test/support/sim/world.ts';
import { faultyPorts } from './faulty-ports.ts';
import { observedPorts } from './observed-ports.ts';
import type { Observer, Outcome, Run } from './run.ts';
import type { System } from './system.ts';

/** Runs a job. Tests replace `runJob` with wrong versions, which the checks must find. */
export type JobRunner = (run: Run, ports: Ports, options: RunOptions) => Promise<Summary>;

export const asBuilt: JobRunner = ({ job, config, eventTime }, ports, options) =>
  runJob(job, config, ports, eventTime, options);

/** The jobs on the simulated AWS: the same planners and the same apply, without processes and sockets. */
export function simulatedSystem(start: number, observer: Observer, perform: JobRunner = asBuilt): System {
  const world = new World(start);
  const { clock } = world;
  const base = world.ports();
  return {
    now: () => clock.now(),
    state: base.state,
    pass: (durationMs) => clock.sleep(durationMs),
    edit: () => {},
    async run(run) {
      const crashed = Promise.withResolvers<Outcome>();
      const ports = faultyPorts(observedPorts(base, run, observer), run, () =>
        crashed.resolve({ kind: 'crashed' }),
      );
      const ended = perform(run, ports, { owner: run.id }).then(
        (summary): Outcome => ({ kind: 'summary', summary }),
        ({ name, message }: Error): Outcome => ({ kind: 'error', name, message }),
      );
      return Promise.race([ended, crashed.promise]);
    },
    async createUnmanaged(TableName) {
      if (world.find(TableName)) return false;
      await base.tables.create({ TableName });
      return true;
    },
    async traffic(tables, units) {
      for (const name of tables) {
        if (world.find(name)?.deletedAt !== undefined) continue;
        world.demand(name, 'write', units);
        world.demand(name, 'read', units / 3);
      }
    },
    async actualState() {
      const now = clock.now();
      const tables = world.names().filter((name) => world.table(name).status(now) !== 'DELETING');
      return { tables: new Set(tables), scheduledDeletions: await base.state.scheduledDeletions() };
    },
    async close() {},
  };
}
