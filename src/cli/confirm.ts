import { createInterface } from 'node:readline/promises';
import type { Context } from './context.ts';
import { CommandFailed } from './failure.ts';

/** Whether a person can answer a prompt: standard input is a terminal, and the output is not JSON. */
export const canPrompt = ({ json }: Context): boolean => !json && process.stdin.isTTY === true;

/** @throws CommandFailed unless the answer is "yes" */
export const confirm = (): Promise<void> =>
  requireAnswer('yes', 'Do you want to continue? Only "yes" is accepted: ');

/** @throws CommandFailed unless the answer is the name */
export const confirmByName = (group: string): Promise<void> =>
  requireAnswer(group, '\nTo confirm, type the name of the group: ');

async function requireAnswer(expected: string, question: string): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(question);
  terminal.close();
  if (answer.trim() !== expected) throw new CommandFailed('Canceled. Nothing was changed.');
}
