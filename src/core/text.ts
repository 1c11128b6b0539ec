/** Text with a capital or small first letter, for the start or the middle of a sentence. */
export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A sentence without its period, so that it can continue. */
export const withoutFinalDot = (sentence: string): string => sentence.replace(/\.$/, '');

export const uncapitalized = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Formats a size: `1.2 GB`. */
export function sayBytes(bytes: number): string {
  const power = Math.min(byteUnits.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024)));
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${byteUnits[power]}`;
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
