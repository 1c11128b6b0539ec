import { visible } from '../config/quote.ts';

export { visible };

/** Text that is HTML already. Everything else is escaped. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = string | number | Html | false | undefined | readonly Content[];

/** Text that cannot leave the element or the attribute that contains it, without characters that hide or reorder text. */
export const escaped = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

function written(content: Content): string {
  if (content instanceof Html) return content.text;
  if (content === false || content === undefined) return '';
  if (typeof content === 'object') return content.map(written).join('');
  return escaped(String(content));
}

/** HTML whose values are escaped, unless they are HTML themselves. */
export const html = (parts: TemplateStringsArray, ...values: readonly Content[]): Html =>
  new Html(parts.reduce((all, part, i) => all + written(values[i - 1]) + part));

/** A value as JSON for a `<script type="application/json">` element, which it cannot end. */
export const jsonFor = (value: unknown): Html => new Html(JSON.stringify(value).replaceAll('<', '\\u003c'));
