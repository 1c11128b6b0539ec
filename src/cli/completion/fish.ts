import type { CompletedCommand, CompletedOption, Value } from './command-table.ts';

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** The options of the command `complete` of fish for a value. */
function offered(value: Value): string {
  switch (value.kind) {
    case 'environments':
    case 'groups':
      return `-x -a '(turntable completion ${value.kind} 2>/dev/null)'`;
    case 'words':
      return `-x -a ${quoted(value.words.join(' '))}`;
    case 'files':
      return '-r -F';
    case 'folders':
      return "-x -a '(__fish_complete_directories)'";
    case 'none':
      return '-x';
  }
}

const flagsOf = ({ flags }: CompletedOption): string =>
  flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ');

function linesOf({ name, description, options, argument }: CompletedCommand): string[] {
  const within = `complete -c turntable -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c turntable -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
    ...(argument.kind === 'none' ? [] : [`${within} ${offered(argument).replace('-x', '-f')}`]),
    ...options.map((option) =>
      [
        within,
        flagsOf(option),
        option.value ? offered(option.value) : '-f',
        '-d',
        quoted(option.description),
      ].join(' '),
    ),
  ];
}

export const fishCompletion = (commands: readonly CompletedCommand[]): string =>
  `# turntable completion fish\ncomplete -c turntable -f\n${commands.flatMap(linesOf).join('\n')}\n`;
