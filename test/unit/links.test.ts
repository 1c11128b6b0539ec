/** Checks that all pages link to files and headings that exist, and name files that exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folders = ['docs', 'examples', 'findings', 'packages'];

const pages = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => join(folder, file)),
  ),
];

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );
}

function isBroken(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? join(root, page) : join(root, dirname(page), path);
  if (!existsSync(target)) return true;
  return anchor !== undefined && !anchorsOf(target).has(anchor);
}

it.each(pages)('links only to files and headings that exist: %s', (page) => {
  const text = readFileSync(join(root, page), 'utf8').replace(/```.*?```/gs, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const own = links.filter((link) => !/^[a-z]+:/.test(link));
  expect(own.filter((link) => isBroken(page, link)).map((link) => `${page}: ${link}`)).toEqual([]);
});

/** A configuration may have it, and this one does not. */
const OPTIONAL = 'config/prices.json';

it.each(pages)('names only files and folders that exist: %s', (page) => {
  const text = readFileSync(join(root, page), 'utf8').replace(/```.*?```/gs, '');
  const paths = [
    ...text.matchAll(/`((?:src|test|schemas|scripts|config|chaos|bench|handlers)\/[^`\s<*]*)`/g),
  ];
  const missing = paths.map(([, path = '']) => path).filter((path) => !existsSync(join(root, path)));
  expect(missing.filter((path) => path !== OPTIONAL)).toEqual([]);
});
