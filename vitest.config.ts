import { defineConfig } from 'vitest/config';
import { Progress } from './test/support/progress.ts';
import { SlowFirst } from './test/support/slow-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/slow/**'],
    setupFiles: ['test/support/plain.ts', 'test/support/seed.ts', 'test/support/built-in-modules.ts'],
    globalSetup: ['test/support/run-folder.ts'],
    reporters: ['default', new Progress()],
    // Node runs the sources as they are, as for `npm run turntable`. That saves a third of the time to load them.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    sequence: { sequencer: SlowFirst },
    // Every test cleans up after itself, so the files of a worker share what they import.
    isolate: false,
    // Many tests wait for child processes.
    maxWorkers: 5,
    // Tests that take seconds can take many minutes on slow or busy cores. The limit is for tests that hang.
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
});
