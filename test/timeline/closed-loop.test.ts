/** A backtest of a rotated group costs what its tables cost on an AWS on which the functions of Turntable run. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, it, vi } from 'vitest';
import { awsState } from '../../src/aws/state.ts';
import { groupReplays } from '../../src/backtest/methods.ts';
import { standingOf } from '../../src/backtest/standing.ts';
import { minutesOf } from '../../src/backtest/trace.ts';
import { loadConfig } from '../../src/config/index.ts';
import { plannerOf } from '../../src/core/planners.ts';
import { startEmbeddedAws } from '../../src/embedded/index.ts';
import { handlerOf } from '../../src/handler.ts';
import { closedLoop, writeGroup } from '../support/closed-loop.ts';
import { traces } from '../support/traces.ts';
import { virtualDate } from '../support/virtual-date.ts';

const ENVIRONMENT = 'production';
/** Minutes of the trace: 70 minutes before a midnight, and 30 minutes after it. */
const [FROM, TO] = [24 * 60 - 70, 24 * 60 + 30];

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it('agrees on each minute of the current table, and of all others together', async () => {
  const trace = traces.find(({ name }) => name === 'nab_elb_requests')!;
  const whole = minutesOf(trace, 200);
  const start = whole.start + FROM * 60_000;
  const series = { ...whole, start, demand: whole.demand.subarray(FROM, TO) };
  const config = mkdtempSync(join(tmpdir(), 'turntable-closed-loop-'));
  writeGroup(config, 'daily', series.demand[0]!, 3);
  const [spec] = loadConfig(config, ENVIRONMENT).specs;
  let now = series.start;
  virtualDate(() => now);
  const aws = await startEmbeddedAws({
    now: () => now,
    createTableMs: 3,
    updateTableMs: 3,
    deleteTableMs: 3,
  });
  const env = {
    ...aws.env,
    TURNTABLE_ENVIRONMENT: ENVIRONMENT,
    TURNTABLE_CONFIG: config,
    TURNTABLE_LOG: 'silent',
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const credentials = { accessKeyId: 'embedded', secretAccessKey: 'embedded' };
  const client = new DynamoDBClient({ endpoint: aws.endpoint, region: aws.env.AWS_REGION!, credentials });
  await awsState(client, ENVIRONMENT).initialize();
  const handlers = {
    rotate: handlerOf(plannerOf('rotate')),
    purge: handlerOf(plannerOf('purge')),
    scale: handlerOf(plannerOf('scale')),
  };
  const run = async (job: keyof typeof handlers, at: number): Promise<void> => {
    now = at;
    const { outcome } = await handlers[job]({ time: new Date(at).toISOString() });
    expect(outcome, `${job} at ${new Date(at).toISOString()}`).toBe('done');
  };
  const lived = await closedLoop({ aws, client, run }, spec!, series.start, series.demand);
  client.destroy();
  await aws.close();

  const replayed = groupReplays('daily').predictive!(series, { standing: standingOf(spec!, 'daily') });
  expect([...lived.capacity]).toEqual([...replayed.capacity]);
  expect([...lived.throttled]).toEqual([...replayed.throttled]);
  const { upcoming, previous, older } = lived.billed;
  // A backtest has the next table at midnight, and rotate creates it five minutes later, with one unit.
  const midnight = 24 * 60 - FROM;
  const later = (t: number): number => (t >= midnight && t < midnight + 5 ? 1 : 0);
  expect([...upcoming.map((units, t) => units + previous[t]! + older[t]! + later(t))]).toEqual([
    ...replayed.beside!,
  ]);
}, 600_000);
