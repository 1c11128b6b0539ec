/** Starts the folders with the slowest files first, so that no core is idle at the end of a run. */
import { join, relative, sep } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const TESTS = join(import.meta.dirname, '..');
/** Folders of test/, slowest files first. The other folders run last. */
const SLOWEST = ['chaos', 'e2e', 'incidents', 'timeline', 'integration', 'property', 'types', 'contract'];

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const [folder = ''] = relative(TESTS, moduleId).split(sep);
      return SLOWEST.includes(folder) ? SLOWEST.indexOf(folder) : SLOWEST.length;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
