import type { SourceProblem } from './report.ts';

/** An option and the line on which it starts. */
export interface IniOption {
  readonly name: string;
  /** Without surrounding spaces. Continuation lines are joined with line feeds. */
  readonly value: string;
  readonly line: number;
}

export interface IniSection {
  readonly name: string;
  readonly line: number;
  /** Whether more characters than the `]` that ends the name follow it on its line. */
  readonly cut: boolean;
  /** In the order of the file. A later option with the same name replaces an earlier one. */
  readonly options: readonly IniOption[];
}

export interface IniFile {
  readonly sections: readonly IniSection[];
  readonly problems: readonly SourceProblem[];
}

interface Open {
  name: string;
  line: number;
  cut: boolean;
  options: { name: string; value: string; line: number }[];
}

/** The name ends at the first `]`, even inside a regular expression. */
const SECTION = /^\[([^\]]+)\](.*)$/;
const OPTION = /^([^:=\s][^:=]*?)\s*[:=]\s*(.*)$/;
const COMMENT = /^(?:[#;]|rem(?:\s|$))/i;

/**
 * Parses INI as RawConfigParser of Python 2.7 does, for which dynamic-dynamodb was written: `name: value` or
 * `name = value`, values that continue on indented lines, comments after ` ;` but not after ` #`, and no interpolation.
 * https://docs.python.org/2.7/library/configparser.html
 */
export function parsePythonIni(text: string): IniFile {
  const sections: Open[] = [];
  const problems: SourceProblem[] = [];
  let line = 0;
  for (const raw of text.split(/\r\n|\r|\n/)) {
    line++;
    const content = raw.trim();
    if (content === '' || COMMENT.test(raw)) continue;
    const section = sections.at(-1);
    const option = section?.options.at(-1);
    const header = SECTION.exec(raw);
    const isMore = /^\s/.test(raw) && option !== undefined;
    if (isMore) option.value += `\n${content}`;
    else if (header) sections.push(sectionOf(header, line));
    if (isMore || header) continue;
    const message = section
      ? 'must be "[section]", "option: value" or "option = value". Continuation lines are indented.'
      : 'comes before the first "[section]".';
    const read = section && OPTION.exec(raw);
    if (read) section.options.push({ name: read[1]!, value: valueIn(read[2]!), line });
    else problems.push({ line, message });
  }
  return { sections, problems };
}

const sectionOf = ([, name = '', rest = '']: RegExpExecArray, line: number): Open => ({
  name,
  line,
  cut: rest.trim() !== '',
  options: [],
});

/** A comment begins at the first semicolon, if a space is before it. `""` is an empty value. */
function valueIn(text: string): string {
  const semicolon = text.indexOf(';');
  const value = semicolon > 0 && /\s/.test(text[semicolon - 1]!) ? text.slice(0, semicolon) : text;
  return value.trim() === '""' ? '' : value.trim();
}
