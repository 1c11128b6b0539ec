/**
 * Runs a command beside the embedded AWS, where all tables of a configuration stand:
 * `node scripts/embedded.ts CONFIG ENVIRONMENT COMMAND [ARGUMENT…]`, as `npm run embedded` has it. No account, no network.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadConfig } from '../src/config/index.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../src/embedded/index.ts';
import { runJob } from '../src/jobs/run.ts';
import { awsPorts } from '../src/runtime.ts';

const [folder, environment, command, ...args] = process.argv.slice(2);

/** @throws Error where the configuration is not valid, or its tables can not be made */
async function begin(config: string, stage: string): Promise<EmbeddedAws> {
  const specs = loadConfig(config, stage);
  const aws = await startEmbeddedAws();
  Object.assign(process.env, aws.env);
  const ports = awsPorts(stage);
  await ports.state.initialise();
  const { outcome, message } = await runJob('rotate', specs, ports, Date.now(), { owner: 'embedded' });
  if (outcome !== 'done') throw new Error(message);
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
  console.error(String(error));
  process.exit(2);
}
