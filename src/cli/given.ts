import { shellWord } from './views/text.ts';

/** The options of this command that the next one has to repeat, as the user gave them. */
export interface GivenOptions {
  readonly config?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

/** The given options as the end of a command; empty if the user gave none. */
export const repeatedOptions = (given: GivenOptions): string =>
  (['config', 'region', 'profile'] as const)
    .map((name) => (given[name] === undefined ? '' : ` --${name} ${shellWord(given[name])}`))
    .join('');

/** A command in a message, up to its environment. */
export const COMMANDS = /\bturntable [a-z-]+ [^`|\n]*?--env [\w-]+/g;

/**
 * Text whose commands repeat the given options. The messages do not, because jobs on Lambda, JSON and notices share them, and
 * a folder or a profile means something only on this machine.
 */
export const withGivenOptions = (text: string, given: GivenOptions): string =>
  text.replaceAll(COMMANDS, (found) => `${found}${repeatedOptions(given)}`);
