/** The functions of a checkout of Turntable, packaged as for a deployment, with a configuration of a bench. */
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { unzip } from '../test/support/zip.ts';

const run = promisify(execFile);

/** What a packager writes, and what the bench writes itself. */
const OWN = new Set(['config', '.serverless', '.esbuild', '.git']);

export interface PackagedFunction {
  /** The folder that Lambda calls the task root. */
  readonly taskRoot: string;
  /** The path of the module that exports `handler`. */
  readonly handler: string;
}

/** Packages a checkout whose packages are installed, with these files in config/. */
export async function packaged(
  checkout: string,
  config: Readonly<Record<string, unknown>>,
  stage: string,
): Promise<(job: string) => PackagedFunction> {
  const service = mkdtempSync(join(tmpdir(), 'turntable-packaged-'));
  for (const name of readdirSync(checkout).filter((one) => !OWN.has(one))) {
    const [from, to] = [join(resolve(checkout), name), join(service, name)];
    // The packager does not accept links to files.
    if (statSync(from).isDirectory()) symlinkSync(from, to);
    else copyFileSync(from, to);
  }
  mkdirSync(join(service, 'config'));
  for (const [name, content] of Object.entries(config))
    writeFileSync(join(service, 'config', name), JSON.stringify(content));
  const osls = join(service, 'node_modules/osls/bin/serverless.js');
  await run(process.execPath, [osls, 'package', '--stage', stage], { cwd: service });
  return (job) => {
    const taskRoot = join(service, 'task', job);
    unzip(join(service, '.serverless', `${job}.zip`), taskRoot);
    return { taskRoot, handler: join(taskRoot, 'handlers', `${job}.cjs`) };
  };
}

/** The commit of a checkout. */
export async function commitOf(checkout: string): Promise<string> {
  const { stdout } = await run('git', ['rev-parse', '--short', 'HEAD'], { cwd: checkout });
  return stdout.trim();
}
