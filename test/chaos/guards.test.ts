/** Every guard has a bug that breaks it, and that the checks of chaos must find. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mutants } from './mutants.ts';

const core = join(import.meta.dirname, '../../src/core');
const filesOf = (folder: string): string[] =>
  readdirSync(join(core, folder)).map((file) => `${folder}/${file}`);

/** Files that decide nothing by themselves, or whose decisions no random history can check. */
const others: Readonly<Record<string, string>> = {
  'guards/closing.ts': 'no random history closes an environment. Its mutants are in docs/safety.md',
  'purging/closed.ts': 'no random history closes an environment. Its mutants are in docs/safety.md',
  'guards/reduce.ts': 'a type, and what joins the guards',
  'purging/expiring.ts': 'the default of the caps, which caps.ts applies',
  'purging/retention-words.ts': 'words',
  'purging/replicas.ts':
    'no random history of chaos has replicas. test/property/replicas.test.ts and test/chaos/model.test.ts do',
  'purging/streams.ts': 'no history has consumers',
};

test('every file of the guards and of purging has a bug that breaks it, or a reason why not', () => {
  const broken = Object.values(mutants).flatMap(({ guards = [] }) => guards);
  const files = [...filesOf('guards'), ...filesOf('purging')];
  const known = [
    ...new Set([...broken.filter((file) => !file.startsWith('permits/')), ...Object.keys(others)]),
  ];
  expect(known.toSorted()).toEqual(files.toSorted());
});
