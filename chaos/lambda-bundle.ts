import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleForNode } from '../test/support/node-bundle.ts';

let bundle: Promise<string> | undefined;

/** Path of the handlers' process as one file, like the deployed handlers. It starts in a third of the time. */
export const lambdaBundle = (): Promise<string> => (bundle ??= bundled());

async function bundled(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'turntable-lambda-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, 'lambda-process.mjs');
  await bundleForNode(outfile, { entryPoints: [join(import.meta.dirname, 'lambda-process.ts')] });
  return outfile;
}
