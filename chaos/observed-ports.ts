import type { AppliedRetention, ScheduledDeletion } from '../src/core/facts.ts';
import { entryFrom } from '../src/core/history/stored.ts';
import type { Notice } from '../src/core/notice.ts';
import type { CreateTable, ThroughputChange } from '../src/core/plan.ts';
import { tableOfStream } from '../src/core/streams.ts';
import type { Ports, StateStore } from '../src/ports.ts';
import { creationOf } from './aws-effects.ts';
import { resourceOf } from './faulty-ports.ts';
import type { Effect, Observer, Run } from './run.ts';

const reading: ReadonlySet<string> = new Set([
  'list',
  'describe',
  'tags',
  'timeToLive',
  'recovery',
  'destinations',
  'limits',
]);

type Records = Parameters<StateStore['recordHistory']>[0];

/** The tables whose deletion is in records of the history. */
const deletedIn = (records: Records): string[] =>
  records.flatMap((record) => {
    const entry = 'entry' in record ? entryFrom(record.entry) : undefined;
    return entry?.kind === 'delete' ? [entry.table] : [];
  });

type StateEffect = (first: unknown, second: unknown) => Effect;

/** Every method of the state store, so that a new or renamed one does not compile until it is added here. */
const stateEffects: Readonly<Record<keyof StateStore, StateEffect | undefined>> = {
  scheduleDeletion: (scheduled) => {
    const { table, createdAt, scheduledAt } = scheduled as ScheduledDeletion;
    return { kind: 'schedule-deletion', table, createdAt, scheduledAt };
  },
  cancelDeletion: (table) => ({ kind: 'cancel-deletion', table: String(table) }),
  acquire: undefined,
  release: undefined,
  leases: undefined,
  shards: undefined,
  recordLayout: undefined,
  scheduledDeletions: undefined,
  suspensions: undefined,
  suspend: undefined,
  resume: undefined,
  memories: undefined,
  remember: undefined,
  rememberAll: undefined,
  retentions: undefined,
  recordRetention: (group, retention) => ({
    kind: 'record-retention',
    table: '',
    group: String(group),
    retention: retention as AppliedRetention,
  }),
  closing: undefined,
  close: undefined,
  reopen: undefined,
  seen: undefined,
  rememberSeen: undefined,
  validConfig: undefined,
  recordValidConfig: undefined,
  openHolds: undefined,
  recordHistory: (records) => ({ kind: 'history', table: '', deleted: deletedIn(records as Records) }),
  history: undefined,
  runs: undefined,
  drills: undefined,
  rememberDrill: undefined,
  recordRun: undefined,
  initialize: undefined,
};

/** Ports that report every change to an observer. A method counts as a change unless it is listed as reading. */
export function observedPorts(ports: Ports, run: Run, observer: Observer): Ports {
  const wrap = <P extends object>(
    port: P,
    effectOf: (method: string, args: readonly unknown[]) => Effect | undefined,
  ): P =>
    new Proxy(port, {
      get: (target, property: string) => {
        const method = target[property as keyof P] as (...args: readonly unknown[]) => Promise<unknown>;
        return async (...args: readonly unknown[]) => {
          const effect = effectOf(property, args);
          if (!effect) return method.apply(target, args as []);
          observer.requested(effect, run);
          const instant = ports.clock.now();
          try {
            const answer = await method.apply(target, args as []);
            observer.done(effect, run, instant);
            return answer;
          } catch (error) {
            observer.rejected(effect, run, (error as Error).message);
            throw error;
          }
        };
      },
    });
  return {
    ...ports,
    inRegion: (region) => {
      const there = ports.inRegion(region);
      const tables = wrap(there.tables, (method, args): Effect | undefined =>
        reading.has(method)
          ? undefined
          : { kind: 'change', table: resourceOf(args), operation: `${method} in ${region}` },
      );
      return { ...there, tables };
    },
    tables: wrap(ports.tables, (method, args) =>
      reading.has(method) ? undefined : tableEffect(method, args),
    ),
    backups: wrap(ports.backups, (method, args) =>
      method === 'create' ? { kind: 'back-up', table: resourceOf(args) } : undefined,
    ),
    exports: wrap(ports.exports, (method, args) =>
      method === 'start' ? { kind: 'archive', table: resourceOf(args) } : undefined,
    ),
    ...(ports.mappings && {
      mappings: wrap(ports.mappings, (method, [name, stream]) =>
        method === 'create'
          ? { kind: 'change', table: tableOfStream(String(stream))?.name ?? '', operation: `attach ${name}` }
          : undefined,
      ),
    }),
    state: wrap(ports.state, (method, [first, second]) =>
      stateEffects[method as keyof StateStore]?.(first, second),
    ),
    ...(ports.notices && {
      notices: wrap(ports.notices, (_, [notice]) => ({
        kind: 'notice',
        table: '',
        message: (notice as Notice).message,
      })),
    }),
  };
}

function tableEffect(method: string, args: readonly unknown[]): Effect {
  const table = resourceOf(args);
  if (method === 'create') return { kind: 'create', table, ...creationOf(args[0] as CreateTable) };
  if (method === 'remove') return { kind: 'delete', table };
  if (method === 'protect' && args[1] === false) return { kind: 'unprotect', table };
  if (method !== 'resize') return { kind: 'change', table, operation: method };
  const changes = args[1] as readonly ThroughputChange[];
  return { kind: 'resize', table, to: changes.map(({ index, to }) => ({ ...to, ...(index && { index }) })) };
}
