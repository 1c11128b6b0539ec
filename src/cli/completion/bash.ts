import type { CompletedCommand, CompletedOption, Value } from './command-table.ts';

/** The shell code that fills COMPREPLY with what can stand for a value. */
function reply(value: Value): string {
  switch (value.kind) {
    case 'environments':
    case 'groups':
      return `_turntable_words "$(_turntable_names ${value.kind})"`;
    case 'words':
      return `_turntable_words '${value.words.join(' ')}'`;
    case 'files':
      return 'COMPREPLY=($(compgen -f -- "$cur"))';
    case 'folders':
      return 'COMPREPLY=($(compgen -d -- "$cur"))';
    case 'none':
      return ':';
  }
}

const valued = ({ flags, value }: CompletedOption): string[] =>
  value ? [`        ${flags.join('|')}) ${reply(value)}; return ;;`] : [];

const caseOf = ({ name, options, argument }: CompletedCommand): string => {
  const flags = options.flatMap((option) => option.flags);
  return `    ${name})
      case "$prev" in
${options.flatMap(valued).join('\n')}
      esac
      if [[ $cur == -* ]]; then _turntable_words '${[...flags, '--help'].join(' ')}'; else ${reply(argument)}; fi
      ;;`;
};

/** A completion script for bash, and for zsh with bashcompinit. Names of environments and groups are read when they are needed. */
export const bashCompletion = (commands: readonly CompletedCommand[]): string => `# turntable completion bash
_turntable_words() {
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

# The names that the configuration has, also of a folder given with --config.
_turntable_names() {
  local i config=()
  for ((i = 1; i < COMP_CWORD - 1; i++)); do
    case "\${COMP_WORDS[i]}" in
      -c|--config) config=(--config "\${COMP_WORDS[i+1]}") ;;
    esac
  done
  "\${COMP_WORDS[0]}" completion "$1" "\${config[@]}" 2>/dev/null
}

_turntable() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _turntable_words '${[...commands.map(({ name }) => name), 'help', '--help', '--version'].join(' ')}'
    return
  fi
  case "\${COMP_WORDS[1]}" in
${commands.map(caseOf).join('\n')}
  esac
}

complete -F _turntable turntable
`;

/** The same for zsh, which runs completions of bash. */
export const zshCompletion = (commands: readonly CompletedCommand[]): string => `#compdef turntable
autoload -U +X compinit && compinit
autoload -U +X bashcompinit && bashcompinit
${bashCompletion(commands)}`;
