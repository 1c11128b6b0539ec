/** How a run stores what it has learned of demand. */
import { describe, expect, it } from 'vitest';
import type { Remembered } from '../../src/core/capacity/remembered.ts';
import { Observed } from '../../src/core/observed.ts';
import { remember } from '../../src/jobs/remember.ts';
import type { Ports } from '../../src/ports.ts';
import { World } from '../support/sim/world.ts';
import { at } from '../support/specs.ts';

const learned = new Map<string, Remembered>([
  ['Events', {}],
  ['Visits', {}],
]);

/** Stores it after the memories could be read, or not. Returns the calls and the note of the run. */
async function play(unreadMemories: string | undefined, fails = false) {
  const { state, ...others } = new World(at('2026-11-21T12:00')).ports();
  const calls: string[] = [];
  const counted = async (call: string, store: () => Promise<void>) => {
    calls.push(call);
    if (fails) throw new Error('Too fast.');
    await store();
  };
  const ports: Ports = {
    ...others,
    state: {
      ...state,
      remember: (group, text) => counted(`one: ${group}`, () => state.remember(group, text)),
      rememberAll: (all) => counted(`all: ${[...all.keys()]}`, () => state.rememberAll(all)),
    },
  };
  const observed = new Observed([], [], [], new Map(), { unreadMemories });
  const note = await remember({ learned, retentions: new Map(), observed }, ports);
  return { calls, note, stored: [...(await state.memories())] };
}

const stored = [
  ['Events', '{}'],
  ['Visits', '{}'],
];

describe('Learned demand', () => {
  it('of all groups is stored together', async () => {
    expect(await play(undefined)).toEqual({ calls: ['all: Events,Visits'], note: undefined, stored });
  });

  it('is stored group by group if the earlier records could not be read, because a newer version might have written them', async () => {
    const calls = ['one: Events', 'one: Visits'];
    expect(await play('Too fast.')).toEqual({ calls, note: undefined, stored });
  });

  it.each([undefined, 'Too fast.'])('that cannot be stored is told once', async (unread) => {
    const { note } = await play(unread, true);
    expect(note).toBe('Could not store learned demand: Too fast.');
  });
});
