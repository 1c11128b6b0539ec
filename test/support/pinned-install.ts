/** Packages that only slow tests need, which would make every `npm ci` larger. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Installed {
  /** A folder whose node_modules has the packages. */
  readonly folder: string;
  /** Why they could not be installed, for example without a network. */
  readonly problem?: string;
  remove(): void;
}

/** Installs packages in exactly these versions (`name@1.2.3`) into a folder of their own, without their install scripts. */
export async function installPinned(...packages: readonly string[]): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), 'turntable-pinned-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const options = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact', ...packages];
  try {
    await promisify(execFile)('npm', options, { cwd: folder });
    return { folder, remove };
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    const [line = message] = stderr.split('\n').filter((one) => one.startsWith('npm error'));
    return { folder, problem: `${packages.join(' ')} could not be installed: ${line}`, remove };
  }
}
