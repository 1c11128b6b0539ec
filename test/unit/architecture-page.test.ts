/** The layers on docs/architecture.md are those that the import checker holds, and every part of the core has one. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, parse } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

interface Rules {
  readonly forbidden: readonly { readonly name: string }[];
}

const PREFIX = 'core-layer-';
const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as Rules;
const layered = forbidden
  .filter(({ name }) => name.startsWith(PREFIX))
  .map(({ name }) => name.slice(PREFIX.length));

it('lists the layers of the core as the import checker has them, lowest first', () => {
  const [, section = ''] = page.split('\n| layer, lowest first ');
  const rows = section.split('\n\n')[0]!.split('\n').slice(2);
  const listed = rows.flatMap((row) =>
    [...row.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, part]) => part),
  );
  expect(listed).toEqual(layered);
});

it('gives every file and folder of the core a layer', () => {
  const parts = new Set(readdirSync(join(root, 'src/core')).map((name) => parse(name).name));
  expect([...parts].sort()).toEqual([...layered].sort());
});
