/** Typical bugs, inserted on purpose. The chaos checks must find every one, or they would prove nothing. */
import { expect, test } from 'vitest';
import { playHistory } from '../../chaos/play-history.ts';
import { asBuilt, type JobRunner, simulatedSystem } from '../../chaos/simulated.ts';
import { DAY_MS } from '../../src/core/calendar/period.ts';
import { membersOf } from '../../src/core/fleet.ts';
import { tagsFor } from '../../src/core/guards/ownership.ts';
import type { Config, Settings } from '../../src/core/spec.ts';
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

const mutants: Readonly<Record<string, { rule: RegExp; job: JobRunner }>> = {
  'ownership by prefix': { rule: /unmanaged|retention|waiting period/, job: byPrefix },
  'ownership by name alone': {
    rule: /unmanaged/,
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
    rule: /waiting period/,
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
    rule: /backup/,
    job: withConfig((config) =>
      withSettings(config, (settings) => ({
        ...settings,
        purge: { ...settings.purge, finalBackup: false },
      })),
    ),
  },
  'a retention that is one period too short': {
    rule: /retention|scheduled/,
    job: withConfig((config) => ({
      ...config,
      specs: config.specs.map((spec) => ({ ...spec, keep: Math.max(1, spec.keep - 1) })),
    })),
  },
  'a shorter retention that needs no confirmation': {
    rule: /shorter retention/,
    job: onPorts((ports, { config }) => ({
      ...ports,
      state: new Proxy(ports.state, {
        get: (target, method) =>
          method === 'retentions'
            ? async () => new Map(config.specs.map((spec) => [spec.name, { ...spec, since: 0 }]))
            : Reflect.get(target, method),
      }),
    })),
  },
  'an ignored Purge.Enabled': {
    rule: /disabled/,
    job: withConfig((config) =>
      withSettings(config, (settings) => ({ ...settings, purge: { ...settings.purge, enabled: true } })),
    ),
  },
  'an ignored suspension': {
    rule: /suspension/,
    job: onPorts((ports) => ({
      ...ports,
      state: new Proxy(ports.state, {
        get: (target, method) => (method === 'suspensions' ? async () => [] : Reflect.get(target, method)),
      }),
    })),
  },
  'an unchecked clock': {
    rule: /clock/,
    job: onPorts((ports) => ({ ...ports, clock: { now: ports.clock.now, sleep: ports.clock.sleep } })),
  },
  'an ignored cap': {
    rule: /cap/,
    job: withConfig((config) =>
      withSettings(config, (settings) => ({ ...settings, purge: { ...settings.purge, maxPerRun: 1_000 } })),
    ),
  },
  'missing upcoming tables': {
    rule: /missing/,
    job: withConfig((config) => withSettings(config, (settings) => ({ ...settings, periodsAhead: 0 }))),
  },
  'too many upcoming tables': {
    rule: /creation/,
    job: withConfig((config) =>
      withSettings(config, (settings) => ({ ...settings, periodsAhead: settings.periodsAhead + 1 })),
    ),
  },
  'a stop at the first failure': { rule: /missing/, job: stopsAtFirstFailure },
  'a lease that every run gets': {
    rule: /lease/,
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
  'unlimited decreases': {
    rule: /quota/,
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
    job: trustingItsRecord(),
  },
  'a programming error': {
    rule: /error/,
    job: async (run, ports, options) => {
      const summary = await asBuilt(run, ports, options);
      if (run.faults.injected > 3) throw new TypeError('undefined is not iterable');
      return summary;
    },
  },
};

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

const HISTORIES = 150;

test.each(Object.entries(mutants))('finds %s', async (_, { rule, job }) => {
  const found: string[] = [];
  for (let history = 1; history <= HISTORIES && found.length === 0; history += 1) {
    const { violations } = await playHistory({
      seed: 4,
      history,
      days: 15,
      groups: 3,
      open: async (start, ledger) => simulatedSystem(start, ledger, job),
    });
    found.push(...violations.map((violation) => violation.rule).filter((name) => rule.test(name)));
  }
  expect(found.length).toBeGreaterThan(0);
});
