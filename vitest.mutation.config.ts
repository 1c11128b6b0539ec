/** `npm run mutation`: the unit tests of what can delete, lower or overspend. Stryker runs them for each mutant. */
import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The first test that fails ends the run for a mutant, so files of the pure core come before simulated runs. */
const files = [
  'guards',
  'closing',
  'affordable',
  'decided',
  'remove',
  'status-objection',
  'retention',
  'retention-words',
  'permits',
  'final-backup',
  'ended-mappings',
  'clock-check',
  'round',
  'apply',
  'creation',
  'urgency',
  'suspensions',
  'notices',
  'purge',
  'scheme-change',
  'scale',
  'apply-plan',
  'adopt',
  'seen-ownership',
  'expiring',
  'consumers',
  'undelivered',
  'consumer-places',
  'perform-replicas',
  'replicas',
];

class QuickFirst extends BaseSequencer {
  override async sort(specs: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => files.indexOf(basename(moduleId, '.test.ts'));
    return specs.toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    include: files.map((file) => `test/unit/${file}.test.ts`),
    setupFiles: ['test/support/plain.ts', 'test/support/seed.ts'],
    experimental: { viteModuleRunner: false, nodeLoader: false },
    sequence: { sequencer: QuickFirst },
    isolate: false,
    testTimeout: 60_000,
  },
});
