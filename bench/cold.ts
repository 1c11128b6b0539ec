/**
 * Compares what a cold start of the packaged functions takes with another checkout whose packages are installed:
 * `node bench/cold.ts OTHER_CHECKOUT [TURNS]`. The fleet is empty and AWS is on loopback. Each turn starts a new process for either
 * checkout, and a ratio compares two processes of one turn.
 */
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsState } from '../src/aws/state.ts';
import { table } from '../src/cli/views/text.ts';
import { startEmbeddedAws } from '../src/embedded/index.ts';
import { median } from './builds.ts';
import { commitOf, packaged } from './packaged.ts';

const TURNS = 11;
const JOBS = ['scale', 'rotate', 'purge'] as const;
const run = promisify(execFile);

/** What a first invocation took: processor time in milliseconds with and without that of Node's own start, or bytes of code. */
interface Taken {
  readonly cpuMs: number;
  readonly ownMs: number;
  readonly bytes: number;
}

const [, , other, turns = String(TURNS)] = process.argv;
if (other === undefined) throw new Error('Usage: node bench/cold.ts OTHER_CHECKOUT [TURNS]');
const checkouts = [other, join(import.meta.dirname, '..')].map((one) => resolve(one));
const commits = await Promise.all(checkouts.map(commitOf));
const services = [];
for (const [i, checkout] of checkouts.entries())
  services.push(await packaged(checkout, { 'tables.json': [], 'settings.json': {} }, `bench-${i}`));

const aws = await startEmbeddedAws({ createTableMs: 1 });
const credentials = { accessKeyId: 'embedded', secretAccessKey: 'embedded' };
const client = new DynamoDBClient({ endpoint: aws.endpoint, region: aws.env.AWS_REGION, credentials });
for (const i of checkouts.keys()) await awsState(client, `bench-${i}`).initialize();

async function invoke(i: number, handler: string, taskRoot: string, ...args: string[]): Promise<Taken> {
  const { stdout } = await run(
    process.execPath,
    [join(import.meta.dirname, 'cold-process.mjs'), handler, ...args],
    {
      env: {
        ...aws.env,
        LAMBDA_TASK_ROOT: taskRoot,
        TURNTABLE_ENVIRONMENT: `bench-${i}`,
        TURNTABLE_TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:bench', // every stack has one
        NODE_OPTIONS: '--enable-source-maps',
      },
    },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Taken;
}

const rows: string[][] = [];
for (const job of JOBS) {
  const functions = services.map((service) => service(job));
  const call = (i: number, ...args: string[]) =>
    invoke(i, functions[i]!.handler, functions[i]!.taskRoot, ...args);
  const bytes: number[] = [];
  for (const i of functions.keys()) bytes.push((await call(i, '--bytes')).bytes);
  const measured: Taken[][] = [[], []];
  for (let turn = 0; turn < Number(turns); turn += 1)
    for (const i of turn % 2 === 0 ? [0, 1] : [1, 0]) measured[i]!.push(await call(i));
  for (const i of checkouts.keys()) {
    const of = (key: 'cpuMs' | 'ownMs') => measured[i]!.map((taken) => taken[key]);
    const ratios = measured[i]!.map(({ cpuMs }, turn) => cpuMs / measured[0]![turn]!.cpuMs);
    rows.push([
      job,
      commits[i]!,
      ...[median(of('cpuMs')), median(of('ownMs'))].map((ms) => ms.toFixed(0)),
      ...[median(ratios), Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2)),
      String(bytes[i]),
      (bytes[i]! / bytes[0]!).toFixed(2),
    ]);
  }
}
client.destroy();
await aws.close();
const right = (title: string) => ({ title, align: 'right' as const });
console.log(
  table(
    [
      { title: 'FUNCTION' },
      { title: 'COMMIT' },
      right('CPU MS'),
      right('WITHOUT NODE'),
      right('× FIRST'),
      right('FROM'),
      right('TO'),
      right('BYTES LOADED'),
      right('× FIRST'),
    ],
    rows,
  ),
);
