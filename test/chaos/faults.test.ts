/** Every kind of fault between the SDK and the embedded AWS, met by the deployed handlers in their own process. */
import { describe, expect, test } from 'vitest';
import { embeddedStage } from '../../chaos/embedded.ts';
import { Ledger } from '../../chaos/ledger.ts';
import type { Run } from '../../chaos/run.ts';
import type { Stage } from '../../chaos/stage.ts';
import type { Fault, Outage } from '../../chaos/weather.ts';
import { HOUR } from '../support/specs.ts';
import { filesOf, runnerOf, START, sharedLambdas } from './runs.ts';

const files = filesOf({
  ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 7 },
  OutdatedTableProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
});
const lambdas = sharedLambdas();

async function world() {
  let stage: Stage | undefined;
  const ledger = new Ledger(() => stage!.now());
  const opened = await embeddedStage(START, ledger, lambdas());
  stage = opened;
  stage.edit(files);
  const run = runnerOf(stage, ledger, files);
  const invoke = async (...how: Parameters<typeof run>): Promise<Run> => {
    const ended = await run(...how);
    ledger.compare(await opened.truth());
    return ended;
  };
  return { stage, ledger, invoke };
}

const says = ({ outcome }: Run): string => {
  if (outcome?.kind !== 'summary') return JSON.stringify(outcome);
  const { results } = outcome.summary;
  return results.map(({ action, outcome: how, error = '' }) => `${action.kind} ${how} ${error}`).join('\n');
};

const current = 'production.Events.20261121';
const both = [current, 'production.Events.20261122'];

describe('a fault at CreateTable', () => {
  test.each<[string, Fault, RegExp, boolean]>([
    [
      'throttled',
      { kind: 'error', error: 'ThrottlingException' },
      /failed Rate exceeded \(throttled\)/,
      false,
    ],
    [
      'limited',
      { kind: 'error', error: 'LimitExceededException' },
      /failed Subscriber limit.*\(limit-exceeded\)/,
      false,
    ],
    [
      'in use',
      { kind: 'error', error: 'ResourceInUseException' },
      /failed Attempt to change.*\(in-use\)/,
      false,
    ],
    [
      'denied',
      { kind: 'error', error: 'AccessDeniedException' },
      /failed User is not.*\(access-denied\)/,
      false,
    ],
    [
      '500',
      { kind: 'error', error: 'InternalServerError' },
      /failed The service failed.*\(unavailable\)/,
      false,
    ],
    ['cut before', { kind: 'dropped' }, /failed Could not reach AWS: socket hang up/, false],
    ['cut after', { kind: 'lost' }, /create applied/, true],
    ['cut in the middle of the answer', { kind: 'torn' }, /create applied/, true],
    ['performed twice', { kind: 'twice' }, /create applied/, true],
    ['delayed', { kind: 'delayed', delayMs: 5_000 }, /create applied/, true],
    ['answered with another time', { kind: 'misdated', byMs: 86_400_000 }, /create applied/, true],
  ])(
    '%s: nothing is claimed that is not so, and the next run makes what is left',
    async (_, fault, told, made) => {
      const { stage, ledger, invoke } = await world();
      const run = await invoke('rotate', { outage: { operation: 'CreateTable', resource: current, fault } });
      expect(says(run)).toMatch(told);
      expect(run.weather.injected).toBeGreaterThan(0);
      expect((await stage.truth()).tables.has(current)).toBe(made);
      expect(says(await invoke('rotate'))).not.toContain('failed');
      expect([...(await stage.truth()).tables]).toEqual(both);
      expect(ledger.violations).toEqual([]);
      await stage.close();
    },
  );
});

test('a call that is never answered ends, and is told', async () => {
  const { stage, invoke } = await world();
  const run = await invoke('rotate', { outage: { operation: 'ListTables', fault: { kind: 'unanswered' } } });
  expect(says(run)).toMatch(/exceeded the configured 10000 ms requestTimeout/);
  await stage.close();
});

test('half a page of names is no list of names', async () => {
  const { stage, invoke } = await world();
  await invoke('rotate');
  const run = await invoke('rotate', { outage: { operation: 'ListTables', fault: { kind: 'torn' } } });
  expect(says(run)).toMatch(/"kind":"error","name":"ServiceError"/);
  await stage.close();
});

test('half of the names, and a word that these are all: nothing is made twice, and nothing lost', async () => {
  const { stage, ledger, invoke } = await world();
  await invoke('rotate');
  await stage.pass(25 * HOUR);
  await invoke('rotate');
  const before = [...(await stage.truth()).tables];
  const outage: Outage = { operation: 'ListTables', fault: { kind: 'half-page' } };
  for (const job of ['rotate', 'purge'] as const) {
    const run = await invoke(job, { outage });
    expect(run.weather.injected).toBeGreaterThan(0);
    expect(says(run)).not.toMatch(/failed|delete/);
  }
  expect([...(await stage.truth()).tables]).toEqual(before);
  expect(ledger.counts.created).toBe(before.length);
  expect(ledger.violations).toEqual([]);
  await stage.close();
});

test('a change whose answer was lost counts as made, since the SDK repeats it and is refused', async () => {
  const { stage, ledger, invoke } = await world();
  await invoke('rotate');
  await stage.pass(40 * HOUR);
  await invoke('rotate', { outage: { operation: 'UpdateTable', fault: { kind: 'dropped' } } });
  const run = await invoke('rotate', { outage: { operation: 'UpdateTable', fault: { kind: 'lost' } } });
  expect(says(run)).toMatch(/lower applied/);
  expect(says(run)).not.toMatch(/failed/);
  expect(ledger.violations).toEqual([]);
  await stage.close();
});

test.each<[string, Fault, RegExp]>([
  ['gaps', { kind: 'metrics', how: 'gaps' }, /"outcome":"done"/],
  ['nothing at all', { kind: 'metrics', how: 'missing' }, /"outcome":"done"/],
  ['partial data', { kind: 'metrics', how: 'partial' }, /CloudWatch answered PartialData/],
  ['an internal error', { kind: 'metrics', how: 'internal-error' }, /CloudWatch answered InternalError/],
])('metrics of %s cut no capacity', async (_, fault, told) => {
  const { stage, ledger, invoke } = await world();
  await invoke('rotate');
  for (let minute = 0; minute < 20; minute += 1) {
    await stage.traffic([current], 4);
    await stage.pass(60_000);
  }
  const { outcome } = await invoke('scale', { outage: { operation: 'GetMetricData', fault } });
  expect(JSON.stringify(outcome)).toMatch(told);
  expect(JSON.stringify(outcome)).not.toContain('"kind":"lower","reason":"util');
  expect(ledger.counts.resized).toBe(0);
  await stage.close();
});

test('metrics of a thousand times as much raise no capacity beyond its bounds', async () => {
  const { stage, ledger, invoke } = await world();
  await invoke('rotate');
  for (let minute = 0; minute < 20; minute += 1) {
    await stage.traffic([current], 4);
    await stage.pass(60_000);
  }
  const fault: Fault = { kind: 'metrics', how: 'absurd' };
  const run = await invoke('scale', { outage: { operation: 'GetMetricData', fault } });
  expect(run.weather.injected).toBeGreaterThan(0);
  expect(ledger.violations).toEqual([]);
  await stage.close();
});

test('a process that is killed leaves its lease, and what it had done; the next run waits and then finishes', async () => {
  const { stage, ledger, invoke } = await world();
  const run = await invoke('rotate', { crash: { atCall: 3, performed: true } });
  expect(run.outcome).toEqual({ kind: 'crashed' });
  expect(says(await invoke('rotate'))).toBe('');
  expect((await stage.truth()).tables.size).toBeLessThan(2);
  await stage.pass(HOUR);
  expect(says(await invoke('rotate'))).toMatch(/create applied/);
  expect([...(await stage.truth()).tables]).toEqual(both);
  expect(ledger.violations).toEqual([]);
  await stage.close();
});
