import { createInterface } from 'node:readline/promises';
import type { Context } from './context.ts';
import { CommandFailed } from './failure.ts';

/** Whether a person can answer a prompt: standard input is a terminal, and the output is not JSON. */
export const canPrompt = ({ json }: Context): boolean => !json && process.stdin.isTTY === true;

/** @throws CommandFailed unless the answer is "yes" */
export async function confirm(): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Do you want to continue? Only "yes" is accepted: ');
  terminal.close();
  if (answer.trim() !== 'yes') throw new CommandFailed('Canceled. Nothing was changed.');
}
