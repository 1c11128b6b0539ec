/** Holds the documentation of the command line to its commands and options, both ways. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { program } from '../../src/cli/program.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];
const commands = program().commands as Command[];
const named = (name: string): Command | undefined => commands.find((command) => command.name() === name);
const optionsOf = (command: Command): string[] => command.options.map(({ long }) => long ?? '');
const common = ['--config', '--env', '--at', '--json'];

describe.each(commands.map((command) => [command.name(), command] as const))('%s', (name, command) => {
  test('has the common options', () => {
    expect(optionsOf(command)).toEqual(expect.arrayContaining(common));
  });

  test('is in docs/operators.md with every option, and in the README', () => {
    const row = read('docs/operators.md')
      .split('\n')
      .find((line) => new RegExp(`^\\| \`${name}[ \`]`).test(line));
    expect(row, 'a row in the command table of docs/operators.md').toBeDefined();
    const documented = pages.map(read).join('\n');
    for (const option of optionsOf(command)) expect(documented, option).toContain(option);
    expect(read('README.md')).toMatch(new RegExp(`\`${name}\`|turntable (-- )?${name}\\b`));
  });

  test('has a row in the table of permissions that people need', () => {
    const [, people = ''] = read('docs/deployment.md').split('\n### Permissions of people\n');
    expect(people.split('\n## ')[0]).toContain(`\`${name}\``);
  });
});

test.each(pages)('%s names only existing commands and options', (page) => {
  const text = read(page);
  const lines = [...text.matchAll(/(?:`|^|-s )turntable (?:-- )?([a-z]+(?:-[a-z]+)*)([^`\n#]*)/gm)];
  const wrong = lines.flatMap(([line, name = '', rest = '']) => {
    const command = named(name);
    if (!command) return [line];
    const known = new Set([...optionsOf(command), ...command.options.map(({ short }) => short), '--help']);
    return (rest.match(/(?<=\s)--?[a-z][a-z-]*/g) ?? [])
      .filter((option) => !known.has(option))
      .map((option) => `${name} ${option}`);
  });
  expect(wrong).toEqual([]);
});
