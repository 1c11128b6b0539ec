import type { Context } from './context.ts';
import { shellWord } from './views/text.ts';

/** The option that repeats `--config` in a command to run next; empty if the user did not give it. */
export const configOption = (given: string | undefined): string =>
  given === undefined ? '' : ` --config ${shellWord(given)}`;

/** A command in a message, up to its environment. */
const COMMANDS = /\bturntable [a-z-]+ [^`|\n]*?--env [\w-]+/g;

/**
 * Text whose commands repeat `--config`. The messages do not, because jobs on Lambda, JSON and notices share them, and the
 * folder means something only on this machine.
 */
export const withConfigOption = (text: string, given: string | undefined): string =>
  text.replaceAll(COMMANDS, (found) => `${found}${configOption(given)}`);

/** Prints text that is not JSON. */
export const print = ({ givenConfig }: Context, text: string): void =>
  console.log(withConfigOption(text, givenConfig));
