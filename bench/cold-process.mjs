/**
 * A first invocation of a packaged handler in a new process: `node bench/cold-process.mjs HANDLER`. Its last line of output is what
 * that took. With `--bytes`, it counts the bytes of the code that was loaded instead, because that takes time itself. It is
 * JavaScript, so that Node does not spend time on types.
 */
import { statSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [, , handler = '', wanted] = process.argv;
const loaded = new Set();
if (wanted === '--bytes')
  registerHooks({
    load(url, context, next) {
      if (url.startsWith(pathToFileURL(dirname(handler)).href)) loaded.add(fileURLToPath(url));
      return next(url, context);
    },
  });
const before = process.cpuUsage();
const functions = await import(handler);
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 50_000 };
const { outcome } = await functions.handler({ time: new Date().toISOString() }, context);
if (outcome !== 'done') throw new Error(`The run ended with ${outcome}.`);
const { user, system } = process.cpuUsage();
const bytes = [...loaded].reduce((sum, path) => sum + statSync(path).size, 0);
// The whole process: Node's own start, too, and without it what the code of the bundle and its run took.
const ownMs = (user + system - before.user - before.system) / 1000;
console.log(JSON.stringify({ cpuMs: (user + system) / 1000, ownMs, bytes }));
process.exit(0);
