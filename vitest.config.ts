import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Most of the time goes into waiting for child processes and endpoints, not into computing.
    maxWorkers: 4,
    setupFiles: ['test/support/plain.ts', 'test/support/seed.ts'],
    // What takes seconds may take minutes on slow or busy cores: only what hangs is to fail by the clock.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
