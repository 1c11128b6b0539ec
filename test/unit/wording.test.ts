/** Every sentence that people read uses the words of docs/adr/0007-words-of-the-field.md, in US English. */
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

const READ_BY_PEOPLE = [
  '{README,CONTRIBUTING,SECURITY}.md',
  'docs/**/*.md',
  '{src,handlers,chaos,bench,scripts,examples,test}/**/*.ts',
  '{schemas,config}/*.json',
  'serverless.yml',
  'test/fixtures/bad/*/expected.txt',
];

/** Files that must contain the words of version 0.1.0, and this one. */
const ALLOWED = new Set([
  'docs/upgrading.md',
  'docs/adr/0007-words-of-the-field.md',
  'src/config/renamed.ts',
  'test/contract/old-state.test.ts',
  'test/fixtures/bad/prices-renamed/expected.txt',
  'test/fixtures/bad/settings-renamed/expected.txt',
  'test/unit/remembered.test.ts',
  'test/unit/wording.test.ts',
]);

/** What to write instead, for each rejected word. */
const INSTEAD: Readonly<Record<string, RegExp>> = {
  'schedule a deletion': /condemn|sentenced/i,
  'cancel a deletion': /\bpardon/i,
  predictive: /\b(un)?rid(den|ing)\b/i,
  'waiting period': /\b(first|second) look|secondlook/i,
  'unmanaged table': /\bstrangers?\b/i,
  superseded: /\bover(taken?|takes|took)\b/i,
  'hot partition': /\bhot.?keys?\b/i,
  'burst capacity': /\bburst.?bucket/i,
  'final backup': /\blast.?backup/i,
  'lower (decrease for the quota of AWS)': /\bstep(s|ped|ping)? (\w+ )?down\b/i,
  'adopt, or match the capacity of the current table': /\bt(akes?|ook|aken|aking) over\b/i,
  shadow: /\bin thought\b/i,
  'reason, message': /\bfor (machines|people)\b/i,
  upcoming: /\bcoming (tables?|ones?|periods?)\b/i,
  'the name of who acts': /\b(nobody|somebody|anybody|someone else|ours)\b/i,
  'the negated verb, or missing, invalid, unknown': /\b(is|are|was|were) none\b|\bthere (is|are) not\b/i,
  'Billing auto': /\bbilling mode (that is |is )?left to\b/i,
  'the time, in units': /\blately\b/i,
  'know, expect or predict': /\bforet(ell|old)/i,
  baseline: /\byardstick/i,
  'this many, this much, this long':
    /\b(for|in|after|of|over) so (many|much|long) (minutes|hours|days|seconds|tries)\b/i,
  'longer, more': /\bnot any (longer|more)\b|\bdo(es)? not \w+ any (longer|more)\b/i,
  again: /\banew\b/i,
  'US spelling: -ize, -ization':
    /\b\w*(author|custom|initial|minim|maxim|normal|optim|organ|prior|recogn|serial|summar|synchron|util)is(e[ds]?|ing|ation)\b/i,
  'US spelling: -or, -er, -og': /\b(behaviou|colou|favou|honou|neighbou)r|\bcentres?\b|\bcatalogue/i,
  // DynamoDB says "Transaction cancelled".
  'US spelling: one l, license': /(?<!Transaction )\b(cancel|label|model|travel)l(ed|ing)\b|\blicence/i,
  'US words: while, among, period': /\bwhilst\b|\bamongst\b|\bfull ?stop/i,
};

/** `docs/page.md:12: "yardstick" (write: baseline)` for each rejected word of a file. */
function rejectedIn(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const suspects = Object.entries(INSTEAD).filter(([, words]) => words.test(text));
  return text.split('\n').flatMap((line, index) =>
    suspects.flatMap(([instead, words]) => {
      const found = words.exec(line);
      return found ? [`${file}:${index + 1}: "${found[0]}" (write: ${instead})`] : [];
    }),
  );
}

it('finds the files that people read', () => {
  for (const pattern of READ_BY_PEOPLE) expect(globSync(pattern, { cwd: root }), pattern).not.toEqual([]);
  for (const file of ALLOWED) expect(statSync(join(root, file)).isFile(), file).toBe(true);
});

it('uses no word of version 0.1.0 and no British spelling', () => {
  const files = globSync(READ_BY_PEOPLE, { cwd: root, exclude: (path) => path.includes('node_modules') });
  expect(files.filter((file) => !ALLOWED.has(file)).flatMap(rejectedIn)).toEqual([]);
});
