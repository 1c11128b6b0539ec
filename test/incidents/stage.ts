/** An account on the embedded AWS, a configuration folder that tests rewrite, and the deployed handlers at any instant. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  paginateListTables,
  type TableDescription,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { expect, vi } from 'vitest';
import { handler as purge } from '../../handlers/purge.ts';
import { handler as rotate } from '../../handlers/rotate.ts';
import { handler as scale } from '../../handlers/scale.ts';
import type { Job } from '../../src/core/plan.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import type { Summary } from '../../src/jobs/run.ts';
import { awsPorts } from '../../src/runtime.ts';
import { type Printed, runHere } from '../support/in-process.ts';
import { type Past, recorded, repeated } from '../support/past.ts';
import { replaceFile } from '../support/replace-file.ts';
import { at, MINUTE } from '../support/specs.ts';
import { statesLasting } from '../support/states.ts';
import { virtualDate } from '../support/virtual-date.ts';

const present = { rotate, purge, scale };
/** The handlers of one version of Turntable. */
export type Handlers = typeof present;

/** How long an embedded table is CREATING, UPDATING or DELETING, in milliseconds. */
const STATE_MS = 2;

export type Json = Record<string, unknown>;

/** The result of a run. A failed run has thrown `error`; if it failed after planning, the summary has its results and holds. */
export interface Run extends Pick<Summary, 'results' | 'holds'> {
  readonly error: string;
}

export interface Stage {
  readonly aws: EmbeddedAws;
  readonly folder: string;
  /** Sets the account's clock, and this process's. */
  at(instant: string): void;
  /** Runs a job's handler at an instant such as `2025-11-21T09:00`, which also becomes the account's clock. */
  run(job: Job, instant: string, remainingMs?: number): Promise<Run>;
  /** Deploys other handlers, such as those of another version. */
  deploy(handlers: Handlers): void;
  /** Sends any event to a handler. */
  send(job: Job, event: unknown): Promise<Run>;
  /** Lets days pass: runs rotate and purge at 03:35 on every day from the first to the last. */
  live(first: string, last: string): Promise<Run[]>;
  /**
   * What several tests of a file begin with, on a new stage: `live` runs jobs and commands, and makes tables, without anything from
   * outside of its own text. See `past.ts`. With another configuration it is another past.
   */
  past(live: () => Promise<void>): Promise<void>;
  /** Runs a command for the stage's environment and folder, in this process. */
  cli(command: string, ...args: readonly string[]): Promise<Printed>;
  /** Confirms the retention of a group, as an operator does. */
  confirm(group?: string): Promise<void>;
  configure(tables: unknown, settings?: unknown): void;
  /** Creates a table by hand. */
  make(name: string, tags?: Readonly<Record<string, string>>): Promise<void>;
  drop(name: string): Promise<void>;
  describe(name: string): Promise<TableDescription | undefined>;
  /** Every table of the account except the state table. */
  names(): Promise<string[]>;
  close(): Promise<void>;
}

/** Ownership tags as Turntable writes them. */
export const ownTags = (environment: string, spec: string, scheme: string, period: string) => ({
  'turntable:environment': environment,
  'turntable:spec': spec,
  'turntable:scheme': scheme,
  'turntable:period': `${period}T00:00:00.000Z`,
});

const PROPERTIES = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
} as const;

const provisioned = (units: number) => ({ ReadCapacityUnits: units, WriteCapacityUnits: units });

/** A spec as operators write it: daily, retaining two, on-demand. */
export const spec = (TableName = 'Events', more: Json = {}) => ({
  TableName,
  RotationScheme: 'daily',
  PurgeRotation: 2,
  Properties: PROPERTIES,
  ...more,
});

/** A spec with 50 units per second, and 5 after its period has ended. */
export const provisionedSpec = (TableName = 'Events', more: Json = {}) => {
  const { BillingMode: _, ...keys } = PROPERTIES;
  const Properties = {
    ...keys,
    ProvisionedThroughput: provisioned(50),
    OutdatedTableProvisionedThroughput: provisioned(5),
  };
  return spec(TableName, { Properties, ...more });
};

/** The pasts of the files that this process has run, with the files of the configuration, the clock and the number of runs after them. */
const pasts = new Map<
  string,
  {
    readonly past: Past;
    readonly texts: readonly (string | false)[];
    readonly now: number;
    /** How long the last run took. */
    readonly passedMs: number;
    readonly invocations: number;
  }
>();

export async function openStage(environment = 'production'): Promise<Stage> {
  let now = at('2025-11-21');
  let invocations = 0;
  let handlers = present;
  const aws = await startEmbeddedAws({
    now: () => now,
    ...statesLasting(STATE_MS),
    // Indexes are filled for days.
    backfillMs: 3 * 86_400_000,
  });
  const folder = mkdtempSync(join(tmpdir(), 'turntable-incident-'));
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
  vi.stubEnv('TURNTABLE_ENVIRONMENT', environment);
  vi.stubEnv('TURNTABLE_CONFIG', folder);
  vi.stubEnv('TURNTABLE_LOG', 'silent');
  const clock = virtualDate(() => now);
  const client = new DynamoDBClient({});
  await awsPorts(environment).state.initialize();
  aws.resetCalls();

  const invoke = async (job: Job, event: unknown, remainingMs = 60_000): Promise<Run> => {
    invocations += 1;
    const context = {
      awsRequestId: `invocation-${invocations}`,
      getRemainingTimeInMillis: () => remainingMs,
    } as Context;
    try {
      const { results, holds } = await handlers[job](event as ScheduledEvent, context);
      return { error: '', results, holds };
    } catch (error) {
      const { message, summary } = error as Error & { summary?: Summary };
      return { error: message, results: summary?.results ?? [], holds: summary?.holds ?? [] };
    } finally {
      await sleep(2 * STATE_MS);
    }
  };

  const stage: Stage = {
    aws,
    folder,
    at(instant) {
      now = at(instant);
    },
    run(job, instant, remainingMs) {
      now = at(instant);
      return invoke(job, { time: new Date(now).toISOString() }, remainingMs);
    },
    deploy(others) {
      handlers = others;
    },
    send: (job, event) => invoke(job, event),
    async live(first, last) {
      const runs: Run[] = [];
      for (let day = at(first); day <= at(last); day += 86_400_000) {
        const instant = `${new Date(day).toISOString().slice(0, 10)}T03:35`;
        runs.push(await stage.run('rotate', instant), await stage.run('purge', instant));
      }
      return runs;
    },
    async past(live) {
      if (invocations > 0) throw new Error('A past begins on a new stage.');
      const files = ['tables.json', 'settings.json'].map((name) => join(folder, name));
      const texts = () => files.map((file) => existsSync(file) && readFileSync(file, 'utf8'));
      const { TURNTABLE_TOPIC_ARN } = process.env;
      const key = JSON.stringify([
        expect.getState().testPath,
        `${live}`,
        environment,
        TURNTABLE_TOPIC_ARN,
        texts(),
      ]);
      const known = pasts.get(key);
      if (known) {
        await repeated(known.past, aws, (instant) => (now = instant), 2 * STATE_MS);
        for (const [i, text] of known.texts.entries()) if (text) replaceFile(files[i]!, text);
        ({ now, invocations } = known);
        clock.passed(known.passedMs);
        return;
      }
      const past = await recorded(aws, () => now, live);
      pasts.set(key, { past, texts: texts(), now, passedMs: Date.now() - now, invocations });
    },
    cli: (command, ...args) => runHere([command, ...args]),
    async confirm(group = 'Events') {
      const { code, stderr } = await stage.cli('confirm', group, '--retype', group);
      if (code !== 0) throw new Error(stderr);
    },
    configure(tables, settings) {
      replaceFile(join(folder, 'tables.json'), textOf(tables));
      if (settings !== undefined) replaceFile(join(folder, 'settings.json'), textOf(settings));
    },
    async make(TableName, tags = {}) {
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      const { AttributeDefinitions, KeySchema } = PROPERTIES;
      const input = {
        BillingMode: PROPERTIES.BillingMode,
        AttributeDefinitions: [...AttributeDefinitions],
        KeySchema: [...KeySchema],
      };
      await client.send(new CreateTableCommand({ TableName, ...input, ...(Tags.length > 0 && { Tags }) }));
      await sleep(2 * STATE_MS);
    },
    async drop(TableName) {
      const table = await stage.describe(TableName);
      if (table?.DeletionProtectionEnabled)
        await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
      await sleep(2 * STATE_MS);
      await client.send(new DeleteTableCommand({ TableName }));
      await sleep(2 * STATE_MS);
    },
    describe: async (TableName) => (await client.send(new DescribeTableCommand({ TableName }))).Table,
    async names() {
      const names: string[] = [];
      for await (const { TableNames = [] } of paginateListTables({ client }, {})) names.push(...TableNames);
      return names.filter((name) => name !== `${environment}.turntable`);
    },
    async close() {
      client.destroy();
      await aws.close();
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return stage;
}

const textOf = (content: unknown): string =>
  typeof content === 'string' ? content : JSON.stringify(content, null, 2);

/** Throttled writes of a table on a stage, and the runs of scale meanwhile. */
export function throttling(stage: () => Stage, table: string) {
  return {
    /** Records writes in every minute between two instants: served and throttled ones, per second. */
    writes(
      from: string,
      to: string,
      served: number,
      throttled: number,
      metric = 'WriteThrottleEvents',
    ): void {
      for (let minute = at(from); minute < at(to); minute += MINUTE)
        for (const [name, rate] of [
          ['ConsumedWriteCapacityUnits', served],
          [metric, throttled],
        ] as const)
          if (rate > 0) stage().aws.recordMetric({ metric: name, table, minute, sum: rate * 60 });
    },
    /** Runs scale in every minute from `09:00` of a day for a number of minutes. */
    async scaleFor(minutes: number, hour = '09'): Promise<Run[]> {
      const runs: Run[] = [];
      for (let minute = 0; minute < minutes; minute += 1)
        runs.push(await stage().run('scale', `2025-11-21T${hour}:${String(minute).padStart(2, '0')}`));
      return runs;
    },
  };
}

/** The minutes of the runs that failed. */
export const failed = (runs: readonly Run[]): number[] =>
  runs.flatMap(({ error }, minute) => (error === '' ? [] : [minute]));

/** Settings for the writes of all tables. */
export const bounded = (write: Json): Json => ({ Defaults: { Scaling: { Write: write } } });

/** `create production.Events.20251121 applied`, sorted. */
export const done = ({ results }: Run): string[] =>
  results.map(({ action, outcome }) => `${action.kind} ${action.table} ${outcome}`).sort();

/** `delete production.Events.20251119: It has no tag …` */
export const held = ({ holds }: Run): string[] =>
  holds.map(({ kind, table, message }) => `${kind} ${table}: ${message}`);

/** Names of tables for dates such as `20251121`. */
export const tables = (group: string, ...dates: readonly string[]): string[] =>
  dates.map((date) => `${group}.${date}`);
