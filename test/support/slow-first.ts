/**
 * Starts the slowest files first, and files that calculate beside files that wait for processes and servers, so that no
 * core is idle. The last files are the shortest, so that no worker is alone at the end.
 */
import { join, relative, sep } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const TESTS = join(import.meta.dirname, '..');
/** Folders of test/, slowest files first. */
const WAITING = ['chaos', 'e2e', 'incidents', 'integration', 'contract'];
const CALCULATING = ['timeline', 'property', 'types', 'unit'];
/** Files of test/slow, the longest last. */
const LONGEST = ['agreement', 'chaos', 'exploration'];
/** The part of the run in which the waiting files start. After it, only unit tests are left. */
const WAITING_PART = 0.85;

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const places = new Map(
      [
        { folders: WAITING, part: WAITING_PART },
        { folders: CALCULATING, part: 1 },
      ].flatMap(({ folders, part }) => {
        const queue = folders.flatMap((folder) => sorted.filter((file) => folderOf(file) === folder));
        return queue.map((file, i) => [file, (part * i) / queue.length] as const);
      }),
    );
    // Files of other folders come last.
    const placeOf = (file: TestSpecification): number => places.get(file) ?? 1;
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}

/** Starts the exploration and the random histories of the slow suite first. They are small files that take the longest. */
export class ChaosFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number =>
      LONGEST.findIndex((name) => moduleId.endsWith(`/slow/${name}.test.ts`));
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => placeOf(other) - placeOf(one));
  }
}

const folderOf = ({ moduleId }: TestSpecification): string => relative(TESTS, moduleId).split(sep)[0]!;
