import { LONGEST_LEASE_MS } from '../../../src/core/guards/lease.ts';
import type { Sentence, Stop } from '../../../src/core/observed.ts';
import type { LeaseAnswer, StateStore } from '../../../src/ports.ts';

type Holder = Extract<LeaseAnswer, { granted: false }>;

/** The state table in memory. */
export function simState(): StateStore {
  const leases = new Map<string, Holder>();
  const memories = new Map<string, string>();
  const sentences = new Map<string, Sentence>();
  const stops = new Map<string, Stop>();
  return {
    acquire: async ({ job, owner }, now, expiresAt) => {
      const holder = leases.get(job);
      const held = holder && holder.expiresAt > now && holder.expiresAt <= now + LONGEST_LEASE_MS;
      if (held && holder.owner !== owner) return holder;
      leases.set(job, { granted: false, owner, expiresAt });
      return { granted: true };
    },
    release: async ({ job, owner }) => {
      if (leases.get(job)?.owner === owner) leases.delete(job);
    },
    sentences: async () => [...sentences.values()],
    condemn: async (sentence) => {
      sentences.set(sentence.table, sentence);
    },
    pardon: async (table) => {
      sentences.delete(table);
    },
    stops: async () => [...stops.values()],
    stop: async (stop) => {
      stops.set(stop.what, stop);
    },
    resume: async (what) => {
      stops.delete(what);
    },
    memories: async () => new Map(memories),
    remember: async (group, memory) => {
      memories.set(group, memory);
    },
    initialise: async () => false,
  };
}
