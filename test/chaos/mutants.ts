/** Typical bugs, inserted on purpose. The chaos checks must find every one, or they would prove nothing. */
import { playHistory } from '../../chaos/play-history.ts';
import { currentName } from '../../chaos/rules.ts';
import type { Run } from '../../chaos/run.ts';
import { asBuilt, type JobRunner, simulatedSystem } from '../../chaos/simulated.ts';
import type { Export } from '../../src/core/archives.ts';
import { iso } from '../../src/core/calendar/instant.ts';
import { stateTableName } from '../../src/core/calendar/naming.ts';
import { DAY_MS, MINUTE_MS, periodAt } from '../../src/core/calendar/period.ts';
import { ServiceError } from '../../src/core/failure.ts';
import { membersOf } from '../../src/core/fleet.ts';
import { CREATED_AT_TAG, KEEP_TAG, ownershipTags, tagsFor } from '../../src/core/guards/ownership.ts';
import type { CreateTable } from '../../src/core/plan.ts';
import { finalBackupName } from '../../src/core/purging/final-backup.ts';
import type { Config, PurgeSettings, Settings } from '../../src/core/spec.ts';
import { apply } from '../../src/jobs/apply.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import type { Ports } from '../../src/ports.ts';

/** The real jobs on wrong ports. */
const onPorts =
  (wrong: (ports: Ports, run: Parameters<JobRunner>[0]) => Ports): JobRunner =>
  (run, ports, options) =>
    asBuilt(run, wrong(ports, run), options);

/** The real jobs with a wrong configuration. */
const withConfig =
  (wrong: (config: Config) => Config): JobRunner =>
  (run, ports, options) =>
    asBuilt({ ...run, config: wrong(run.config) }, ports, options);

const withSettings = (config: Config, wrong: (settings: Settings) => Settings): Config => ({
  ...config,
  settings: wrong(config.settings),
  specs: config.specs.map((spec) => ({ ...spec, settings: wrong(spec.settings) })),
});

const withPurge = (wrong: Partial<PurgeSettings>): JobRunner =>
  withConfig((config) =>
    withSettings(config, (settings) => ({ ...settings, purge: { ...settings.purge, ...wrong } })),
  );

/** The real jobs with some wrong methods of one port. */
const onState = (wrong: (ports: Ports, run: Run) => Partial<Ports['state']>): JobRunner =>
  onPorts((ports, run) => ({ ...ports, state: replaced(ports.state, wrong(ports, run)) }));

const onTables = (wrong: (tables: Ports['tables'], run: Run) => Partial<Ports['tables']>): JobRunner =>
  onPorts((ports, run) => ({ ...ports, tables: replaced(ports.tables, wrong(ports.tables, run)) }));

type MetricSeries = Awaited<ReturnType<Ports['metrics']['read']>>[number];

/** The real jobs with wrong answers of CloudWatch, also about the state table. */
const onMetrics = (
  wrong: (series: MetricSeries, ofStateTable: boolean, from: number) => MetricSeries,
): JobRunner =>
  onPorts((ports, { config }) => ({
    ...ports,
    metrics: {
      async read(queries, from, ...rest) {
        const state = stateTableName(config.environment);
        const all = await ports.metrics.read(queries, from, ...rest);
        return all.map((series, i) => wrong(series, queries[i]?.table === state, from));
      },
    },
  }));

const replaced = <P extends object>(port: P, by: Partial<P>): P =>
  new Proxy(port, { get: (target, method) => Reflect.get(method in by ? by : target, method) });

/** Deletes by prefix and date without a waiting period, as Turntable's predecessor did. */
const byPrefix: JobRunner = async (run, ports, options) => {
  const summary = await asBuilt(run, ports, options);
  if (run.job !== 'purge') return summary;
  for (const name of await ports.tables.list()) {
    const [, digits = ''] = /\.(\d{8})/.exec(name) ?? [];
    const date = Date.parse(digits.replace(/(....)(..)(..)/, '$1-$2-$3'));
    if (name.includes(run.config.environment) && date < run.eventTime - 7 * DAY_MS)
      await ports.tables.remove(name).catch(() => undefined);
  }
  return summary;
};

/** Stops at the first failed action. */
const stopsAtFirstFailure: JobRunner = async (run, ports) => {
  const { plan } = await makePlan([run.job], run.config, ports, run.eventTime);
  const results = [];
  for (const action of plan.actions) {
    const done = await apply([action], ports, {
      backoff: { retries: 0, firstDelayMs: 1, longestDelayMs: 1 },
    });
    results.push(...done);
    if (done.some(({ outcome }) => outcome === 'failed')) break;
  }
  const { job, config } = run;
  return {
    job,
    environment: config.environment,
    at: plan.at,
    outcome: 'done',
    message: '',
    results,
    holds: [],
  };
};

/** Creates tables in the reverse order of the file, and none before another. */
const withoutUrgency: JobRunner = async (run, ports, options) => {
  const { job, config, eventTime } = run;
  if (job !== 'rotate') return asBuilt(run, ports, options);
  const { plan } = await makePlan([job], config, ports, eventTime);
  const actions = plan.actions
    .map((action) => (action.kind === 'create' ? { ...action, urgency: 'current' as const } : action))
    .toReversed();
  const results = await apply(actions, ports, { deadline: ports.clock.now() + 10 * MINUTE_MS });
  const summary = { job, environment: config.environment, at: plan.at, message: '', results };
  return { ...summary, outcome: 'done', holds: plan.holds };
};

interface Mutant {
  /** The files of src/core whose decision it breaks. */
  readonly guards?: readonly string[];
  /** The rules that can find it. */
  readonly rule: RegExp;
  /** The first history in which one of them does, of the first hundred. */
  readonly history: number;
  readonly job: JobRunner;
}

export const mutants: Readonly<Record<string, Mutant>> = {
  'ownership by prefix': {
    guards: ['guards/ownership.ts'],
    rule: /unmanaged|retention|waiting period/,
    history: 2,
    job: byPrefix,
  },
  'ownership by name alone': {
    guards: ['guards/ownership.ts'],
    rule: /unmanaged/,
    history: 2,
    job: onPorts((ports, { config, eventTime }) => ({
      ...ports,
      tables: {
        ...ports.tables,
        list: () => ports.tables.list(),
        describe: (name) => ports.tables.describe(name),
        tags: async (arn) => {
          const [table] = [
            ...membersOf(config, new Set([arn.slice(arn.indexOf('/') + 1)]), eventTime).values(),
          ].flat();
          return table ? tagsFor(table.spec, table.period) : {};
        },
      },
    })),
  },
  'a missing waiting period': {
    guards: ['purging/purge.ts'],
    rule: /waiting period/,
    history: 2,
    job: onPorts((ports, { eventTime }) => ({
      ...ports,
      state: {
        ...ports.state,
        acquire: (...args) => ports.state.acquire(...args),
        release: (lease) => ports.state.release(lease),
        scheduledDeletions: async () => {
          const names = await ports.tables.list();
          const states = await Promise.all(names.map((name) => ports.tables.describe(name)));
          const scheduledAt = eventTime - DAY_MS;
          return states.flatMap((state) =>
            state ? [{ table: state.name, createdAt: state.createdAt, scheduledAt }] : [],
          );
        },
      },
    })),
  },
  'missing final backups': {
    guards: ['purging/final-backup.ts'],
    rule: /backup/,
    history: 2,
    job: withConfig((config) =>
      withSettings(config, (settings) => ({
        ...settings,
        purge: { ...settings.purge, finalBackup: false },
      })),
    ),
  },
  'missing exports': {
    guards: ['purging/archive.ts'],
    rule: /archive/,
    history: 1,
    job: withConfig((config) =>
      withSettings(config, ({ purge: { archive: _, ...purge }, ...settings }) => ({ ...settings, purge })),
    ),
  },
  'an export that counts before it is COMPLETED, or if it FAILED': {
    guards: ['purging/archive.ts'],
    rule: /archive/,
    history: 1,
    job: onPorts((ports) => ({
      ...ports,
      exports: new Proxy(ports.exports, {
        get: (target, method) => {
          const completed = (one: Export): Export => ({ ...one, status: 'COMPLETED' });
          if (method === 'list') return async (arn: string) => (await target.list(arn)).map(completed);
          if (method !== 'describe') return Reflect.get(target, method);
          return async (arn: string) => {
            const found = await target.describe(arn);
            return found && completed(found);
          };
        },
      }),
      archive: {
        folders: async () => [],
        // The manifest of an export that is complete.
        read: async (_, key) => {
          const [, table = '', id = ''] = /([^/]+)\/AWSDynamoDB\/([^/]+)\//.exec(key) ?? [];
          const state = await ports.tables.describe(table);
          return JSON.stringify({
            exportArn: `${state?.arn}/export/${id}`,
            tableArn: state?.arn,
            tableId: state?.id,
            exportTime: '2026-11-21T00:00:00Z',
            itemCount: 0,
            outputFormat: 'DYNAMODB_JSON',
          });
        },
      },
    })),
  },
  'a retention that is one period too short': {
    rule: /retention|scheduled/,
    history: 1,
    job: withConfig((config) => ({
      ...config,
      specs: config.specs.map((spec) => ({ ...spec, keep: Math.max(1, spec.keep - 1) })),
    })),
  },
  'a shorter retention that needs no confirmation': {
    guards: ['purging/retention.ts', 'purging/compare-retentions.ts'],
    rule: /shorter retention/,
    history: 4,
    job: onState((_, { config }) => ({
      retentions: async () => new Map(config.specs.map((spec) => [spec.name, { ...spec, since: 0 }])),
    })),
  },
  'an ignored Purge.Enabled': {
    guards: ['purging/objection.ts'],
    rule: /disabled/,
    history: 21,
    job: withConfig((config) =>
      withSettings(config, (settings) => ({ ...settings, purge: { ...settings.purge, enabled: true } })),
    ),
  },
  'an ignored suspension': {
    guards: ['guards/suspensions.ts'],
    rule: /suspension/,
    history: 4,
    job: onPorts((ports) => ({
      ...ports,
      state: new Proxy(ports.state, {
        get: (target, method) => (method === 'suspensions' ? async () => [] : Reflect.get(target, method)),
      }),
    })),
  },
  'an unchecked clock': {
    guards: ['guards/clock-check.ts'],
    rule: /clock/,
    history: 2,
    job: onPorts((ports) => ({ ...ports, clock: { now: ports.clock.now, sleep: ports.clock.sleep } })),
  },
  'an ignored cap': {
    guards: ['purging/caps.ts'],
    rule: /cap/,
    history: 1,
    job: withConfig((config) =>
      withSettings(config, (settings) => ({ ...settings, purge: { ...settings.purge, maxPerRun: 1_000 } })),
    ),
  },
  'missing upcoming tables': {
    rule: /missing/,
    history: 1,
    job: withConfig((config) => withSettings(config, (settings) => ({ ...settings, periodsAhead: 0 }))),
  },
  'too many upcoming tables': {
    rule: /creation/,
    history: 1,
    job: withConfig((config) =>
      withSettings(config, (settings) => ({ ...settings, periodsAhead: settings.periodsAhead + 1 })),
    ),
  },
  'a stop at the first failure': { rule: /missing/, history: 3, job: stopsAtFirstFailure },
  'creations that wait for no urgent one': { rule: /urgency/, history: 1, job: withoutUrgency },
  'a lease that every run gets': {
    guards: ['guards/lease.ts'],
    rule: /lease/,
    history: 2,
    job: onPorts((ports) => ({
      ...ports,
      state: {
        ...ports.state,
        scheduledDeletions: () => ports.state.scheduledDeletions(),
        acquire: async () => ({ granted: true }),
        release: async () => {},
      },
    })),
  },
  'ignored bounds': {
    rule: /bounds/,
    history: 2,
    job: withConfig((config) => ({
      ...config,
      specs: config.specs.map((spec) => ({
        ...spec,
        resources: spec.resources.map((resource) => ({
          ...resource,
          bounds: { read: { min: 1, max: 9e9 }, write: { min: 1, max: 9e9 } },
        })),
      })),
    })),
  },
  'a history without deletions': {
    rule: /history/,
    history: 1,
    job: onState((ports) => ({
      recordHistory: (records) =>
        ports.state.recordHistory(
          records.filter((record) => !('entry' in record && record.entry.includes('"delete"'))),
        ),
    })),
  },
  'unlimited decreases': {
    guards: ['permits/index.ts'],
    rule: /quota/,
    history: 3,
    job: async (run, ports, options) => {
      const summary = await asBuilt(run, ports, options);
      for (const { name } of [
        ...membersOf(run.config, new Set(await ports.tables.list()), run.eventTime).values(),
      ].flat()) {
        const own = (await ports.tables.describe(name))?.capacities[0];
        if (!own || own.write < 3) continue;
        const to = { read: own.read, write: own.write - 1 };
        await ports.tables.resize(name, [{ from: own, to }]).catch(() => undefined);
      }
      return summary;
    },
  },
  'a trusted record of created tables': {
    rule: /missing|recovery|lead time/,
    history: 1,
    job: trustingItsRecord(),
  },
  'an ignored MaxPerGroup': {
    guards: ['purging/caps.ts'],
    rule: /group cap/,
    history: 17,
    job: withPurge({ maxPerGroup: 1_000 }),
  },
  'an ignored MaxShare': {
    guards: ['purging/share.ts'],
    rule: /share/,
    history: 5,
    job: withPurge({ maxShare: 100 }),
  },
  'a shorter retention that takes effect too soon after its notice': {
    guards: ['purging/retention.ts'],
    rule: /slip/,
    history: 2,
    job: withPurge({ noticeMs: 1 }),
  },
  'a shorter retention without a notice': {
    guards: ['purging/notices.ts'],
    rule: /slip/,
    history: 4,
    job: onPorts((ports) => ({ ...ports, notices: { publish: async () => {} } })),
  },
  'a retention notice that SNS did not accept': {
    guards: ['purging/retention-updates.ts'],
    rule: /slip/,
    history: 28,
    job: withoutAcceptance(),
  },
  'a notice of deletions that SNS did not accept': {
    guards: ['purging/notices.ts'],
    rule: /^notice/,
    history: 52,
    job: withoutAcceptance(),
  },
  'unusual deletions without a notice': {
    guards: ['purging/notices.ts'],
    rule: /^notice/,
    history: 1,
    job: onPorts(({ notices: _, ...ports }) => ports),
  },
  'scheduled deletions that are never canceled': {
    guards: ['purging/cancel.ts'],
    rule: /cancellation/,
    history: 16,
    job: onState(() => ({ cancelDeletion: async () => {} })),
  },
  'a plan for a past time that shortens the waiting period': {
    guards: ['guards/clock-check.ts'],
    rule: /waiting period/,
    history: 3,
    job: onPorts((ports, { byOperator }) =>
      byOperator ? { ...ports, clock: { now: ports.clock.now, sleep: ports.clock.sleep } } : ports,
    ),
  },
  'records of a newer version that count as none': {
    guards: ['guards/newer-state.ts'],
    rule: /newer state/,
    history: 9,
    job: onState(({ state }) => ({
      suspensions: () => state.suspensions().catch(() => []),
      scheduledDeletions: (purpose) => state.scheduledDeletions(purpose).catch(() => []),
      retentions: () => state.retentions().catch(() => new Map()),
      memories: () => state.memories().catch(() => new Map()),
    })),
  },
  'remembered ownership that counts for a deletion': {
    guards: ['guards/seen-ownership.ts'],
    rule: /unmanaged/,
    history: 19,
    job: onPorts((ports, { job, config, eventTime }) => {
      const { tables, state } = ports;
      const tags = async (arn: string) => {
        const name = arn.slice(arn.indexOf('/') + 1);
        const [table] = [...membersOf(config, new Set([name]), eventTime).values()].flat();
        const { id = '', createdAt = 0 } = (await tables.describe(name)) ?? {};
        const seen = table && (await state.seen('ownership')).get(table.spec.name)?.seenAt.has(id);
        return seen
          ? { ...tagsFor(table.spec, table.period), [CREATED_AT_TAG]: iso(createdAt) }
          : tables.tags(arn);
      };
      return job === 'purge' ? { ...ports, tables: replaced(tables, { tags }) } : ports;
    }),
  },
  'ignored traffic': {
    guards: ['purging/traffic.ts'],
    rule: /in use/,
    history: 20,
    job: withPurge({ trafficMs: 0 }),
  },
  'unreadable metrics that count as no traffic': {
    guards: ['purging/traffic.ts'],
    rule: /in use/,
    history: 27,
    job: onMetrics((series, ofStateTable, from) =>
      'error' in series ? { sums: new Map(ofStateTable ? [[from, 1]] : []) } : series,
    ),
  },
  'silence of CloudWatch that counts as no traffic': {
    guards: ['purging/missing-data.ts'],
    rule: /in use/,
    history: 22,
    job: onMetrics((series, ofStateTable, from) =>
      ofStateTable && 'sums' in series && series.sums.size === 0 ? { sums: new Map([[from, 1]]) } : series,
    ),
  },
  'a scheduled deletion for any table of its name': {
    guards: ['purging/schedule.ts'],
    rule: /waiting period/,
    history: 3,
    job: onState(({ state, tables }) => ({
      scheduledDeletions: async () => {
        const all = await state.scheduledDeletions();
        return Promise.all(
          all.map(async (one) => ({
            ...one,
            createdAt: (await tables.describe(one.table))?.createdAt ?? one.createdAt,
          })),
        );
      },
    })),
  },
  'a backup of an earlier table of the name': {
    guards: ['purging/final-backup.ts'],
    rule: /backup/,
    history: 3,
    job: onPorts((ports, { eventTime }) => ({
      ...ports,
      backups: new Proxy(ports.backups, {
        get: (target, method) =>
          method === 'list'
            ? async (name: string) => {
                const id = (await ports.tables.describe(name))?.id ?? '';
                const [scheduled] = (await ports.state.scheduledDeletions()).filter((s) => s.table === name);
                const at = scheduled?.scheduledAt ?? eventTime;
                return (await target.list(name)).map((backup) => ({
                  ...backup,
                  tableId: id,
                  name: finalBackupName(name, at),
                  createdAt: Math.max(at, backup.createdAt),
                }));
              }
            : Reflect.get(target, method),
      }),
    })),
  },
  'an ignored keep tag': {
    guards: ['purging/objection.ts'],
    rule: /keep tag/,
    history: 7,
    job: onTables((tables) => ({
      tags: async (arn: string) => {
        const { [KEEP_TAG]: _, ...others } = await tables.tags(arn);
        return others;
      },
    })),
  },
  'a restored copy that counts as the table itself': {
    guards: ['guards/ownership.ts'],
    rule: /restored/,
    history: 2,
    job: onTables((tables) => ({
      tags: async (arn: string) => {
        const state = await tables.describe(arn.slice(arn.indexOf('/') + 1));
        return { ...(await tables.tags(arn)), ...(state && { [CREATED_AT_TAG]: iso(state.createdAt) }) };
      },
    })),
  },
  'an unchecked current table': {
    guards: ['purging/objection.ts'],
    rule: /last table/,
    history: 14,
    job: onTables((tables, { config, eventTime, job }) => {
      if (job !== 'purge') return {};
      const current = new Map(config.specs.map((spec) => [currentName(spec, eventTime), spec]));
      return {
        list: async () => [...new Set([...(await tables.list()), ...current.keys()])],
        describe: async (name: string) => {
          const state = await tables.describe(name);
          if (state || !current.has(name)) return state;
          const [other] = await tables.list();
          const shown = await tables.describe(other!);
          return shown && { ...shown, name, status: 'ACTIVE', arn: `arn:current/${name}` };
        },
        tags: async (arn: string) => {
          const name = arn.slice(arn.indexOf('/') + 1);
          const spec = arn.startsWith('arn:current') ? current.get(name) : undefined;
          return spec ? tagsFor(spec, periodAt(spec.scheme, eventTime)) : tables.tags(arn);
        },
      };
    }),
  },
  'an unmanaged table in a required place that is not noticed': {
    rule: /unnoticed/,
    history: 2,
    job: async (run, ports, options) => ({
      ...(await asBuilt(run, ports, options)),
      outcome: 'done',
      holds: [],
    }),
  },
  'throttled tables that are neither raised nor said': {
    rule: /shortage/,
    history: 2,
    job: async (run, ports, options) => {
      if (run.job !== 'scale') return asBuilt(run, ports, options);
      const { config, eventTime: now, job } = run;
      const { environment } = config;
      return { job, environment, at: iso(now), outcome: 'done', message: '', results: [], holds: [] };
    },
  },
  'raises that never happen, and that no run says': {
    rule: /shortage/,
    history: 7,
    job: async (run, ports, options) => {
      const busy = async () => {
        throw new ServiceError('in-use', 'The table is in use.');
      };
      const tables = replaced(ports.tables, { resize: busy });
      const summary = await asBuilt(run, { ...ports, tables }, options);
      return { ...summary, holds: summary.holds.filter(({ reason }) => reason !== 'no-effect') };
    },
  },
  'a table that DynamoDB cannot use, and that counts as ACTIVE': {
    guards: ['purging/status-objection.ts'],
    rule: /unusable/,
    history: 7,
    job: onTables((tables) => ({
      describe: async (name: string) => {
        const state = await tables.describe(name);
        if (!state?.status.startsWith('INACCESSIBLE')) return state;
        const capacities = state.capacities.map((capacity) => ({ ...capacity, status: 'ACTIVE' }));
        return { ...state, status: 'ACTIVE', capacities };
      },
    })),
  },
  'an ignored health page': {
    guards: ['permits/index.ts', 'guards/lowering.ts'],
    rule: /health/,
    history: 5,
    job: onPorts((ports) => ({ ...ports, health: async () => ({ healthy: true, answer: '200 OK' }) })),
  },
  'missing deletion protection': {
    rule: /creation/,
    history: 1,
    job: onTables((tables) => ({
      create: (input: CreateTable) => tables.create({ ...input, DeletionProtectionEnabled: false }),
    })),
  },
  'missing ownership tags': {
    rule: /creation/,
    history: 1,
    job: onTables((tables) => ({ create: (input: CreateTable) => tables.create({ ...input, Tags: [] }) })),
  },
  'a deletion by another job than purge': {
    rule: /^deletion/,
    history: 1,
    job: async (run, ports, options) => {
      const summary = await asBuilt(run, ports, options);
      const [oldest] = await ports.tables.list();
      if (run.job === 'rotate' && oldest) await ports.tables.remove(oldest).catch(() => undefined);
      return summary;
    },
  },
  'a scheduled deletion in the future': {
    guards: ['purging/schedule.ts'],
    rule: /state/,
    history: 1,
    job: onState(({ state }) => ({
      scheduleDeletion: (one) => state.scheduleDeletion({ ...one, scheduledAt: one.scheduledAt + DAY_MS }),
    })),
  },
  'a group that goes on although its scheme changed': {
    guards: ['guards/foreign.ts'],
    rule: /scheme change/,
    history: 35,
    job: onTables((tables, { config }) => ({
      tags: async (arn: string) => {
        const tags = await tables.tags(arn);
        const spec = config.specs.find(({ name }) => name === tags[ownershipTags.spec]);
        return spec ? { ...tags, [ownershipTags.scheme]: spec.scheme } : tags;
      },
    })),
  },
  'a group that is refused without a cause': {
    rule: /refusal/,
    history: 1,
    job: async (run, ports, options) => {
      const summary = await asBuilt(run, ports, options);
      const group = run.config.specs[0]!.name;
      const hold = { job: run.job, group, table: group, kind: 'create', reason: 'scheme-changed' } as const;
      return { ...summary, holds: [{ ...hold, message: '', urgent: true }] };
    },
  },
  'a lowered index that is being built': {
    rule: /bounds/,
    history: 1,
    job: async (run, ports, options) => {
      const summary = await asBuilt(run, ports, options);
      for (const name of await ports.tables.list()) {
        const built = (await ports.tables.describe(name))?.capacities.find(({ index }) => index === 'ByHand');
        if (!built) continue;
        const to = { read: 1, write: 1 };
        await ports.tables.resize(name, [{ index: 'ByHand', from: built, to }]).catch(() => undefined);
      }
      return summary;
    },
  },
  'a programming error': {
    rule: /error/,
    history: 1,
    job: async (run, ports, options) => {
      const summary = await asBuilt(run, ports, options);
      if (run.faults.injected > 3) throw new TypeError('undefined is not iterable');
      return summary;
    },
  },
};

/** A notice counts as accepted, whatever SNS answers. */
function withoutAcceptance(): JobRunner {
  return onPorts((ports) => {
    const { notices } = ports;
    return notices
      ? { ...ports, notices: { publish: (notice) => notices.publish(notice).catch(() => {}) } }
      : ports;
  });
}

/** Records each table before it creates it, and trusts the record instead of the table. */
function trustingItsRecord(): JobRunner {
  const recorded = new Set<string>();
  return onPorts((ports) => ({
    ...ports,
    tables: new Proxy(ports.tables, {
      get: (target, method: keyof Ports['tables']) => {
        if (method !== 'create') return Reflect.get(target, method);
        return async (input: { TableName: string }) => {
          if (recorded.has(input.TableName)) return;
          recorded.add(input.TableName);
          await target.create(input);
        };
      },
    }),
  }));
}

const SEED = 4;

/** Plays one history of the seed with a bug. Returns the rules of the violations that the bug causes. */
export async function playMutant(name: string, history: number): Promise<string[]> {
  const { rule, job } = mutants[name]!;
  const { violations } = await playHistory({
    seed: SEED,
    history,
    days: 15,
    groups: 3,
    open: async (start, ledger, hasTopic) => simulatedSystem(start, ledger, job, hasTopic),
  });
  return violations.map((violation) => violation.rule).filter((found) => rule.test(found));
}
