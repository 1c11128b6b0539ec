/**
 * Runs a command beside the embedded AWS, where all tables of a configuration stand:
 * `node scripts/embedded.ts CONFIG ENVIRONMENT COMMAND [ARGUMENT…]`, as `npm run embedded` has it. No account, no network.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadConfig } from '../src/config/index.ts';
import { startEmbeddedAws } from '../src/embedded/index.ts';
import { runJob } from '../src/jobs/run.ts';
import { awsPorts } from '../src/runtime.ts';

const [folder, environment, command, ...args] = process.argv.slice(2);
if (!folder || !environment || !command) {
  console.error('Usage: npm run -s embedded -- CONFIG ENVIRONMENT COMMAND [ARGUMENT…]');
  process.exit(2);
}

const config = loadConfig(folder, environment);
const aws = await startEmbeddedAws();
Object.assign(process.env, aws.env);
const ports = awsPorts(environment);
await ports.state.initialise();
const { outcome, message } = await runJob('rotate', config, ports, Date.now(), { owner: 'embedded' });
if (outcome !== 'done') throw new Error(message);

const child = spawn(command, args, { stdio: 'inherit' });
const [code] = (await once(child, 'exit')) as [number | null];
await aws.close();
process.exit(code ?? 1);
