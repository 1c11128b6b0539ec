import { createScanner, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { cut, quote, visible } from './quote.ts';
import { suggest } from './suggest.ts';

/** Why a text is not JSON, at an offset of it. */
export interface Fault {
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

/** Deeper than any config, and less than what would exhaust the stack of a recursive parser. */
const DEEPEST = 100;

/** jsonc-parser's SyntaxKind is a const enum, which erased types can't import. */
const OPENING = [1, 3];
const CLOSING = [2, 4];
const END = 17;

/** What can be told before parsing. */
export function faultBeforehand(text: string): Fault | undefined {
  if (text.trim() === '') return { offset: 0, message: 'is empty; JSON has {} or [] at least.' };
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token: number = scanner.scan(); token !== END; token = scanner.scan()) {
    if (OPENING.includes(token)) depth += 1;
    if (CLOSING.includes(token)) depth -= 1;
    if (depth > DEEPEST)
      return { offset: scanner.getTokenOffset(), message: `is nested more than ${DEEPEST} levels deep.` };
  }
  return undefined;
}

/** What is not JSON at all has an error in every line; nobody reads on. */
const MOST = 100;

/** The parser's errors in words; the first of each line, for the others mostly follow from it. */
export function faultsOf(text: string, errors: readonly ParseError[]): Fault[] {
  const lines = new Set<number>();
  return errors.slice(0, MOST).flatMap((error, i) => {
    const line = text.slice(0, error.offset).split('\n').length;
    // An open string swallows the comma after it.
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
      message: `is not valid JSON: the file ends too early${missing(name)}. Is it only half written?`,
    };
  if ((token === '}' || token === ']') && before.endsWith(','))
    return { offset: before.length - 1, message: `is not valid JSON: no comma may stand before "${token}".` };
  const hint = name === 'InvalidSymbol' ? hintOn(token, after) : undefined;
  return { offset, message: `is not valid JSON: ${wordsFor(name, token)}.`, ...(hint ? { hint } : {}) };
}

function missing(name: string): string {
  if (name === 'CloseBraceExpected') return ', a "}" is missing';
  if (name === 'CloseBracketExpected') return ', a "]" is missing';
  return name === 'UnexpectedEndOfString' ? ', inside a string' : '';
}

function wordsFor(name: string, token: string): string {
  const found = token.startsWith('"') ? visible(cut(token)) : quote(token);
  const words: Record<string, string> = {
    InvalidSymbol: /^[<=>]{7}/.test(token) ? 'a merge conflict was left here' : `${found} has no meaning`,
    InvalidNumberFormat: `${found} is not a number as JSON writes it`,
    PropertyNameExpected: `a key in double quotes should stand where ${found} is`,
    ValueExpected: `a value should stand where ${found} is`,
    ColonExpected: `a ":" is missing before ${found}`,
    CommaExpected: `a "," is missing before ${found}`,
    CloseBraceExpected: `a "}" is missing before ${found}`,
    CloseBracketExpected: `a "]" is missing before ${found}`,
    EndOfFileExpected: `${found} comes after the end of the content`,
    InvalidCommentToken: 'JSON has no comments',
    UnexpectedEndOfComment: 'JSON has no comments, and this one is not closed',
    UnexpectedEndOfString: `a closing double quote is missing after ${found}`,
    UnexpectedEndOfNumber: `${found} is not a number as JSON writes it`,
    InvalidUnicode: 'after \\u there must be four hexadecimal digits',
    InvalidEscapeCharacter: 'after a backslash there must be one of " \\ / b f n r t u',
    InvalidCharacter: 'a control character in a string must be written as an escape, such as \\n or \\t',
  };
  return words[name] ?? `something is wrong at ${found}`;
}

function hintOn(token: string, after: string): string | undefined {
  if (/^['‘’“”]/.test(token)) return 'Strings and keys stand in double quotes.';
  if (/^\s*:/.test(after)) return 'Keys stand in double quotes.';
  if (/^(none|nil|undefined)$/i.test(token)) return 'Did you mean null?';
  const word = suggest(token, ['true', 'false', 'null']);
  return word ? `Did you mean ${word}?` : undefined;
}
