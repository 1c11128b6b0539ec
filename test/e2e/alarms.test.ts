/**
 * When each alarm of the stack goes to ALARM and back to OK: the handlers run on the embedded AWS, CloudWatch's rules read their
 * logs, and the alarms are those of the packaged template.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Job } from '../../src/core/plan.ts';
import { awsPorts } from '../../src/runtime.ts';
import { bounded, openStage, provisionedSpec, type Stage, spec, throttling } from '../incidents/stage.ts';
import { type Datum, dataIn, jsonLines } from '../support/alarms/emf.ts';
import { type Alarm, changesOf, valuesOf } from '../support/alarms/evaluate.ts';
import { at, DAY, HOUR, MINUTE } from '../support/specs.ts';
import { packageService } from './template.ts';
import { resolve } from './template-iam.ts';

const START = '2025-11-21T09:00';
const TODAY = 'production.Events.20251121';
const TOMORROW = 'production.Events.20251122';

let alarms: ReadonlyMap<string, Alarm>;
let stage: Stage;
let log: string;
let data: Datum[];

beforeAll(async () => {
  const { template } = await packageService('production');
  const all = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm');
  alarms = new Map(all.map(([id, { Properties }]) => [id, resolve(Properties) as unknown as Alarm]));
});

beforeEach(async () => {
  stage = await openStage();
  vi.stubEnv('TURNTABLE_LOG', '');
  data = [];
});
afterEach(() => stage.close());

/** Keeps what functions write to standard output, without printing it. */
function capture(): void {
  log = '';
  vi.spyOn(console, 'log').mockImplementation((line) => {
    log += `${line}\n`;
  });
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    log += String(line);
    return true;
  });
}

const text = (time: number): string => new Date(time).toISOString().slice(0, 16);

/** Runs a job at a time, and keeps its metrics and those that Lambda has of each invocation. */
async function run(job: Job, time: number | string, durationMs = 2_000): Promise<string> {
  const now = typeof time === 'string' ? at(time) : time;
  capture();
  const { error } = await stage.run(job, text(now));
  const of = `FunctionName=${job[0]!.toUpperCase()}${job.slice(1)}LambdaFunction`;
  const lambda = (metric: string, value: number): Datum => ({
    ...{ namespace: 'AWS/Lambda', metric, dimensions: of, unit: 'Count', at: now, value },
  });
  data.push(...dataIn(log), lambda('Errors', error === '' ? 0 : 1), lambda('Duration', durationMs));
  return error;
}

/** Runs scale from one time to another, both inclusive. */
async function scale(from: number | string, to: number | string, everyMs = 5 * MINUTE): Promise<void> {
  const [first, last] = [from, to].map((time) => (typeof time === 'string' ? at(time) : time));
  for (let time = first!; time <= last!; time += everyMs) await run('scale', time);
}

/** The states of an alarm until a time, such as `OK 2025-11-21T09:01`. */
const states = (id: string, until: string, from = START): string[] =>
  changesOf(alarms.get(id)!, data, at(from), at(until)).map((change) => `${change.state} ${text(change.at)}`);

const down = { type: 'InternalServerError', message: 'down', status: 500 };

test('No alarm is red after a first deployment, although rotate and purge have not run, and each has data within a day', async () => {
  stage.configure([provisionedSpec()]);
  await scale(START, '2025-11-21T09:05');
  await run('rotate', '2025-11-21T09:10');
  await scale('2025-11-21T09:10', '2025-11-21T10:30');
  await run('purge', '2025-11-22T03:35');
  for (const [id, alarm] of alarms) {
    expect(valuesOf(alarm, data).length, `${id} has no data`).toBeGreaterThan(0);
    const red = states(id, '2025-11-21T10:30').filter((state) => state.startsWith('ALARM'));
    // Missing data turns ScaleLate red until the first run of scale.
    expect(red, id).toEqual(id === 'ScaleLate' ? [`ALARM ${START}`] : []);
  }
  expect(states('ScaleLate', '2025-11-21T10:30')).toEqual([`ALARM ${START}`, 'OK 2025-11-21T09:01']);
}, 60_000);

test('All lines of a run are JSON with the id of the event, an action each, the metrics, and the summary', async () => {
  stage.configure([provisionedSpec()]);
  stage.at('2025-11-21T09:05');
  capture();
  await stage.send('rotate', { time: '2025-11-21T09:05:00Z', id: 'event-1' });
  const written = jsonLines(log);
  const [first] = written;
  expect(first).toMatchObject({
    ...{ level: 'INFO', service: 'turntable', correlation_id: 'event-1', environment: 'production' },
    ...{
      job: 'rotate',
      kind: 'create',
      table: TODAY,
      group: 'Events',
      outcome: 'applied',
      reason: 'missing',
    },
    message: `create ${TODAY}: applied`,
  });
  const [metrics, summary] = written.slice(-2);
  expect(metrics).toMatchObject({
    ...{ job: 'rotate', SkippedInARow: 0, Environment: 'production' },
    actionsByKind: { create: 2 },
  });
  expect(summary).toMatchObject({ job: 'rotate', outcome: 'done' });
  expect(written.map((line) => line.correlation_id)).toEqual(written.map(() => 'event-1'));
  expect(written.map((line) => line.kind ?? '')).toEqual(['create', 'create', '', '']);
});

test('NextTableLate is red from an hour before the period until the table exists, also after the period has started', async () => {
  stage.configure([provisionedSpec()]);
  await run('rotate', '2025-11-21T09:05');
  await stage.drop(TOMORROW);
  await scale('2025-11-21T22:55', '2025-11-21T23:06', MINUTE);
  await scale('2025-11-22T00:05', '2025-11-22T00:06', MINUTE);
  await run('rotate', '2025-11-22T00:10');
  await scale('2025-11-22T00:11', '2025-11-22T00:20', MINUTE);
  expect(states('NextTableLate', '2025-11-22T00:21', '2025-11-21T22:55')).toEqual([
    'OK 2025-11-21T22:56',
    'ALARM 2025-11-21T23:03',
    'OK 2025-11-22T00:12',
  ]);
}, 60_000);

test('ThrottledAtBound is red after five minutes of throttled requests at Max, and green after they end', async () => {
  stage.configure([provisionedSpec()], bounded({ Max: 60 }));
  const { writes } = throttling(() => stage, TODAY);
  await run('rotate', '2025-11-21T08:05');
  writes('2025-11-21T08:05', '2025-11-21T09:00', 20, 0);
  writes('2025-11-21T09:00', '2025-11-21T09:30', 60, 480);
  writes('2025-11-21T09:30', '2025-11-21T10:30', 20, 0);
  await scale(START, '2025-11-21T09:20', MINUTE);
  await scale('2025-11-21T09:40', '2025-11-21T10:00');
  const [green, red, again] = states('ThrottledAtBound', '2025-11-21T10:00');
  expect([green?.slice(0, 3), red?.slice(0, 6), again?.slice(0, 3)]).toEqual(['OK ', 'ALARM ', 'OK ']);
  expect(red! >= 'ALARM 2025-11-21T09:07' && red! <= 'ALARM 2025-11-21T09:13', red).toBe(true);
  expect(again! >= 'OK 2025-11-21T09:35' && again! <= 'OK 2025-11-21T09:56', again).toBe(true);
}, 120_000);

test('SuspendedForLong is red a day after the suspension, and green once it is resumed', async () => {
  stage.configure([spec()]);
  await run('rotate', START);
  await scale(START, START);
  stage.at('2025-11-21T10:00');
  await stage.cli('suspend', 'purging');
  await scale('2025-11-21T21:00', '2025-11-22T12:00', HOUR);
  await stage.cli('resume', 'purging');
  await scale('2025-11-22T12:05', '2025-11-22T12:10');
  expect(states('SuspendedForLong', '2025-11-22T12:11')).toEqual([
    'OK 2025-11-21T09:01',
    'ALARM 2025-11-22T10:01',
    'OK 2025-11-22T12:06',
  ]);
}, 60_000);

test('HeldForLong is red three days after an unrequested hold began, not for a kept table, and green once it ended', async () => {
  stage.configure([spec()]);
  for (const day of ['21', '22', '23', '24']) await run('rotate', `2025-11-${day}T00:05`);
  // Purge has no record of the retention, and older tables exist: it waits for a confirmation.
  for (const day of ['24', '25', '26', '27']) {
    await run('purge', `2025-11-${day}T03:35`);
    await scale(`2025-11-${day}T04:00`, `2025-11-${day}T04:05`);
    await run('rotate', `2025-11-${day}T05:05`);
  }
  const { oldestHold } = jsonLines(log).find((line) => 'oldestHold' in line) ?? { oldestHold: undefined };
  expect(oldestHold).toBeUndefined();
  expect(states('HeldForLong', '2025-11-27T04:10', '2025-11-24T04:00')).toEqual([
    'OK 2025-11-24T04:01',
    'ALARM 2025-11-27T04:01',
  ]);
  await stage.confirm();
  await run('purge', '2025-11-28T03:35');
  await scale('2025-11-28T04:00', '2025-11-28T04:05');
  expect(states('HeldForLong', '2025-11-28T04:10', '2025-11-27T04:10').at(-1)).toBe('OK 2025-11-28T04:01');
}, 60_000);

test('PurgeFailed stays red for a day until a run succeeds, and is green at once if the retry does', async () => {
  stage.configure([spec()]);
  await run('rotate', START);
  await run('purge', '2025-11-22T03:35');
  stage.aws.intercept = (operation) => (operation === 'ListTables' ? down : undefined);
  expect(await run('purge', '2025-11-23T03:35')).not.toBe('');
  stage.aws.intercept = undefined;
  await run('purge', '2025-11-24T03:35');
  expect(states('PurgeFailed', '2025-11-24T03:37', '2025-11-22T03:35')).toEqual([
    'OK 2025-11-22T03:36',
    'ALARM 2025-11-23T03:36',
    'OK 2025-11-24T03:36',
  ]);
  stage.aws.intercept = (operation) => (operation === 'ListTables' ? down : undefined);
  await run('purge', '2025-11-25T03:35');
  stage.aws.intercept = undefined;
  await run('purge', '2025-11-25T03:37');
  const retried = states('PurgeFailed', '2025-11-25T09:00', '2025-11-25T03:30');
  expect(retried.slice(-2)).toEqual(['ALARM 2025-11-25T03:36', 'OK 2025-11-25T03:38']);
}, 60_000);

test('RotateLate and PurgeLate are red 3 and 26 hours after the last success, and green after the next one', async () => {
  stage.configure([spec()]);
  await scale(START, START);
  await run('rotate', '2025-11-21T09:05');
  await scale('2025-11-21T09:30', '2025-11-21T12:30', 30 * MINUTE);
  await run('rotate', '2025-11-21T12:35');
  await scale('2025-11-21T13:10', '2025-11-22T12:00', 30 * MINUTE);
  await run('purge', '2025-11-22T12:05');
  await scale('2025-11-22T12:10', '2025-11-22T12:10');
  expect(states('RotateLate', '2025-11-21T14:00')).toEqual([
    'OK 2025-11-21T09:01',
    'ALARM 2025-11-21T12:31',
    'OK 2025-11-21T13:11',
  ]);
  expect(states('PurgeLate', '2025-11-22T12:15')).toEqual([
    'OK 2025-11-21T09:01',
    'ALARM 2025-11-22T11:11',
    'OK 2025-11-22T12:11',
  ]);
}, 120_000);

test('ScaleLate is red if scale stops, and green after its next run', async () => {
  stage.configure([spec()]);
  await run('rotate', START);
  await scale(START, '2025-11-21T09:15', MINUTE);
  await scale('2025-11-21T10:00', '2025-11-21T10:01', MINUTE);
  const [, green, red, again] = states('ScaleLate', '2025-11-21T10:05');
  expect(green).toBe('OK 2025-11-21T09:01');
  expect(red! >= 'ALARM 2025-11-21T09:30' && red! <= 'ALARM 2025-11-21T09:45', red).toBe(true);
  expect(again).toBe('OK 2025-11-21T10:01');
}, 60_000);

test('RotateFailed is red for an hour after a failed run, and ScaleFailed while 3 of 10 runs fail', async () => {
  stage.configure([spec()]);
  await run('rotate', START);
  await scale(START, '2025-11-21T09:02', MINUTE);
  stage.aws.intercept = (operation) => (operation === 'ListTables' ? down : undefined);
  await run('rotate', '2025-11-21T09:05');
  await scale('2025-11-21T09:06', '2025-11-21T09:08', MINUTE);
  stage.aws.intercept = undefined;
  await scale('2025-11-21T09:09', '2025-11-21T09:20', MINUTE);
  for (const time of ['09:50', '10:05', '10:50']) await run('rotate', `2025-11-21T${time}`);
  expect(states('RotateFailed', '2025-11-21T11:00').slice(-2)).toEqual([
    'ALARM 2025-11-21T09:06',
    'OK 2025-11-21T10:06',
  ]);
  expect(states('ScaleFailed', '2025-11-21T09:25').slice(-2)).toEqual([
    'ALARM 2025-11-21T09:09',
    'OK 2025-11-21T09:17',
  ]);
}, 60_000);

test('RunsSkipped is red after three skipped runs in a row, and green an hour after a run got its lease', async () => {
  stage.configure([spec()]);
  const { state } = awsPorts('production');
  await scale(START, START);
  await state.acquire({ job: 'scale', owner: 'killed' }, at(START), at(START) + 10 * MINUTE);
  await scale('2025-11-21T09:01', '2025-11-21T09:12', MINUTE);
  await scale('2025-11-21T09:20', '2025-11-21T10:30', 10 * MINUTE);
  expect(states('RunsSkipped', '2025-11-21T10:30')).toEqual([
    'OK 2025-11-21T09:01',
    'ALARM 2025-11-21T09:04',
    'OK 2025-11-21T10:10',
  ]);
}, 60_000);

describe('An alarm on long runs', () => {
  test.each([
    ['RotateNearTimeout', 'rotate', 250_000, 'ALARM 2025-11-21T09:06'],
    ['PurgeNearTimeout', 'purge', 300_000, 'ALARM 2025-11-21T09:06'],
  ] as const)('is red: %s', async (id, job, durationMs, expected) => {
    stage.configure([spec()]);
    await run(job, START);
    await run(job, '2025-11-21T09:05', durationMs);
    expect(states(id, '2025-11-21T09:30').at(-1)).toBe(expected);
    await run(job, at(START) + DAY);
    expect(states(id, '2025-11-22T09:10').at(-1)).toMatch(/^OK /);
  });

  test('is red if three runs of scale in ten minutes are long: ScaleNearTimeout', async () => {
    stage.configure([spec()]);
    for (let minute = 0; minute < 3; minute += 1) await run('scale', at(START) + minute * MINUTE, 50_000);
    await scale('2025-11-21T09:03', '2025-11-21T09:12', MINUTE);
    expect(states('ScaleNearTimeout', '2025-11-21T09:14').slice(-2)).toEqual([
      'ALARM 2025-11-21T09:03',
      'OK 2025-11-21T09:11',
    ]);
  });
});
