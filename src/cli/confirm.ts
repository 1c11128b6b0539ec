import { createInterface } from 'node:readline/promises';
import type { Context } from './context.ts';
import { CommandFailed, Interrupted } from './failure.ts';

/** Whether a person can answer a prompt: standard input is a terminal, and the output is not JSON. */
export const canPrompt = ({ json }: Context): boolean => !json && process.stdin.isTTY === true;

/** @throws CommandFailed unless the answer is "yes"; Interrupted */
export const confirm = (): Promise<void> =>
  requireAnswer('yes', 'Do you want to continue? Only "yes" is accepted: ');

/** @throws CommandFailed unless the answer is the name; Interrupted */
export const confirmByName = (name: string, what: 'group' | 'environment' = 'group'): Promise<void> =>
  requireAnswer(name, `\nTo confirm, type the name of the ${what}: `);

async function requireAnswer(expected: string, question: string): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new AbortController();
  let interrupted = false;
  terminal.on('SIGINT', () => {
    interrupted = true;
    ended.abort();
  });
  // The input ends with Ctrl-D.
  terminal.on('close', () => ended.abort());
  const answer = await terminal.question(question, { signal: ended.signal }).catch(() => undefined);
  terminal.close();
  if (answer === undefined) console.log('');
  if (interrupted) throw new Interrupted('Interrupted. Nothing was changed.');
  if (answer?.trim() !== expected) throw new CommandFailed('Canceled. Nothing was changed.');
}
