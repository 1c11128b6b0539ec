/** A CSS color. A custom property has the value of the page, which differs between light and dark. */
export const cssColor = (color: string): string =>
  color.startsWith('--') ? getComputedStyle(document.documentElement).getPropertyValue(color) : color;
