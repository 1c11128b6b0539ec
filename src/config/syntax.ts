import { createScanner, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { cut, quote, visible } from './quote.ts';
import { suggest } from './suggest.ts';

/** A JSON syntax error and its offset in the text. */
export interface Fault {
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

/** No configuration is nested this deep, and a recursive parser can still handle this depth. */
const DEEPEST = 100;

/** Values of jsonc-parser's SyntaxKind, a const enum that code with erased types cannot import. */
const OPENING = [1, 3];
const CLOSING = [2, 4];
const END = 17;

/** A fault that can be found before parsing. */
export function faultBeforehand(text: string): Fault | undefined {
  if (text.trim() === '') return { offset: 0, message: 'is empty, but must contain at least {} or [].' };
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token: number = scanner.scan(); token !== END; token = scanner.scan()) {
    if (OPENING.includes(token)) depth += 1;
    if (CLOSING.includes(token)) depth -= 1;
    if (depth > DEEPEST)
      return { offset: scanner.getTokenOffset(), message: `is nested deeper than ${DEEPEST} levels.` };
  }
  return undefined;
}

/** A file that is not JSON at all has an error in every line. More errors than this do not help. */
const MOST = 100;

/** The parser's errors as messages. Only the first error of each line is included, because it usually causes the others. */
export function faultsOf(text: string, errors: readonly ParseError[]): Fault[] {
  const lines = new Set<number>();
  return errors.slice(0, MOST).flatMap((error, i) => {
    const line = text.slice(0, error.offset).split('\n').length;
    // An unclosed string includes the comma after it.
    if (lines.has(line) || (isComma(error) && lines.has(line - 1) && isOpenString(errors[i - 1]))) return [];
    lines.add(line);
    return [faultOf(text, error)];
  });
}

const isComma = ({ error }: ParseError) => printParseErrorCode(error) === 'CommaExpected';
const isOpenString = (error?: ParseError) =>
  error !== undefined && printParseErrorCode(error.error) === 'UnexpectedEndOfString';

function faultOf(text: string, { error, offset, length }: ParseError): Fault {
  const name = printParseErrorCode(error);
  const token = text.slice(offset, offset + length);
  const before = text.slice(0, offset).trimEnd();
  const after = text.slice(offset + length);
  if (after.trim() === '' && (token === '' || name === 'UnexpectedEndOfString'))
    return {
      offset: token === '' ? before.length : offset,
      message: `is not valid JSON: the file ends too early${missing(name)}. The file might be incomplete.`,
    };
  if ((token === '}' || token === ']') && before.endsWith(','))
    return { offset: before.length - 1, message: `is not valid JSON: remove the comma before "${token}".` };
  const hint = name === 'InvalidSymbol' ? hintOn(token, after) : undefined;
  return { offset, message: `is not valid JSON: ${wordsFor(name, token)}.`, ...(hint ? { hint } : {}) };
}

function missing(name: string): string {
  if (name === 'CloseBraceExpected') return ' and a "}" is missing';
  if (name === 'CloseBracketExpected') return ' and a "]" is missing';
  return name === 'UnexpectedEndOfString' ? ' inside a string' : '';
}

function wordsFor(name: string, token: string): string {
  const found = token.startsWith('"') ? visible(cut(token)) : quote(token);
  const words: Record<string, string> = {
    InvalidSymbol: /^[<=>]{7}/.test(token) ? 'the file contains a merge conflict' : `${found} is unexpected`,
    InvalidNumberFormat: `${found} is not a valid JSON number`,
    PropertyNameExpected: `expected a key in double quotes instead of ${found}`,
    ValueExpected: `expected a value instead of ${found}`,
    ColonExpected: `a ":" is missing before ${found}`,
    CommaExpected: `a "," is missing before ${found}`,
    CloseBraceExpected: `a "}" is missing before ${found}`,
    CloseBracketExpected: `a "]" is missing before ${found}`,
    EndOfFileExpected: `the file must contain one JSON value, but ${found} follows it`,
    InvalidCommentToken: 'JSON does not allow comments',
    UnexpectedEndOfComment: 'JSON does not allow comments, and this comment is not closed',
    UnexpectedEndOfString: `a closing double quote is missing after ${found}`,
    UnexpectedEndOfNumber: `${found} is not a valid JSON number`,
    InvalidUnicode: '\\u must be followed by four hexadecimal digits',
    InvalidEscapeCharacter: 'a backslash must be followed by one of " \\ / b f n r t u',
    InvalidCharacter: 'a string contains a control character. Write an escape such as \\n or \\t instead',
  };
  return words[name] ?? `${found} is invalid`;
}

function hintOn(token: string, after: string): string | undefined {
  if (/^['‘’“”]/.test(token)) return 'Use double quotes around strings and keys.';
  if (/^\s*:/.test(after)) return 'Use double quotes around keys.';
  if (/^(none|nil|undefined)$/i.test(token)) return 'Did you mean null?';
  const word = suggest(token, ['true', 'false', 'null']);
  return word ? `Did you mean ${word}?` : undefined;
}
