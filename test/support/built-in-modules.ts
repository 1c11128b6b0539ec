/**
 * Resolves Node's own modules at once. Vitest sends its main process a message for every import that it resolves, and
 * dynalite and the AWS SDK require such a module for each request or client:
 * findings/vitest-native-runner-reports-built-ins.sh.
 */
import { isBuiltin, registerHooks } from 'node:module';

const REGISTERED = Symbol.for('turntable.test.built-in-modules');
const known = globalThis as { [REGISTERED]?: true };

// The files of a worker share its hooks.
if (!known[REGISTERED]) {
  known[REGISTERED] = true;
  registerHooks({
    resolve: (specifier, context, nextResolve) =>
      isBuiltin(specifier)
        ? {
            url: specifier.startsWith('node:') ? specifier : `node:${specifier}`,
            format: 'builtin',
            shortCircuit: true,
          }
        : nextResolve(specifier, context),
  });
}
