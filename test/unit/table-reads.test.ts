import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Need } from '../../src/core/facts.ts';
import { Observed } from '../../src/core/observed.ts';
import { TableReads } from '../../src/jobs/table-reads.ts';
import type { Ports } from '../../src/ports.ts';
import { World } from '../support/sim/world.ts';
import { at } from '../support/specs.ts';

const ALL_MS = 60;
const describing = (table: string): Need => ({ fact: 'description', table });

/** Ports on which the description of `stuck` never arrives. Pauses are real, and the clock stands still. */
function slowPorts(): Ports {
  const world = new World(at('2026-11-21'));
  const ports = world.ports();
  return {
    ...ports,
    tables: {
      ...ports.tables,
      describe: (name) => (name.startsWith('stuck') ? new Promise(() => {}) : ports.tables.describe(name)),
    },
    clock: {
      now: () => world.clock.now(),
      sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }).catch(() => undefined),
    },
  };
}

it('tells what is known after a wave, and counts the rest as failed when its time is over', async () => {
  const observed = new Observed(['a', 'stuck']);
  const reads = new TableReads(slowPorts(), observed, 0, { stateMs: ALL_MS, waveMs: 10, allMs: ALL_MS });
  await reads.begin([describing('a'), describing('stuck')]);
  expect(observed.get('description', 'a')).toEqual({ value: undefined });
  expect(observed.get('description', 'stuck')).toBeUndefined();
  expect(reads.areNew([describing('stuck')])).toBe(false);
  for (let wave = 0; wave < 10 && !observed.get('description', 'stuck'); wave += 1) await reads.more();
  expect(observed.get('description', 'stuck')).toEqual({
    error: 'AWS did not answer before the run had to act.',
  });
});

it('tells the answers of late reads together, in a later wave', async () => {
  const observed = new Observed(['a', 'b', 'c']);
  const answers = new Map<string, () => void>();
  const ports = slowPorts();
  const describe = (name: string) =>
    new Promise<undefined>((resolve) => void answers.set(name, () => resolve(undefined)));
  const reads = new TableReads({ ...ports, tables: { ...ports.tables, describe } }, observed, 0, {
    stateMs: ALL_MS,
    waveMs: 10,
    allMs: ALL_MS,
  });
  const known = () => ['a', 'b', 'c'].filter((table) => observed.get('description', table));
  const begun = reads.begin(['a', 'b', 'c'].map(describing));
  await sleep(0);
  answers.get('a')!();
  await begun;
  expect(known()).toEqual(['a']);
  answers.get('b')!();
  await reads.begin([describing('b'), describing('c')]);
  expect(known()).toEqual(['a']);
  answers.get('c')!();
  await reads.more();
  expect(known()).toEqual(['a', 'b', 'c']);
});

it('does not wait again for what is needed after the time for all reads', async () => {
  const observed = new Observed(['stuck', 'stuck-too']);
  const reads = new TableReads(slowPorts(), observed, 0, { stateMs: ALL_MS, waveMs: ALL_MS, allMs: ALL_MS });
  await reads.begin([describing('stuck')]);
  await reads.more();
  expect(observed.get('description', 'stuck')).toBeDefined();
  const began = performance.now();
  await reads.begin([describing('stuck-too')]);
  await reads.more();
  expect(observed.get('description', 'stuck-too')).toBeDefined();
  expect(performance.now() - began).toBeLessThan(10 * ALL_MS);
});

it('waits for everything without patience', async () => {
  const observed = new Observed(['a']);
  const reads = new TableReads(slowPorts(), observed, 0, undefined);
  await reads.begin([describing('a')]);
  expect(observed.get('description', 'a')).toEqual({ value: undefined });
  expect(reads.areNew([describing('a')])).toBe(true);
});
