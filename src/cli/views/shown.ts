import { visible } from './text.ts';

/** `Shows only Flags and Clicks. `, or nothing if all groups are shown. */
export const sayShown = (shown: readonly string[] | undefined): string =>
  shown === undefined ? '' : `Shows only ${shown.map(visible).join(', ')}. `;
