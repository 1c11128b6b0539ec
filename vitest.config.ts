import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Most of the time goes into waiting for child processes and endpoints, not into computing.
    maxWorkers: 4,
    setupFiles: ['test/support/plain.ts', 'test/support/seed.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
