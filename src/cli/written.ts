import { writeFileSync } from 'node:fs';
import { readText, WRITTEN } from '../config/read.ts';
import { messageOf } from '../core/failure.ts';
import { CommandFailed } from './failure.ts';

/** Reads a file that a program wrote. @throws Error; its message follows a colon */
export function readWritten(file: string): string {
  const reading = readText(file, WRITTEN);
  if ('text' in reading) return reading.text;
  throw new Error('problem' in reading ? `it ${reading.problem.message}` : 'it does not exist.');
}

const obstacles: Readonly<Record<string, string>> = {
  ENOENT: 'the folder does not exist.',
  ENOTDIR: 'the parent is not a folder.',
  EISDIR: 'the path is a folder.',
};

/** Writes the output of a command to the `--out` file. @throws CommandFailed */
export function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new CommandFailed(`Could not write ${file}: ${obstacles[code] ?? messageOf(error)}`);
  }
}
