/**
 * Starts the embedded AWS, creates all tables and the buckets of archives of a configuration in it, and runs a command against it:
 * `npm run embedded -- CONFIG ENVIRONMENT COMMAND [ARGUMENT…]`. It needs no AWS account and no network.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { loadConfig } from '../src/config/index.ts';
import { messageOf } from '../src/core/failure.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../src/embedded/index.ts';
import { JobFailed, runJob } from '../src/jobs/run.ts';
import { latePorts } from '../src/late-ports.ts';
import { awsPorts } from '../src/runtime.ts';

const [folder, environment, command, ...args] = process.argv.slice(2);

/** @throws Error if the configuration is invalid or its tables cannot be created */
async function begin(config: string, stage: string): Promise<EmbeddedAws> {
  const specs = loadConfig(config, stage);
  const aws = await startEmbeddedAws();
  const buckets = specs.specs.flatMap(({ settings }) => settings.purge.archive?.bucket ?? []);
  for (const bucket of new Set(buckets)) aws.createBucket(bucket);
  Object.assign(process.env, aws.env, { TURNTABLE_CONFIG: resolve(config), TURNTABLE_ENVIRONMENT: stage });
  const ports = { ...awsPorts(stage), ...latePorts() };
  await ports.state.initialize();
  const summary = await runJob('rotate', specs, ports, Date.now(), { owner: 'embedded' });
  if (summary.outcome !== 'done') throw new JobFailed(summary);
  return aws;
}

try {
  if (!folder || !environment || !command)
    throw new Error('Usage: npm run -s embedded -- CONFIG ENVIRONMENT COMMAND [ARGUMENT…]');
  const aws = await begin(folder, environment);
  const child = spawn(command, args, { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  await aws.close();
  process.exit(code ?? 1);
} catch (error) {
  console.error(`Error: ${messageOf(error)}`);
  process.exit(2);
}
