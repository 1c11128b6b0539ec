import { defineConfig } from 'vitest/config';

const common = {
  setupFiles: ['test/support/plain.ts', 'test/support/seed.ts'],
  // Tests that take seconds can take many minutes on slow or busy cores. The limit is for tests that hang.
  testTimeout: 1_800_000,
  hookTimeout: 1_800_000,
};

export default defineConfig({
  test: {
    maxWorkers: 4,
    projects: [
      {
        test: {
          ...common,
          name: 'pure',
          include: ['test/{unit,property,timeline,types}/**/*.test.ts', 'test/contract/sim.test.ts'],
          // Nothing in them outlives its test, so that files can share what they import.
          isolate: false,
        },
      },
      {
        test: {
          ...common,
          name: 'aws',
          include: ['test/{chaos,contract,e2e,incidents,integration}/**/*.test.ts'],
          exclude: ['test/contract/sim.test.ts'],
          globalSetup: ['test/support/bundles.ts'],
        },
      },
    ],
  },
});
