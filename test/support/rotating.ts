/** A group of tables on the embedded AWS. The deployed jobs create and purge them. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Job } from '../../src/core/plan.ts';
import { type Spec, writtenSchemes } from '../../src/core/spec.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { createResolver, type Resolver } from '../../src/index.ts';
import { runJob } from '../../src/jobs/run.ts';
import { awsPorts, wallClock } from '../../src/runtime.ts';
import { configOf, HOUR, specOf } from './specs.ts';
import { statesLasting } from './states.ts';

/** How long the embedded AWS takes to create or delete a table, in milliseconds. */
const STATE_MS = 2;

export interface RotatingWorld {
  readonly aws: EmbeddedAws;
  readonly documents: DynamoDBDocumentClient;
  readonly resolver: Resolver<'Events'>;
  /** Epoch milliseconds. Set it to let time pass. */
  now: number;
  /** Changes properties of the spec. Tables that exist stay as they are. */
  change(properties: Partial<Spec['properties']>): void;
  /** Runs jobs at `now`. Throws if one fails. */
  run(...jobs: readonly Job[]): Promise<void>;
  /** Runs rotate and purge every `everyMs` until `end`. Default: every six hours. */
  live(end: number, everyMs?: number): Promise<void>;
  /** Deletes a table by hand, after its deletion protection. */
  drop(TableName: string): Promise<void>;
  /** The suffixes of the existing tables of the group. */
  tables(): Promise<string[]>;
  close(): Promise<void>;
}

/** The keys of `Events`: Key, and Timestamp in milliseconds. The index `ByKind` has Kind and Timestamp. */
export const EVENTS: Partial<Spec['properties']> = {
  AttributeDefinitions: [
    { AttributeName: 'Key', AttributeType: 'S' },
    { AttributeName: 'Timestamp', AttributeType: 'N' },
    { AttributeName: 'Kind', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'Key', KeyType: 'HASH' },
    { AttributeName: 'Timestamp', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'ByKind',
      KeySchema: [
        { AttributeName: 'Kind', KeyType: 'HASH' },
        { AttributeName: 'Timestamp', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};

/** The options of a client for the group. */
export const clientOptions = ({ documents, resolver }: RotatingWorld) =>
  ({
    documents,
    resolver,
    group: 'Events',
    key: ['Key', 'Timestamp'],
    timestamp: { attribute: 'Timestamp', unit: 'milliseconds' },
  }) as const;

interface WorldOptions {
  readonly start: number;
  readonly scheme?: Spec['scheme'];
  readonly keep?: number;
  readonly previously?: Spec['previously'];
  readonly backfill?: number;
  readonly properties?: Partial<Spec['properties']>;
}

export async function openWorld(options: WorldOptions) {
  const { start, scheme = 'daily', keep = 3, backfill = 0, previously = [], ...more } = options;
  let now = start;
  const aws = await startEmbeddedAws({
    now: () => now,
    ...statesLasting(STATE_MS),
  });
  const before = { ...process.env };
  Object.assign(process.env, aws.env);
  const configWith = (properties: Partial<Spec['properties']>) =>
    configOf([specOf({ name: 'Events', scheme, keep, previously, backfill, onDemand: true, properties })]);
  let config = configWith(more.properties ?? EVENTS);
  const ports = { ...awsPorts('production'), clock: { ...wallClock, now: () => now } };
  await ports.state.initialize();
  const dynamodb = new DynamoDBClient({ maxAttempts: 1 });
  const PurgeRotation = keep === Infinity ? -1 : keep;
  let runs = 0;

  const world: RotatingWorld = {
    aws,
    get now() {
      return now;
    },
    set now(instant) {
      now = instant;
    },
    documents: DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } }),
    resolver: createResolver({
      environment: 'production',
      tables: [
        {
          TableName: 'Events',
          RotationScheme: scheme,
          PurgeRotation,
          Previously: writtenSchemes(previously),
        },
      ],
      now: () => now,
    }),
    change(properties) {
      config = configWith(properties);
    },
    async run(...jobs) {
      for (const job of jobs) {
        runs += 1;
        const summary = await runJob(job, config, ports, now, { owner: `run-${runs}` });
        if (summary.outcome !== 'done') throw new Error(`${job}: ${summary.message}`);
        await sleep(4 * STATE_MS);
      }
    },
    async live(end, everyMs = 6 * HOUR) {
      while (now < end) {
        now = Math.min(end, now + everyMs);
        await world.run('rotate', 'purge');
      }
    },
    async drop(TableName) {
      await dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
      await sleep(4 * STATE_MS);
      await dynamodb.send(new DeleteTableCommand({ TableName }));
    },
    async tables() {
      const { TableNames = [] } = await dynamodb.send(new ListTablesCommand({}));
      return TableNames.filter((name) => name.includes('.Events')).map((name) => name.split('.')[2] ?? '');
    },
    async close() {
      dynamodb.destroy();
      await aws.close();
      for (const name of Object.keys(aws.env)) delete process.env[name];
      Object.assign(process.env, before);
    },
  };
  return world;
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of source) all.push(each);
  return all;
}
