import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { checkSettings, checkTables } from '../../config/check.ts';
import { explained } from '../../config/explain.ts';
import { ConfigError } from '../../config/index.ts';
import { quote, visibleJson } from '../../config/quote.ts';
import { readText } from '../../config/read.ts';
import { messageOf } from '../../core/failure.ts';
import { type Imported, importText, KNOWN_SOURCES } from '../../importing/index.ts';
import { canPrompt, confirm } from '../confirm.ts';
import { type CommonOptions, contextOf, localCommand } from '../context.ts';
import { UsageError } from '../failure.ts';
import { createFolder, requireWritableFolder } from '../folder.ts';
import { viewImport } from '../views/import.ts';
import { visible } from '../views/text.ts';
import { write } from '../written.ts';

interface ImportOptions extends CommonOptions {
  readonly out?: string;
}

/** A file to write. */
interface Output {
  readonly name: 'settings.json' | 'tables.json';
  readonly text: string;
}

export const importCommand = (): Command =>
  localCommand(
    'import',
    'convert the configuration of dynamic-dynamodb, or the schema config of Loki or Cortex',
  )
    .argument('<file>', 'configuration of the other tool')
    .option('-o, --out <dir>', 'folder for settings.json and tables.json (default: print them)')
    .action(async (file: string, options: ImportOptions) => {
      const context = contextOf(options);
      if (options.out !== undefined) requireFolder(options.out);
      const imported = await importedFrom(file);
      const outputs = outputsOf(imported);
      requireValid(outputs);
      if (context.json) console.log(visibleJson(asJson(imported), 2));
      else console.log(viewImport(file, imported));
      if (options.out === undefined) {
        if (!context.json) for (const { name, text } of outputs) console.log(`\n${name}:\n${text.trimEnd()}`);
        return;
      }
      const paths = outputs.map(({ name }) => join(options.out!, name));
      await agreeToReplace(
        paths.filter((path) => existsSync(path)),
        canPrompt(context),
      );
      createFolder(options.out);
      outputs.forEach(({ text }, i) => void write(paths[i]!, text));
      if (!context.json) console.log(`\nWrote ${paths.map(visible).join(' and ')}.`);
    });

/** @throws UsageError */
function requireFolder(out: string): void {
  try {
    requireWritableFolder(out);
  } catch (error) {
    throw new UsageError(`Cannot write to --out ${quote(out)}: ${messageOf(error)}`);
  }
}

/** The number of problems that are shown. */
const SHOWN = 20;

/** @throws UsageError with the problems of the file */
async function importedFrom(file: string): Promise<Imported> {
  const reading = readText(file);
  if (!('text' in reading))
    throw new UsageError(`${file} ${'problem' in reading ? reading.problem.message : 'does not exist.'}`);
  const imported = await importText(reading.text);
  if (!imported) throw new UsageError(`${file} is of an unknown kind. Known kinds: ${KNOWN_SOURCES}.`);
  const problems = imported.problems.map(({ line, message }) => `${file}, line ${line}: ${message}`);
  const more = problems.length - SHOWN;
  if (more > 0) problems.splice(SHOWN, more, `${file}: ${more} more ${more === 1 ? 'problem' : 'problems'}.`);
  if (problems.length > 0) throw new UsageError(...problems);
  return imported;
}

function outputsOf({ settings = {}, specs = [] }: Imported): readonly Output[] {
  const outputs = [
    { name: 'settings.json' as const, value: settings, isEmpty: Object.keys(settings).length === 0 },
    { name: 'tables.json' as const, value: specs, isEmpty: specs.length === 0 },
  ];
  return outputs
    .filter(({ isEmpty }) => !isEmpty)
    .map(({ name, value }) => ({ name, text: `${JSON.stringify(value, null, 2)}\n` }));
}

/** The checks of `turntable validate`. @throws ConfigError */
function requireValid(outputs: readonly Output[]): void {
  const documentOf = (name: Output['name']) => {
    const output = outputs.find((one) => one.name === name);
    return output && explained(name, output.text);
  };
  const [tables, settings] = [documentOf('tables.json'), documentOf('settings.json')];
  const problems = [
    ...(tables ? checkTables(tables, []) : []),
    ...(settings ? checkSettings(settings, tables) : []),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
}

const asJson = ({ kind, settings, specs, report, notes }: Imported) => ({
  kind,
  settings,
  specs,
  report,
  notes,
});

/** @throws UsageError, or CommandFailed unless a person agrees */
async function agreeToReplace(existing: readonly string[], canAsk: boolean): Promise<void> {
  if (existing.length === 0) return;
  const which = existing.join(' and ');
  if (!canAsk) throw new UsageError(`${which} already exists. Nothing was written. Choose another --out.`);
  console.log(`\nThis replaces ${visible(which)}.`);
  await confirm();
}
