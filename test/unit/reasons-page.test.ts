/** docs/reasons.md explains every reason that a plan can have. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import schema from '../../schemas/plan.schema.json' with { type: 'json' };
import { reasonsPage } from '../../scripts/generate/reasons.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/reasons.md'), 'utf8');
const { ActionReason, HoldReason } = schema.definitions;

it('is the page that the code generates', () => {
  expect(page).toBe(reasonsPage());
});

it.each([
  ['Actions', ActionReason.enum],
  ['Holds', HoldReason.enum],
])('says what each reason of the schema means and what to do: %s', (title, reasons) => {
  const [, rest = ''] = page.split(`\n## ${title}\n`);
  const rows = [...rest.split('\n## ')[0]!.matchAll(/^\| `(.+?)` \| (.{10,}?) \| (.{5,}) \|$/gm)];
  expect(rows.map(([, reason]) => reason).sort()).toEqual([...reasons].sort());
});
