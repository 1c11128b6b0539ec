import { type RunOptions, runJob, type Summary } from '../src/jobs/run.ts';
import type { Ports } from '../src/ports.ts';
import { World } from '../test/support/sim/world.ts';
import { faultyPorts } from './faulty-ports.ts';
import type { Outcome, Run, Witness } from './run.ts';
import type { Stage } from './stage.ts';
import { witnessedPorts } from './witnessed-ports.ts';

/** What carries out a job; `runJob` itself, unless a test wants to see a wrong one caught. */
export type JobRunner = (run: Run, ports: Ports, options: RunOptions) => Promise<Summary>;

export const asBuilt: JobRunner = ({ job, config, eventTime }, ports, options) =>
  runJob(job, config, ports, eventTime, options);

/** The jobs on the simulated world: the same planners and the same apply, without a process or a socket. */
export function simulatedStage(start: number, witness: Witness, perform: JobRunner = asBuilt): Stage {
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
      const ports = faultyPorts(witnessedPorts(base, run, witness), run, () =>
        crashed.resolve({ kind: 'crashed' }),
      );
      const ended = perform(run, ports, { owner: run.id }).then(
        (summary): Outcome => ({ kind: 'summary', summary }),
        ({ name, message }: Error): Outcome => ({ kind: 'error', name, message }),
      );
      return Promise.race([ended, crashed.promise]);
    },
    async makeByHand(TableName) {
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
    async truth() {
      const now = clock.now();
      const tables = world.names().filter((name) => world.table(name).status(now) !== 'DELETING');
      return { tables: new Set(tables), scheduledDeletions: await base.state.scheduledDeletions() };
    },
    async close() {},
  };
}
