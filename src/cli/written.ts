import { readText, WRITTEN } from '../config/read.ts';

/** The text of a file that a program has written. @throws Error, whose message goes on after a colon */
export function readWritten(file: string): string {
  const reading = readText(file, WRITTEN);
  if ('text' in reading) return reading.text;
  throw new Error('problem' in reading ? `it ${reading.problem.message}` : 'it does not exist.');
}
