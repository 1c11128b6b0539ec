/** Every kind of fault between the SDK and the embedded AWS, with the deployed handlers in their own process. */
import { describe, expect, test } from 'vitest';
import { embeddedSystem } from '../../chaos/embedded.ts';
import type { Fault, Outage } from '../../chaos/faults.ts';
import { Ledger } from '../../chaos/ledger.ts';
import type { Run } from '../../chaos/run.ts';
import type { System } from '../../chaos/system.ts';
import { HOUR } from '../support/specs.ts';
import { filesOf, runnerOf, START, sharedLambdas } from './runs.ts';

const files = filesOf({
  ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 7 },
  OutdatedTableProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
});
const lambdas = sharedLambdas();

async function world() {
  let system: System | undefined;
  const ledger = new Ledger(() => system!.now());
  const opened = await embeddedSystem(START, ledger, lambdas());
  system = opened;
  system.edit(files);
  const run = runnerOf(system, ledger, files);
  const invoke = async (...how: Parameters<typeof run>): Promise<Run> => {
    const ended = await run(...how);
    ledger.compare(await opened.actualState());
    return ended;
  };
  return { system, ledger, invoke };
}

const textOf = ({ outcome }: Run): string => {
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
    [
      'cut before it takes effect',
      { kind: 'request-dropped' },
      /failed Could not reach AWS: socket hang up/,
      false,
    ],
    ['cut after it takes effect', { kind: 'response-dropped' }, /create applied/, true],
    ['cut in the middle of the response', { kind: 'response-cut' }, /create applied/, true],
    ['performed twice', { kind: 'duplicated' }, /create applied/, true],
    ['delayed', { kind: 'delayed', delayMs: 5_000 }, /create applied/, true],
    ['answered with a wrong date', { kind: 'wrong-date', byMs: 86_400_000 }, /create applied/, true],
  ])('is reported correctly and repaired by the next run: %s', async (_, fault, reported, created) => {
    const { system, ledger, invoke } = await world();
    const run = await invoke('rotate', { outage: { operation: 'CreateTable', resource: current, fault } });
    expect(textOf(run)).toMatch(reported);
    expect(run.faults.injected).toBeGreaterThan(0);
    expect((await system.actualState()).tables.has(current)).toBe(created);
    expect(textOf(await invoke('rotate'))).not.toContain('failed');
    expect([...(await system.actualState()).tables]).toEqual(both);
    expect(ledger.violations).toEqual([]);
    await system.close();
  });
});

test('reports a call without a response after a timeout', async () => {
  const { system, invoke } = await world();
  const run = await invoke('rotate', { outage: { operation: 'ListTables', fault: { kind: 'no-response' } } });
  expect(textOf(run)).toMatch(/exceeded the configured 8000 ms requestTimeout/);
  await system.close();
});

test('rejects a page of names that was cut off', async () => {
  const { system, invoke } = await world();
  await invoke('rotate');
  const run = await invoke('rotate', {
    outage: { operation: 'ListTables', fault: { kind: 'response-cut' } },
  });
  expect(textOf(run)).toMatch(/"kind":"error","name":"ServiceError"/);
  await system.close();
});

test('creates and deletes nothing on half a list of names', async () => {
  const { system, ledger, invoke } = await world();
  await invoke('rotate');
  await system.pass(25 * HOUR);
  await invoke('rotate');
  const before = [...(await system.actualState()).tables];
  const outage: Outage = { operation: 'ListTables', fault: { kind: 'half-page' } };
  for (const job of ['rotate', 'purge'] as const) {
    const run = await invoke(job, { outage });
    expect(run.faults.injected).toBeGreaterThan(0);
    expect(textOf(run)).not.toMatch(/failed|delete/);
  }
  expect([...(await system.actualState()).tables]).toEqual(before);
  expect(ledger.counts.created).toBe(before.length);
  expect(ledger.violations).toEqual([]);
  await system.close();
});

test('counts a change as applied if its response is dropped and the retry is rejected', async () => {
  const { system, ledger, invoke } = await world();
  await invoke('rotate');
  await system.pass(40 * HOUR);
  await invoke('rotate', { outage: { operation: 'UpdateTable', fault: { kind: 'request-dropped' } } });
  const run = await invoke('rotate', {
    outage: { operation: 'UpdateTable', fault: { kind: 'response-dropped' } },
  });
  expect(textOf(run)).toMatch(/lower applied/);
  expect(textOf(run)).not.toMatch(/failed/);
  expect(ledger.violations).toEqual([]);
  await system.close();
});

test.each<[string, Fault, RegExp]>([
  ['gaps', { kind: 'metrics', how: 'gaps' }, /"outcome":"done"/],
  ['no points', { kind: 'metrics', how: 'missing' }, /"outcome":"done"/],
  ['partial data', { kind: 'metrics', how: 'partial' }, /CloudWatch answered PartialData/],
  ['an internal error', { kind: 'metrics', how: 'internal-error' }, /CloudWatch answered InternalError/],
])('lowers nothing on metrics with %s', async (_, fault, expected) => {
  const { system, ledger, invoke } = await world();
  await invoke('rotate');
  for (let minute = 0; minute < 20; minute += 1) {
    await system.traffic([current], 4);
    await system.pass(60_000);
  }
  const { outcome } = await invoke('scale', { outage: { operation: 'GetMetricData', fault } });
  expect(JSON.stringify(outcome)).toMatch(expected);
  expect(JSON.stringify(outcome)).not.toContain('"kind":"lower","reason":"util');
  expect(ledger.counts.resized).toBe(0);
  await system.close();
});

test('stays within the bounds on metrics that are a thousand times too high', async () => {
  const { system, ledger, invoke } = await world();
  await invoke('rotate');
  for (let minute = 0; minute < 20; minute += 1) {
    await system.traffic([current], 4);
    await system.pass(60_000);
  }
  const fault: Fault = { kind: 'metrics', how: 'inflated' };
  const run = await invoke('scale', { outage: { operation: 'GetMetricData', fault } });
  expect(run.faults.injected).toBeGreaterThan(0);
  expect(ledger.violations).toEqual([]);
  await system.close();
});

test('waits for the lease of a killed process, and then finishes its work', async () => {
  const { system, ledger, invoke } = await world();
  const run = await invoke('rotate', { crash: { atCall: 3, performed: true } });
  expect(run.outcome).toEqual({ kind: 'crashed' });
  expect(textOf(await invoke('rotate'))).toBe('');
  expect((await system.actualState()).tables.size).toBeLessThan(2);
  await system.pass(HOUR);
  expect(textOf(await invoke('rotate'))).toMatch(/create applied/);
  expect([...(await system.actualState()).tables]).toEqual(both);
  expect(ledger.violations).toEqual([]);
  await system.close();
});
