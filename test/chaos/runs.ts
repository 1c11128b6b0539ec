/** A daily group that retains one table, the deployed handlers in their own processes, and single runs of them. */
import { afterAll, beforeAll } from 'vitest';
import { type Lambdas, openLambdas } from '../../chaos/embedded.ts';
import { FaultSchedule, type Outage } from '../../chaos/faults.ts';
import type { Ledger } from '../../chaos/ledger.ts';
import { configOf, type Files } from '../../chaos/operator.ts';
import type { Crash, Run } from '../../chaos/run.ts';
import type { System } from '../../chaos/system.ts';
import { at } from '../support/specs.ts';

export const START = at('2026-11-21T09:00');

/** `throughput` is the part of `Properties` about throughput. */
export const filesOf = (throughput: Readonly<Record<string, unknown>>): Files => ({
  settings: {},
  tables: [
    {
      TableName: 'Events',
      RotationScheme: 'daily',
      PurgeRotation: '1',
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
        ...throughput,
      },
    },
  ],
});

/** Lambdas that are opened before the tests of a file, and closed after them. */
export function sharedLambdas(): () => Lambdas {
  let lambdas: Lambdas;
  beforeAll(async () => {
    lambdas = await openLambdas();
  });
  afterAll(async () => {
    for (const lambda of lambdas) await lambda.close();
  });
  return () => lambdas;
}

interface Trouble {
  readonly outage?: Outage;
  readonly crash?: Crash;
}

/** Runs jobs at the current time of the system, with only the faults that a test requests. */
export function runnerOf(system: System, ledger: Ledger, files: Files) {
  let runs = 0;
  return async (job: Run['job'], { outage, crash }: Trouble = {}): Promise<Run> => {
    runs += 1;
    const run: Run = {
      id: `${job}-${runs}`,
      job,
      config: configOf(files),
      eventTime: system.now(),
      skewMs: 0,
      faults: new FaultSchedule(`${runs}`, { rate: 0, ...(outage && { outage }) }),
      ...(crash && { crash }),
      began: system.now(),
      calls: 0,
      sleptMs: 0,
    };
    run.outcome = await system.run(run);
    ledger.ended(run);
    return run;
  };
}
