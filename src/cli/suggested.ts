import type { Context } from './context.ts';
import { withGivenOptions } from './given.ts';

/** Prints text that is not JSON. */
export const print = ({ given }: Context, text: string): void => console.log(withGivenOptions(text, given));
