import type { IniOption } from '../python-ini.ts';
import type { SourceProblem } from '../report.ts';
import { quoted } from './words.ts';

const YES = ['1', 'yes', 'true', 'on'];
const NO = ['0', 'no', 'false', 'off'];

/** `getboolean` of Python's ConfigParser; undefined with a problem. */
export function yesOrNo({ name, value, line }: IniOption, problems: SourceProblem[]): boolean | undefined {
  const word = value.toLowerCase();
  if (YES.includes(word) || NO.includes(word)) return YES.includes(word);
  problems.push({ line, message: `${name} ${quoted(value)} is not true or false.` });
  return undefined;
}

/** A number of at least 0; undefined with a problem. */
export function numberIn({ name, value, line }: IniOption, problems: SourceProblem[]): number | undefined {
  const number = /^\+?\d+(\.\d*)?$/.test(value) ? Number(value) : Number.NaN;
  if (number < Infinity) return number;
  problems.push({ line, message: `${name} ${quoted(value)} is not a number of at least 0.` });
  return undefined;
}
