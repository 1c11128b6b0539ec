/** Packs both packages as for publication, and uses them as their users do. */
import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pinnedNode } from '../e2e/template.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'turntable-packages-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An empty project, and the packed package in it. */
async function projectWith(
  name: string,
  ...workspace: string[]
): Promise<{ project: string; tarball: string }> {
  const project = join(folder, name);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await run('npm', ['pack', '--pack-destination', project, ...workspace], { cwd: root });
  const tarball = readdirSync(project).find((file) => file.endsWith('.tgz'));
  return { project, tarball: join(project, tarball!) };
}

const filesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(path, file)).isFile(),
  );

test('the library installs nothing else, without a network, and is as small as the guide says', async () => {
  const { project, tarball } = await projectWith('library');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: project });
  const modules = join(project, 'node_modules');
  const { packages } = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8'));
  expect(Object.keys(packages)).toEqual(['node_modules/turntable']);

  const installed = join(modules, 'turntable');
  const bytes = filesIn(installed).reduce((sum, file) => sum + statSync(join(installed, file)).size, 0);
  const guide = readFileSync(join(root, 'docs/applications.md'), 'utf8');
  const [, kilobytes] = /one package of less than (\d+) kB/.exec(guide)!;
  expect(bytes).toBeLessThan(Number(kilobytes) * 1000);

  const script = `
    import { createResolver } from 'turntable';
    const tables = [{ TableName: 'Visits', RotationScheme: 'daily' }];
    console.log(createResolver({ environment: 'production', tables }).current('Visits', '2026-11-21'));`;
  const { stdout } = await run(pinnedNode, ['--input-type=module', '-e', script], { cwd: project });
  expect(stdout).toBe('production.Visits.20261121\n');
});

test('the command line contains what it needs besides its dependencies', async () => {
  const { project, tarball } = await projectWith('tool', '--workspace', 'turntable-cli');
  await run('tar', ['-xzf', tarball], { cwd: project });
  const unpacked = join(project, 'package');
  expect(filesIn(unpacked).sort()).toEqual(['LICENSE', 'README.md', 'dist/cli.js', 'package.json']);
  symlinkSync(join(root, 'node_modules'), join(unpacked, 'node_modules'));
  const args = ['generate', '--config', join(root, 'examples/application/config')];
  const { stdout } = await run(join(unpacked, 'dist/cli.js'), args, { cwd: project });
  expect(stdout).toBe(readFileSync(join(root, 'examples/application/tables.ts'), 'utf8'));
});
