import { Argument, type Command } from 'commander';
import { readConfig } from '../../config/index.ts';
import type { ConfigSource } from '../../config/source.ts';
import { writtenSpecs } from '../../config/written.ts';
import { bashCompletion, zshCompletion } from '../completion/bash.ts';
import { type CompletedCommand, commandTable } from '../completion/command-table.ts';
import { fishCompletion } from '../completion/fish.ts';
import { type CommonOptions, contextOf, localCommand } from '../context.ts';

const scripts: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** The names that the scripts ask for. Also of files with problems. */
const names: Readonly<Record<string, (source: ConfigSource) => readonly unknown[]>> = {
  environments: (source) => readConfig(source).environments,
  groups: (source) =>
    (writtenSpecs(readConfig(source).tables?.value) ?? []).map(
      ({ value }) => (value as { readonly TableName?: unknown } | null)?.TableName,
    ),
};

/** A shell expands what it offers, so other names could run a command. No valid name has other characters. */
const isPlain = (name: unknown): name is string => typeof name === 'string' && /^[\w.-]+$/.test(name);

export const completionCommand = (): Command => {
  const command = localCommand(
    'completion',
    'print a script that completes commands, options, environments, and groups',
  )
    .addArgument(
      new Argument('<shell>', 'the shell, or the names that its script asks for').choices([
        ...Object.keys(scripts),
        ...Object.keys(names),
      ]),
    )
    .action((asked: string, options: CommonOptions) => {
      const script = scripts[asked];
      if (script) return void process.stdout.write(script(commandTable(command.parent ?? command)));
      const { source } = contextOf(options);
      return console.log((names[asked]?.(source) ?? []).filter(isPlain).join('\n'));
    });
  return command;
};
