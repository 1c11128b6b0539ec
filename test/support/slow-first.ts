/**
 * Starts the slowest files first, and files that calculate beside files that wait for processes and servers, so that no
 * core is idle.
 */
import { join, relative, sep } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const TESTS = join(import.meta.dirname, '..');
/** Folders of test/, slowest files first. */
const WAITING = ['chaos', 'e2e', 'incidents', 'integration', 'contract'];
const CALCULATING = ['timeline', 'property', 'types', 'unit'];

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const queues = [WAITING, CALCULATING].map((folders) =>
      folders.flatMap((folder) => sorted.filter((file) => folderOf(file) === folder)),
    );
    // Each file has a place between 0 and 1 in its queue, and those of the other folders come last.
    const places = new Map(queues.flatMap((queue) => queue.map((file, i) => [file, i / queue.length])));
    const placeOf = (file: TestSpecification): number => places.get(file) ?? 1;
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}

const folderOf = ({ moduleId }: TestSpecification): string => relative(TESTS, moduleId).split(sep)[0]!;
