/** Text with a capital or small first letter, for the start or the middle of a sentence. */
export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A sentence that can go on. */
export const withoutFullStop = (sentence: string): string => sentence.replace(/\.$/, '');

export const uncapitalized = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
