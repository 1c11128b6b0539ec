import type { Command } from 'commander';

/** What a shell can offer for a value. */
export type Value =
  | { readonly kind: 'environments' | 'groups' | 'files' | 'folders' | 'none' }
  | { readonly kind: 'words'; readonly words: readonly string[] };

export interface CompletedOption {
  /** `--env`, and `-e` if there is one. */
  readonly flags: readonly string[];
  readonly description: string;
  /** undefined for a flag without a value. */
  readonly value: Value | undefined;
}

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** What its arguments are. */
  readonly argument: Value;
}

/** What options and arguments stand for, by their names. All others are free text. */
const meanings: Readonly<Record<string, Value['kind']>> = {
  env: 'environments',
  confirm: 'environments',
  config: 'folders',
  group: 'groups',
  groups: 'groups',
  /** A group stands for its current table. */
  table: 'groups',
  spec: 'groups',
  retype: 'groups',
  file: 'files',
  trace: 'files',
  out: 'files',
};

function meaningOf(name: string, choices: readonly string[] | undefined): Value {
  if (choices) return { kind: 'words', words: choices };
  const kind = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
  return kind && kind !== 'words' ? { kind } : { kind: 'none' };
}

/** The commands with their options and arguments, as the parser has them. */
export const commandTable = (program: Command): CompletedCommand[] =>
  program.commands.map((command) => {
    const [argument] = command.registeredArguments;
    return {
      name: command.name(),
      description: command.description(),
      options: command.options
        .filter(({ hidden }) => !hidden)
        .map((option) => ({
          flags: [option.long, option.short].filter((flag) => flag !== undefined && flag !== null),
          description: option.description,
          value:
            option.required || option.optional
              ? meaningOf(option.attributeName(), option.argChoices)
              : undefined,
        })),
      argument: argument ? meaningOf(argument.name(), argument.argChoices) : { kind: 'none' },
    };
  });
