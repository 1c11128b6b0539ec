/** A project that has installed the package and the SDK, with a copy of the examples. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TypeScript, typeErrors } from '../support/tsc.ts';
import { builtPackage } from './template.ts';

const root = join(import.meta.dirname, '../..');

/** The example application as it is in the repository. */
export const exampleSource = join(root, 'examples/application');
/** The lines for other libraries, which use the example application's tables. */
export const librariesSource = join(root, 'examples/libraries');

export interface Consumer {
  /** The project's folder. The caller removes it. */
  readonly folder: string;
  /** The folder of the example application in it. */
  readonly application: string;
}

/** `packages`: what the project has also installed. */
export async function createConsumer(...packages: string[]): Promise<Consumer> {
  const folder = mkdtempSync(join(tmpdir(), 'turntable-application-'));
  const modules = join(folder, 'node_modules');
  const application = join(folder, 'application');
  mkdirSync(join(modules, 'turntable'), { recursive: true });
  for (const name of ['@aws-sdk', '@smithy', '@types', ...packages])
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  cpSync(join(root, 'package.json'), join(modules, 'turntable/package.json'));
  cpSync(await builtPackage(), join(modules, 'turntable/dist'), { recursive: true });
  cpSync(exampleSource, application, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  return { folder, application };
}

/** The errors of the example application under this TypeScript. `module` can be followed by further options. */
export function applicationErrors(
  { folder, application }: Consumer,
  module: string,
  version: TypeScript,
): Promise<string[]> {
  const files = readdirSync(application).filter((file) => file.endsWith('.ts'));
  const options = `--strict --noEmit --types node --target es2023 --skipLibCheck --module ${module}`;
  const paths = files.map((file) => join(application, file));
  return typeErrors([...options.split(' '), '--allowImportingTsExtensions', ...paths], folder, version);
}
