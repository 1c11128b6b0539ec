import { writeFileSync } from 'node:fs';
import { readText, WRITTEN } from '../config/read.ts';
import { messageOf } from '../core/failure.ts';
import { CommandFailed } from './failure.ts';

/** The text of a file that a program has written. @throws Error, whose message goes on after a colon */
export function readWritten(file: string): string {
  const reading = readText(file, WRITTEN);
  if ('text' in reading) return reading.text;
  throw new Error('problem' in reading ? `it ${reading.problem.message}` : 'it does not exist.');
}

const obstacles: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist.',
  ENOTDIR: 'its folder is a file.',
  EISDIR: 'it is a folder.',
};

/** Writes what a command was asked for with `--out`. @throws CommandFailed */
export function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new CommandFailed(`${file} could not be written: ${obstacles[code] ?? messageOf(error)}`);
  }
}
