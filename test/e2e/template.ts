/** Packages the service as `npm run package` does. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Job } from '../../src/core/plan.ts';
import type { Stack } from '../../src/generated/deployment.ts';
import { oncePerRun } from '../support/once-per-run.ts';
import { unzip } from '../support/zip.ts';

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: properties differ by CloudFormation type, and each test knows its type
  readonly Properties: any;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A CloudFormation template. */
export interface Template {
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

export interface Packaged {
  readonly template: Template;
  /** Standard output and standard error. */
  readonly output: string;
  /** Path of the job's zip archive. */
  artifact(job: Packaging): string;
  /** Folder with the unpacked archive, for LAMBDA_TASK_ROOT. */
  taskRoot(job: Packaging): string;
  /** Path of the unpacked module that exports `handler`. */
  handlerPath(job: Packaging): string;
}

/** The functions of a stack. It has `report` only with ReportBucket, `drill` with RestoreDrills, and `shard` with Shards. */
export type Packaging = Job | 'report' | 'drill' | 'shard';
const functions: readonly Packaging[] = ['rotate', 'purge', 'scale', 'shard', 'report', 'drill'];
const root = join(import.meta.dirname, '../..');

/** What reads the changes of tables, in a spec. */
export const streaming = {
  Consumers: [{ Function: 'visits-{environment}' }, { Function: 'audit:live' }],
  KinesisStreamDestination: { Stream: 'changes' },
};

/** Replicas in other regions than that of the stack, in a spec. */
export const replicated = { Replicas: [{ RegionName: 'us-west-2' }, { RegionName: 'ap-southeast-2' }] };

/** Every parameter of a stack, other than by default. */
export const unlike: Required<Stack> = {
  ServiceName: 'turn-table',
  AlarmEmail: 'ops@example.com',
  AttributeBasedAccessControl: false,
  ReservedConcurrency: false,
  MemorySize: 512,
  LogRetentionInDays: 90,
  PermissionsBoundary: 'arn:aws:iam::123456789012:policy/boundary',
  FailureDestination: 'arn:aws:sqs:eu-west-1:123456789012:failed-runs',
  ConfigBucket: 's3://our-config/team',
  ReportBucket: 's3://our-reports/fleet',
  Shards: 4,
  RestoreDrills: true,
  Tags: { team: 'data', 'cost-center': '1234' },
};

/** Where a stage exports tables to. */
export const archive = { Bucket: 'our-archive', Prefix: 'cold' };

/**
 * A stage with every parameter other than by default, whose specs have Consumers, a Kinesis data stream, and Replicas, and whose
 * settings have an Archive.
 */
export const packageUnlike = (): Promise<Packaged> =>
  once('pre-production-unlike', 'pre-production', [], {
    specs: { ...streaming, ...replicated },
    settings: { Defaults: { Purge: { Archive: archive } } },
    deployment: { Environments: { 'pre-production': unlike } },
  });

/** Packages a stage with a config/deployment.json of this content. */
export const packageWith = (stage: string, deployment: unknown): Promise<Packaged> =>
  once(`${stage}-${JSON.stringify(deployment)}`.replace(/\W+/g, '-'), stage, [], { deployment });

/** Production with the functions that only some stacks have. */
export const packageOptional = (): Promise<Packaged> =>
  packageWith('production', { Defaults: { ReportBucket: 's3://our-reports/fleet', RestoreDrills: true } });

/** What the configuration of a service has besides that of the repository. */
interface More {
  /** Keys of every spec. */
  readonly specs?: object;
  /** The content of settings.json. */
  readonly settings?: unknown;
  /** The content of deployment.json. */
  readonly deployment?: unknown;
}

/** The Node version that package.json pins, with Lambda's major version. A different version can run the tests. */
export const pinnedNode = join(root, 'node_modules/.bin/node');

const osls = join(root, 'node_modules/osls/bin/serverless.js');

/** The template that another packager writes for a stage with the same service. */
export async function templateBy(
  packager: string,
  stage: string,
  deployment?: unknown,
): Promise<{ template: Template; output: string }> {
  const key = `other-packager-${stage}-${deployment ? 'with' : 'without'}-deployment`;
  const service = await oncePerRun(key, async (folder) => {
    fillService(folder, { deployment });
    const { stdout, stderr } = await promisify(execFile)(
      pinnedNode,
      [packager, 'package', '--stage', stage],
      {
        cwd: folder,
        env: { ...withoutAws(), SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off' },
      },
    ).catch(({ stdout, stderr }) => {
      throw new Error(`Could not package ${stage}.\n${stdout}${stderr}`);
    });
    writeFileSync(join(folder, 'output.txt'), stdout + stderr);
  });
  const text = readFileSync(join(service, '.serverless/cloudformation-template-update-stack.json'), 'utf8');
  return { template: JSON.parse(text), output: readFileSync(join(service, 'output.txt'), 'utf8') };
}

const opened = new Map<string, Promise<Packaged>>();

/** Packages a stage once per test run. `options` are passed to the packager, such as `--param`. */
export function packageService(stage: string, ...options: string[]): Promise<Packaged> {
  return once(['package', stage, ...options].join('-').replaceAll('/', '-'), stage, options);
}

function once(key: string, stage: string, options: readonly string[], more: More = {}): Promise<Packaged> {
  const packaged = opened.get(key) ?? open(key, stage, options, more);
  opened.set(key, packaged);
  return packaged;
}

/** The library and the command line as `npm run build` creates them, built once per test run. */
export const builtPackage = (): Promise<string> =>
  oncePerRun('dist', async (folder) => {
    await promisify(execFile)(pinnedNode, [join(root, 'scripts/build.ts'), folder]);
  });

async function open(key: string, stage: string, options: readonly string[], more: More): Promise<Packaged> {
  const service = await oncePerRun(key, (folder) => build(folder, stage, options, more));
  const out = join(service, '.serverless');
  const text = readFileSync(join(out, 'cloudformation-template-update-stack.json'), 'utf8');
  const taskRoot = (job: Packaging) => join(service, 'task', job);
  return {
    template: JSON.parse(text),
    output: readFileSync(join(service, 'output.txt'), 'utf8'),
    artifact: (job) => artifact(service, job),
    taskRoot,
    handlerPath: (job) => join(taskRoot(job), 'handlers', `${job}.cjs`),
  };
}

const artifact = (service: string, job: Packaging): string => join(service, '.serverless', `${job}.zip`);

async function build(service: string, stage: string, options: readonly string[], more: More): Promise<void> {
  fillService(service, more);
  const { stdout, stderr } = await promisify(execFile)(
    pinnedNode,
    [osls, 'package', '--stage', stage, ...options],
    { cwd: service, env: withoutAws() },
  ).catch(({ stdout, stderr }) => {
    throw new Error(`Could not package ${stage}.\n${stdout}${stderr}`);
  });
  writeFileSync(join(service, 'output.txt'), stdout + stderr);
  for (const job of functions.filter((one) => existsSync(artifact(service, one))))
    unzip(artifact(service, job), join(service, 'task', job));
}

/** Fills a separate service folder, because the packager writes into it and several run at once. */
function fillService(folder: string, { specs, settings, deployment }: More): void {
  for (const name of ['serverless.yml', 'package.json', 'config'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of ['handlers', 'src', 'schemas', 'scripts', 'stack', 'node_modules'])
    symlinkSync(join(root, name), join(folder, name));
  if (deployment) writeFileSync(join(folder, 'config/deployment.json'), JSON.stringify(deployment));
  if (settings) writeFileSync(join(folder, 'config/settings.json'), JSON.stringify(settings));
  if (!specs) return;
  const path = join(folder, 'config/tables.json');
  const file = JSON.parse(readFileSync(path, 'utf8')) as { Tables: object[] };
  writeFileSync(
    path,
    JSON.stringify({ ...file, Tables: file.Tables.map((spec) => ({ ...spec, ...specs })) }),
  );
}

/** Removes credentials, the region, and machine settings from the environment. Packaging needs none of them. */
function withoutAws(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|SLS|SERVERLESS|TURNTABLE)_/.test(name));
  return Object.fromEntries(kept);
}
