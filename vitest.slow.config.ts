/** `npm run test:slow`: tests that take minutes, or that need more than npm. They say what they skip if a part is missing. */
import { defineConfig } from 'vitest/config';
import { ChaosFirst } from './test/support/slow-first.ts';

export default defineConfig({
  test: {
    include: ['test/slow/**/*.test.ts'],
    experimental: { viteModuleRunner: false, nodeLoader: false },
    setupFiles: ['test/support/plain.ts', 'test/support/seed.ts', 'test/support/built-in-modules.ts'],
    globalSetup: ['test/support/run-folder.ts'],
    reporters: ['verbose'],
    sequence: { sequencer: ChaosFirst },
    // The random histories use every core. Beside them, the others mostly wait or use one.
    maxWorkers: 2,
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
});
