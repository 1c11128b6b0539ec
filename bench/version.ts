/** The handlers of one version of Turntable, bundled like for Lambda, on an embedded AWS of their own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { awsState } from '../src/aws/state.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../src/embedded/index.ts';
import { bundleForNode } from '../test/support/node-bundle.ts';
import type { Ended, Event } from './handlers-process.ts';

export const ENVIRONMENT = 'bench';

/** What AWS received, and what the handlers did. */
export interface Received {
  calls: number;
  tagReads: number;
  /** Metrics that GetMetricData was asked for. AWS charges for each of them. */
  metrics: number;
  actions: number;
  /** Processor time of the process of the handlers, milliseconds. */
  cpuMs: number;
  ms: number;
}

export interface Version {
  /** Runs one invocation. Throws if it does not end with `done`. */
  run(event: Event): Promise<Ended>;
  /** What was received since the last call of `received`. */
  received(): Received;
  record(table: string, minute: number, sum: number): void;
  /** The AWS, and a client of it. `run` sets its clock to the time of the event. */
  readonly aws: EmbeddedAws;
  readonly client: DynamoDBClient;
  /** Bytes of what scale has stored about a group. */
  rememberedBytes(group: string): Promise<number>;
  close(): Promise<void>;
}

/** Opens the version in the folder `root`, with the configuration in the folder `config`. */
export async function openVersion(root: string, config: string): Promise<Version> {
  let now = Date.now();
  let received = none();
  const states = { createTableMs: 3, updateTableMs: 3, deleteTableMs: 3 };
  const aws = await startEmbeddedAws({ now: () => now, ...states });
  aws.intercept = (operation, input) => {
    received.calls += 1;
    if (operation === 'ListTagsOfResource') received.tagReads += 1;
    if (operation === 'GetMetricData') received.metrics += (input.MetricDataQueries as unknown[]).length;
    return undefined;
  };
  const credentials = { accessKeyId: 'embedded', secretAccessKey: 'embedded' };
  const client = new DynamoDBClient({ endpoint: aws.endpoint, region: aws.env.AWS_REGION, credentials });
  await awsState(client, ENVIRONMENT).initialize();
  const child = await start(await bundled(root), { ...aws.env, TURNTABLE_CONFIG: config });
  return {
    aws,
    client,
    async run(event) {
      now = event.at;
      const answer = once(child, 'message');
      child.send(event);
      const [ended] = (await answer) as [Ended];
      const { outcome, actions, ms, cpuMs } = ended;
      if (outcome !== 'done') throw new Error(`${root}: ${event.job} ended with ${outcome}`);
      received.actions += actions;
      received.ms += ms;
      received.cpuMs += cpuMs;
      return ended;
    },
    received() {
      const before = received;
      received = none();
      return before;
    },
    record(table, minute, sum) {
      for (const metric of ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'])
        aws.recordMetric({ metric, table, minute, sum });
    },
    async rememberedBytes(group) {
      const Key = { Kind: { S: 'memory' }, Id: { S: group } };
      const { Item } = await client.send(new GetItemCommand({ TableName: `${ENVIRONMENT}.turntable`, Key }));
      return Item?.Memory?.B?.length ?? 0;
    },
    async close() {
      child.kill();
      client.destroy();
      await aws.close();
    },
  };
}

const none = (): Received => ({ calls: 0, tagReads: 0, metrics: 0, actions: 0, cpuMs: 0, ms: 0 });

async function start(bundle: string, env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'handlers-process.ts'), [bundle], {
    env: { ...process.env, ...env, TURNTABLE_ENVIRONMENT: ENVIRONMENT, TURNTABLE_LOG: 'silent' },
  });
  await once(child, 'message');
  return child;
}

/** The path of the bundle. Other versions have their packages in their own folder. */
async function bundled(root: string): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), 'turntable-bench-')), 'handlers.mjs');
  const exports = ['rotate', 'scale', 'purge'].map(
    (job) => `export { handler as ${job} } from './handlers/${job}.ts';`,
  );
  await bundleForNode(outfile, { stdin: { contents: exports.join('\n'), resolveDir: root } });
  return outfile;
}
