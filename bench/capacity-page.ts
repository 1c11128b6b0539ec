/** The tables of docs/capacity.md that benches write. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = join(import.meta.dirname, '../docs/capacity.md');

/** A table in Markdown. The first row has the titles. */
export const markdown = (rows: readonly (readonly string[])[]): string =>
  rows
    .flatMap((row, i) => [row, ...(i === 0 ? [row.map(() => '---')] : [])])
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

/** A share from 0 to 1, in percent. */
export const percent = (share: number): string => (share * 100).toFixed(3);

/** Replaces the texts between the markers `<!-- name -->` and `<!-- /name -->`. */
export function place(parts: Readonly<Record<string, string>>): void {
  const before = readFileSync(PAGE, 'utf8');
  writeFileSync(PAGE, Object.entries(parts).reduce(placed, before));
}

function placed(page: string, [name, text]: readonly [string, string]): string {
  const marked = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(\n?<!-- /${name} -->)`);
  if (!marked.test(page)) throw new Error(`docs/capacity.md has no marker <!-- ${name} -->.`);
  return page.replace(marked, (_, begin: string, end: string) => `${begin}${text}${end}`);
}
