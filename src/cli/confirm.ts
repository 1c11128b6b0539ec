import { createInterface } from 'node:readline/promises';
import type { Context } from './context.ts';
import { CommandFailed } from './failure.ts';

/** Whether somebody is there to answer. */
export const canAsk = ({ json }: Context): boolean => !json && process.stdin.isTTY === true;

/** @throws CommandFailed where the answer is no */
export async function confirm(): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Carry this out? Only "yes" is taken for a yes: ');
  terminal.close();
  if (answer.trim() !== 'yes') throw new CommandFailed('Nothing was done.');
}
