import { iso } from '../../../src/core/calendar/instant.ts';
import { MINUTE_MS } from '../../../src/core/calendar/period.ts';
import type {
  AppliedRetention,
  Closing,
  RunRecord,
  ScheduledDeletion,
  SeenOwnership,
  ShardLayout,
  Suspension,
} from '../../../src/core/facts.ts';
import { LONGEST_LEASE_MS } from '../../../src/core/guards/lease.ts';
import type { ValidConfig } from '../../../src/core/valid-config.ts';
import type { LeaseAnswer, StateStore } from '../../../src/ports.ts';

type Holder = Extract<LeaseAnswer, { granted: false }>;

/** The state table in memory. */
export function simState(): StateStore {
  const leases = new Map<string, Holder>();
  const memories = new Map<string, string>();
  const scheduledDeletions = new Map<string, ScheduledDeletion>();
  const suspensions = new Map<string, Suspension>();
  const retentions = new Map<string, AppliedRetention>();
  const seen = { ownership: new Map<string, SeenOwnership>(), unmanaged: new Map<string, SeenOwnership>() };
  let closing: Closing | undefined;
  let validConfig: ValidConfig | undefined;
  const history = new Map<string, string>();
  const openHolds = new Map<string, string>();
  const runs = new Map<string, RunRecord>();
  const drills = new Map<string, string>();
  let layout: ShardLayout | undefined;
  const stored: StateStore = {
    acquire: async ({ job, owner }, now, expiresAt) => {
      const holder = leases.get(job);
      const held = holder && holder.expiresAt > now && holder.expiresAt <= now + LONGEST_LEASE_MS;
      if (held && holder.owner !== owner) {
        const skippedSince = Math.min(holder.skippedSince, now);
        const skipped = { ...holder, skippedSince, skips: holder.skips + 1 };
        leases.set(job, skipped);
        return skipped;
      }
      const { skippedSince = Infinity, skips = 0 } = holder ?? {};
      leases.set(job, { granted: false, owner, expiresAt, skippedSince, skips });
      return { granted: true };
    },
    release: async ({ job, owner }) => {
      if (leases.get(job)?.owner === owner) leases.delete(job);
    },
    leases: async () =>
      [...leases].map(([job, { owner, expiresAt, skips, skippedSince }]) => ({
        job,
        owner,
        expiresAt: Math.ceil(expiresAt),
        skips,
        ...(Number.isFinite(skippedSince) && { skippedSince: Math.floor(skippedSince) }),
      })),
    scheduledDeletions: async () => [...scheduledDeletions.values()],
    scheduleDeletion: async (scheduled) => {
      scheduledDeletions.set(scheduled.table, scheduled);
    },
    cancelDeletion: async (table) => {
      scheduledDeletions.delete(table);
    },
    suspensions: async () => [...suspensions.values()],
    suspend: async (suspension) => {
      suspensions.set(suspension.what, suspension);
    },
    resume: async (what) => {
      suspensions.delete(what);
    },
    shards: async () => ({ layout, leases: await stored.leases() }),
    recordLayout: async (next, before) => {
      if (before && (layout?.stamp !== before.stamp || layout.at !== before.at)) return false;
      layout = next;
      return true;
    },
    memories: async (ids) => some(memories, ids),
    remember: async (group, memory) => {
      memories.set(group, memory);
    },
    rememberAll: async (all) => {
      for (const [group, memory] of all) memories.set(group, memory);
    },
    retentions: async () => new Map(retentions),
    recordRetention: async (group, retention) => {
      retentions.set(group, retention);
    },
    closing: async () => closing,
    close: async (mark) => {
      closing = mark;
    },
    reopen: async () => {
      closing = undefined;
    },
    validConfig: async () => validConfig,
    recordValidConfig: async (valid) => {
      validConfig = valid;
    },
    seen: async (kind, groups) => some(seen[kind], groups),
    rememberSeen: async (kind, group, { schemes, seenAt }) => {
      const inMinutes = [...seenAt].map(([id, at]) => [id, Math.floor(at / MINUTE_MS) * MINUTE_MS] as const);
      seen[kind].set(group, { schemes, seenAt: new Map(inMinutes) });
    },
    drills: async () => new Map(drills),
    rememberDrill: async (group, drill) => {
      drills.set(group, drill);
    },
    openHolds: async (job) => openHolds.get(job),
    recordHistory: async (records) => {
      for (const record of records)
        if ('open' in record) openHolds.set(record.job, record.open);
        else history.set(record.id, record.entry);
    },
    history: async (from, to) => {
      const ids = [...history.keys()].filter((id) => id >= iso(from) && id <= `${iso(to)}~`);
      return ids.sort().map((id) => history.get(id)!);
    },
    initialize: async () => ({ created: false, timeToLiveEnabled: false }),
    runs: async () => new Map(runs),
    recordRun: async (job, record) => {
      runs.set(job, record);
    },
  };
  return stored;
}

const some = <T>(records: ReadonlyMap<string, T>, ids: readonly string[] | undefined): Map<string, T> =>
  new Map([...records].filter(([id]) => ids === undefined || ids.includes(id)));
