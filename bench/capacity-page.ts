/** The traces of the benches of docs/capacity.md, and the tables that they write into that page. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseTrace } from '../src/backtest/trace-csv.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGE = join(ROOT, 'docs/capacity.md');
const ALL = join(ROOT, '../shared/traces');
const isComplete = existsSync(ALL);

/** Some traces are outside the repository. Without them, those that the repository may contain. */
const folder = isComplete ? ALL : join(ROOT, 'test/fixtures/traces');
export const traces = readdirSync(folder)
  .filter((file) => file.endsWith('.csv'))
  .map((file) => parseTrace(basename(file, '.csv'), readFileSync(join(folder, file), 'utf8')));

/** The repository that each trace comes from, by name. Empty without the folder of all traces. */
export const sources: ReadonlyMap<string, string> = new Map(
  isComplete
    ? (
        JSON.parse(readFileSync(join(ALL, 'MANIFEST.json'), 'utf8')) as {
          series: { name: string; source_repo: string }[];
        }
      ).series.map(({ name, source_repo }) => [name, source_repo])
    : [],
);

/** A table in Markdown. The first row has the titles. */
export const markdown = (rows: readonly (readonly string[])[]): string =>
  rows
    .flatMap((row, i) => [row, ...(i === 0 ? [row.map(() => '---')] : [])])
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

/** A share from 0 to 1, in percent. */
export const percent = (share: number): string => (share * 100).toFixed(3);

export const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((total, value) => total + Math.log(value), 0) / values.length);

/**
 * Prints the texts between the markers `<!-- name -->` and `<!-- /name -->`, and replaces them in the page. If some traces are
 * missing, it only prints those that `needTraces`.
 */
export function place(parts: Readonly<Record<string, string>>, needTraces = true): void {
  for (const [name, text] of Object.entries(parts)) console.log(`\n## ${name}\n\n${text}`);
  if (needTraces && !isComplete)
    return console.log('\ndocs/capacity.md was not changed, because ../shared/traces does not exist.');
  const before = readFileSync(PAGE, 'utf8');
  writeFileSync(PAGE, Object.entries(parts).reduce(placed, before));
}

function placed(page: string, [name, text]: readonly [string, string]): string {
  const marked = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(\n?<!-- /${name} -->)`);
  if (!marked.test(page)) throw new Error(`docs/capacity.md has no marker <!-- ${name} -->.`);
  return page.replace(marked, (_, begin: string, end: string) => `${begin}${text}${end}`);
}
