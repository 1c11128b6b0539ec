import type { ScheduledDeletion } from '../src/core/observed.ts';
import type { CreateTable, ThroughputChange } from '../src/core/plan.ts';
import type { Ports } from '../src/ports.ts';
import { throughputOf } from './aws-effects.ts';
import { resourceOf } from './faulty-ports.ts';
import type { Effect, Run, Witness } from './run.ts';

const reading: ReadonlySet<string> = new Set([
  'list',
  'describe',
  'tags',
  'timeToLive',
  'recovery',
  'limits',
]);
const keeping: ReadonlySet<string> = new Set(['schedule-deletion', 'cancel-deletion']);

/** Ports that tell a witness of every change; a method that is not known to read is taken for one that changes. */
export function witnessedPorts(ports: Ports, run: Run, witness: Witness): Ports {
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
          witness.wanted(effect, run);
          const instant = ports.clock.now();
          try {
            const answer = await method.apply(target, args as []);
            witness.done(effect, run, instant);
            return answer;
          } catch (error) {
            witness.refused(effect, run, (error as Error).message);
            throw error;
          }
        };
      },
    });
  return {
    ...ports,
    tables: wrap(ports.tables, (method, args) =>
      reading.has(method) ? undefined : tableEffect(method, args),
    ),
    backups: wrap(ports.backups, (method, args) =>
      method === 'create' ? { kind: 'back-up', table: resourceOf(args) } : undefined,
    ),
    state: wrap(ports.state, (method, args) =>
      keeping.has(method) ? scheduledDeletionEffect(method, args) : undefined,
    ),
  };
}

function tableEffect(method: string, args: readonly unknown[]): Effect {
  const table = resourceOf(args);
  if (method === 'create') {
    const input = args[0] as CreateTable;
    return { kind: 'create', table, tags: tagsOf(input.Tags), throughput: throughputOf(input) };
  }
  if (method === 'remove') return { kind: 'delete', table };
  if (method === 'protect' && args[1] === false) return { kind: 'unprotect', table };
  if (method !== 'resize') return { kind: 'change', table, operation: method };
  const changes = args[1] as readonly ThroughputChange[];
  return { kind: 'resize', table, to: changes.map(({ index, to }) => ({ ...to, ...(index && { index }) })) };
}

function scheduledDeletionEffect(method: string, [first]: readonly unknown[]): Effect {
  if (method === 'cancel-deletion') return { kind: 'cancel-deletion', table: String(first) };
  const { table, createdAt, scheduledAt } = first as ScheduledDeletion;
  return { kind: 'schedule-deletion', table, createdAt, scheduledAt };
}

/** Tags as CreateTable takes them. */
export function tagsOf(tags: unknown): Record<string, string> {
  const list = (tags ?? []) as readonly { Key: string; Value: string }[];
  return Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
}
