/** Hostile text in a name, tag, path or AWS message cannot break out of the line, page or module that contains it. */
import { spawnSync } from 'node:child_process';
import { stripTypeScriptTypes } from 'node:module';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { TraceReport } from '../../src/backtest/figures.ts';
import { pageOf } from '../../src/backtest/page.ts';
import type { DemandSeries } from '../../src/backtest/trace.ts';
import { viewAdoption } from '../../src/cli/views/adoption.ts';
import { viewBacktest } from '../../src/cli/views/backtest.ts';
import { moduleOf } from '../../src/cli/views/module.ts';
import { viewPlan } from '../../src/cli/views/plan.ts';
import { viewResult } from '../../src/cli/views/results.ts';
import { viewRun } from '../../src/cli/views/run.ts';
import { viewStatus } from '../../src/cli/views/status.ts';
import { shellWord, style } from '../../src/cli/views/text.ts';
import { environmentProblem } from '../../src/config/environment.ts';
import { explained } from '../../src/config/explain.ts';
import { ConfigError } from '../../src/config/index.ts';
import { visible } from '../../src/config/quote.ts';
import { problemOfFile } from '../../src/config/read.ts';
import { tableName } from '../../src/core/calendar/naming.ts';
import { periodAt } from '../../src/core/calendar/period.ts';
import type { TableState } from '../../src/core/facts.ts';
import { tableOf } from '../../src/core/fleet.ts';
import type { Action, Hold, Plan, Recommendation } from '../../src/core/plan.ts';
import { plannerOf } from '../../src/core/planners.ts';
import type { FleetReport } from '../../src/core/report/model.ts';
import { handlerOf } from '../../src/handler.ts';
import type { AdoptionPlan } from '../../src/jobs/adopt.ts';
import type { FleetStatus } from '../../src/jobs/status.ts';
import { reportPage } from '../../src/report/page.ts';
import { setColumns } from '../support/columns.ts';
import { hostile, UNSEEN } from '../support/hostile.ts';
import { aGroup, aReport } from '../support/reports.ts';
import { configOf, specOf } from '../support/specs.ts';

const action = (text: string) =>
  ({
    job: 'purge',
    kind: 'cancel-deletion',
    group: text,
    table: text,
    reason: 'held',
    message: text,
  }) as Action;
const hold = (text: string): Hold => ({
  job: 'scale',
  kind: 'read',
  group: text,
  table: text,
  reason: 'unreadable',
  message: text,
});

const plan = (text: string): Plan => ({
  version: 1,
  environment: 'production',
  jobs: ['purge'],
  at: '2026-11-21T00:00:00.000Z',
  createdAt: '2026-11-21T00:00:00.000Z',
  suspensions: [{ what: 'purging', since: '2026-11-21T00:00:00.000Z', reason: text }],
  actions: [action(text)],
  holds: [hold(text)],
  recommendations: [recommendation(text)],
  fingerprint: '0'.repeat(16),
});

const recommendation = (text: string): Recommendation => ({
  group: text,
  table: text,
  billing: 'on-demand',
  utilization: 0,
  hours: 1,
  monthNow: 1,
  monthInstead: 0,
  message: text,
});

const failed = (text: string) => ({ action: action(text), outcome: 'failed' as const, error: text });

const status = (text: string): FleetStatus => ({
  environment: 'production',
  at: '2026-11-21T00:00:00.000Z',
  closed: { since: '2026-11-20T00:00:00.000Z', by: text },
  closedUnread: null,
  tables: [
    {
      name: text,
      group: text,
      phase: 'active',
      status: text,
      createdAt: null,
      read: null,
      write: null,
      indexes: [{ name: text, read: null, write: null }],
      replicas: [{ region: text, status: text }],
      itemCount: 0,
      sizeBytes: 0,
      billingMode: null,
      tableClass: null,
      cost: null,
      next: `ends ${text}`,
    },
  ],
  groups: [{ group: text, tables: 1, missing: 0, sizeBytes: 0, costMonth: 0 }],
  unmanaged: [text],
  costMonth: 0,
  suspensions: [{ what: 'purging', since: '2026-11-21T00:00:00.000Z', reason: text }],
  recommendations: [recommendation(text)],
});

const adoption = (text: string): AdoptionPlan => {
  const spec = specOf();
  const table = { ...tableOf(spec, periodAt('daily', 0), 0), name: text };
  const state = { name: text, createdAt: 0, itemCount: 0, sizeBytes: 0 } as TableState;
  return {
    adoptable: [{ table, state, tags: {}, warnings: [text] }],
    refused: [{ name: text, reasons: [text] }],
    managed: [text],
    actions: [action(text)],
    holds: [hold(text)],
  };
};

const views: Readonly<Record<string, (text: string) => string>> = {
  'a plan': (text) => viewPlan(plan(text)),
  'a result': (text) => viewResult(failed(text), 1, 1),
  'a run': (text) =>
    viewRun({
      job: 'purge',
      environment: 'production',
      at: '2026-11-21T00:00:00.000Z',
      outcome: 'failed',
      message: text,
      results: [failed(text)],
      holds: [hold(text)],
    }),
  'a status': (text) => viewStatus(status(text)),
  'an adoption': (text) => viewAdoption(adoption(text), specOf(), 0),
  'a backtest': (text) =>
    viewBacktest({ trace: text, defaultMethod: '', methods: {} } satisfies TraceReport, {
      name: text,
      start: 0,
      demand: Float64Array.of(1),
    }),
  'a problem with a file': (text) => new ConfigError([problemOfFile(text, 'is wrong.')]).message,
  'a problem with an environment': (text) =>
    new ConfigError([environmentProblem(`${text} `)].flatMap((problem) => problem ?? [])).message,
};

describe('terminal output', () => {
  // So wide that nothing is broken between words.
  beforeAll(() => setColumns(1e6));
  afterAll(() => setColumns(undefined));

  test.each(Object.entries(views))(
    'prints %s with safe characters and the same number of lines',
    (_, view) => {
      expect(style.bad(''), 'the test needs output without colors').toBe('');
      const lines = (text: string): number => view(text).split('\n').length;
      fc.assert(
        fc.property(hostile, (text) => {
          expect(view(text)).not.toMatch(UNSEEN);
          expect(lines(text)).toBe(lines('harmless'));
        }),
        { numRuns: 200 },
      );
    },
  );
});

test('prints one line for each problem in a file with any name and content', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const document = explained(
        text,
        JSON.stringify([{ [text]: text, TableName: text, RotationScheme: text }]),
      );
      const problems = document.violations('tables').map((finding) => document.problem(finding));
      const { message } = new ConfigError(problems);
      expect(message).not.toMatch(UNSEEN);
      expect(message.split('\n')).toHaveLength(problems.length);
    }),
    { numRuns: 200 },
  );
});

describe('log output', () => {
  test('writes one line of valid JSON for each run', async () => {
    const logged: string[] = [];
    const spy = vi.spyOn(console, 'log').mockImplementation((line) => void logged.push(line));
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        logged.length = 0;
        // The error message contains the name.
        vi.stubEnv('TURNTABLE_ENVIRONMENT', `${text} `);
        vi.stubEnv('TURNTABLE_CONFIG', text);
        await expect(handlerOf(plannerOf('purge'))({ time: '2026-11-21T00:00:00Z' })).rejects.toThrow();
        expect(logged).toHaveLength(1);
        expect(logged[0]).not.toMatch(/\n/);
        expect(logged[0]).not.toMatch(UNSEEN);
        expect(JSON.parse(logged[0]!)).toMatchObject({ job: 'purge', outcome: 'failed' });
      }),
      { numRuns: 150 },
    );
    spy.mockRestore();
    vi.unstubAllEnvs();
  });
});

describe('the backtest page', () => {
  const series = (name: string): DemandSeries => ({ name, start: 0, demand: Float64Array.of(1, 2) });
  const report: TraceReport = { trace: '', defaultMethod: '', methods: {} };

  test('escapes the name of a trace', () => {
    const [head = '', between = '', tail = ''] = pageOf(series('~name~'), new Map(), report).split('~name~');
    fc.assert(
      fc.property(hostile, (name) => {
        const page = pageOf(series(name), new Map(), report);
        const written = page.slice(head.length, page.indexOf(between, head.length));
        expect(page).toBe(head + written + between + written + tail);
        expect(written).not.toMatch(/[<>"']|&(?!#\d+;)/);
        expect(written.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code))).toBe(visible(name));
      }),
      { numRuns: 200 },
    );
  });
});

describe('the report', () => {
  /** Every text of a report that comes from names, tags, messages of AWS or people. */
  const reportOf = (text: string): FleetReport => {
    const group = aGroup({ name: text });
    return aReport({
      environment: text,
      groups: [
        {
          ...group,
          tables: group.tables.map((one) => ({ ...one, name: text, status: text, next: text })),
          charts: [
            ...group.charts.map((chart) => ({
              ...chart,
              index: text,
              tables: chart.tables.map((one) => ({ ...one, table: text })),
            })),
            { ...group.charts[0]!, index: text, error: text },
          ],
          actions: group.actions.map((one) => ({ ...one, table: text, message: text })),
          holds: group.holds.map((one) => ({ ...one, group: text, table: text, message: text })),
        },
      ],
      suspensions: [{ what: 'purging', since: '2026-11-21T00:00:00.000Z', reason: text }],
      next: [{ at: null, group: text, table: text, what: text }],
      recommendations: [recommendation(text)],
      unmanaged: [text],
      past: {
        events: aReport().past.events.map((one) => ({
          ...one,
          group: text,
          table: text,
          message: text,
          by: text,
        })),
        omitted: 0,
      },
    });
  };
  const DATA = /<script id="data" type="application\/json">(.*)<\/script>/;
  /** The tags of a page in their order, without what attributes say. */
  const tagsOf = (page: string): string[] =>
    (page.replace(DATA, '').match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/="[^"]*"/g, ''));
  const harmless = tagsOf(reportPage(reportOf('harmless')));

  test('has the same elements and attributes with any text, and no hidden characters', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const page = reportPage(reportOf(text));
        expect(tagsOf(page)).toEqual(harmless);
        expect(page.replace(DATA, '')).not.toMatch(UNSEEN);
        expect(JSON.parse(DATA.exec(page)![1]!).groups[0].name).toBe(visible(text));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a generated module', () => {
  const attribute = hostile.filter((name) => !['', '__proto__'].includes(name) && name.length < 255);
  const index = { full: { read: 1, write: 1 }, outdated: { read: 1, write: 1 } };
  const namesOf = (text: string) => {
    const properties = {
      AttributeDefinitions: [{ AttributeName: text, AttributeType: 'S' as const }],
      KeySchema: [{ AttributeName: text, KeyType: 'HASH' as const }],
    };
    return configOf([
      specOf({ name: text, environment: text, properties }),
      specOf({ name: '__proto__', indexes: JSON.parse(`{ "__proto__": ${JSON.stringify(index)} }`) }),
    ]);
  };

  test.each(['typescript', 'javascript'] as const)('escapes names in %s', async (language) => {
    await fc.assert(
      fc.asyncProperty(attribute, async (name) => {
        const text = moduleOf(namesOf(name), language, name);
        const plain = language === 'typescript' ? stripTypeScriptTypes(text) : text;
        const body = plain.replace(
          /import \{ createResolver.*\} from 'turntable';/,
          'const createResolver = (options) => options;',
        );
        const module = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(body)}`);
        expect(module.tables.map(({ TableName }: { TableName: string }) => TableName)).toEqual([
          name,
          '__proto__',
        ]);
        expect(Object.keys(module.keys).sort()).toEqual([name, '__proto__'].sort());
        expect(Object.getOwnPropertyDescriptor(module.keys, name)?.value.key).toEqual([name]);
        expect(Object.keys(Object.getOwnPropertyDescriptor(module.keys, '__proto__')?.value.indexes)).toEqual(
          ['__proto__'],
        );
        expect(module.resolver.environment).toBe(name);
      }),
      { numRuns: 60 },
    );
  });
});

describe('shell commands', () => {
  test('quote a path as one word', () => {
    fc.assert(
      fc.property(
        hostile.filter((text) => text.length < 1_000 && !UNSEEN.test(text) && !text.includes('\n')),
        (text) => {
          const { stdout } = spawnSync('sh', ['-c', `printf '%s|' ${shellWord(text)}`], { encoding: 'utf8' });
          expect(stdout).toBe(`${text}|`);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('never contain a table name that is read as an option', () => {
    const environments = hostile.filter((name) => environmentProblem(name) === undefined);
    fc.assert(
      fc.property(fc.oneof(environments, fc.stringMatching(/^[\w-]{1,64}$/)), (environment) => {
        if (environmentProblem(environment)) return;
        const name = tableName({ environment, name: 'Events', scheme: 'daily' }, periodAt('daily', 0));
        expect(name).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/);
      }),
    );
  });

  test('never contain an environment with special characters of ARNs, policies or patterns', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom(...':/*?.$', ...'{}[] \n\0\'"\\%&|;<>'),
        fc.string(),
        (a, sign, b) => {
          expect(environmentProblem(a + sign + b)).toBeDefined();
        },
      ),
    );
  });
});
