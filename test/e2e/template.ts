/** Packages the service as `npm run package` does. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';
import type { Job } from '../../src/core/plan.ts';
import { unzip } from './template-zip.ts';

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: properties differ by CloudFormation type, and each test knows its type
  readonly Properties: any;
  readonly Condition?: string;
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
  artifact(job: Job): string;
  /** Folder with the unpacked archive, for LAMBDA_TASK_ROOT. */
  taskRoot(job: Job): string;
  /** Path of the unpacked module that exports `handler`. */
  handlerPath(job: Job): string;
}

const jobs: readonly Job[] = ['rotate', 'purge', 'scale'];
const root = join(import.meta.dirname, '../..');

/** The Node version that package.json pins, with Lambda's major version. A different version can run the tests. */
export const pinnedNode = join(root, 'node_modules/.bin/node');

const built = new Map<string, Promise<Packaged>>();
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  built.clear();
});

/** Packages a stage once per test file. `options` are passed to the packager, such as `--param`. */
export function packageService(stage: string, ...options: string[]): Promise<Packaged> {
  const key = [stage, ...options].join(' ');
  const packaged = built.get(key) ?? build(stage, options);
  built.set(key, packaged);
  return packaged;
}

async function build(stage: string, options: readonly string[]): Promise<Packaged> {
  const service = serviceFolder();
  const osls = join(root, 'node_modules/osls/bin/serverless.js');
  const { stdout, stderr } = await promisify(execFile)(
    pinnedNode,
    [osls, 'package', '--stage', stage, ...options],
    { cwd: service, env: withoutAws() },
  ).catch(({ stdout, stderr }) => {
    throw new Error(`Could not package ${stage}.\n${stdout}${stderr}`);
  });
  const out = join(service, '.serverless');
  const text = readFileSync(join(out, 'cloudformation-template-update-stack.json'), 'utf8');
  const template: Template = JSON.parse(text);
  const artifact = (job: Job) => join(out, `${job}.zip`);
  const taskRoot = (job: Job) => join(service, 'task', job);
  for (const job of jobs) unzip(artifact(job), taskRoot(job));
  return {
    template,
    output: stdout + stderr,
    artifact,
    taskRoot,
    handlerPath: (job) => join(taskRoot(job), 'handlers', `${job}.cjs`),
  };
}

/** Creates a separate service folder, because the packager writes into it and several run at once. */
function serviceFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'turntable-package-'));
  folders.push(folder);
  for (const name of ['serverless.yml', 'package.json', 'config'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of ['handlers', 'src', 'schemas', 'scripts', 'node_modules'])
    symlinkSync(join(root, name), join(folder, name));
  return folder;
}

/** Removes credentials, the region, and machine settings from the environment. Packaging needs none of them. */
function withoutAws(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|SLS|SERVERLESS|TURNTABLE)_/.test(name));
  return Object.fromEntries(kept);
}
