/** Text with a capital or small first letter, for the start or the middle of a sentence. */
export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A sentence without its period, so that it can continue. */
export const withoutFinalDot = (sentence: string): string => sentence.replace(/\.$/, '');

export const uncapitalized = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
