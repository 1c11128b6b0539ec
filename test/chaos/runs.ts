/** A daily group of one table kept, the deployed handlers in their own processes, and single runs of them. */
import { afterAll, beforeAll } from 'vitest';
import { type Lambdas, openLambdas } from '../../chaos/embedded.ts';
import type { Ledger } from '../../chaos/ledger.ts';
import { configOf, type Files } from '../../chaos/operator.ts';
import type { Crash, Run } from '../../chaos/run.ts';
import type { Stage } from '../../chaos/stage.ts';
import { type Outage, Weather } from '../../chaos/weather.ts';
import { at } from '../support/specs.ts';

export const START = at('2026-11-21T09:00');

/** `throughput`: what `Properties` says of it. */
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

/** Opened before the tests of a file, and closed after them. */
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

interface Mishap {
  readonly outage?: Outage;
  readonly crash?: Crash;
}

/** Runs jobs at the stage's own instant, in weather that is fair but for what a test asks for. */
export function runnerOf(stage: Stage, ledger: Ledger, files: Files) {
  let runs = 0;
  return async (job: Run['job'], { outage, crash }: Mishap = {}): Promise<Run> => {
    runs += 1;
    const run: Run = {
      id: `${job}-${runs}`,
      job,
      config: configOf(files),
      eventTime: stage.now(),
      skewMs: 0,
      weather: new Weather(`${runs}`, { rate: 0, ...(outage && { outage }) }),
      ...(crash && { crash }),
      began: stage.now(),
      calls: 0,
      sleptMs: 0,
    };
    run.outcome = await stage.run(run);
    ledger.ended(run);
    return run;
  };
}
