import { type Content, type Html, html } from './html.ts';

export interface Column {
  readonly title: Content;
  /** `wide`: for sentences, which keep their width on a phone. */
  readonly align?: 'right' | 'wide';
}

/** A row: the first cell is its heading. */
export type Row = readonly Content[];

/**
 * A table with a caption. On a narrow screen it scrolls in its own box, which the keyboard reaches: WCAG 2.1.1.
 * `caption` is plain text, and unique on the page.
 */
export const table = (caption: string, columns: readonly Column[], rows: readonly Row[]): Html => html`
<div class="scroll" role="group" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ title, align }) => html`<th scope="col"${classOf(align)}>${title}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (row) => html`<tr>${row.map((cell, i) => cellOf(cell, i, columns[i]?.align))}</tr>
`,
)}</tbody>
</table></div>
`;

const classOf = (align: Column['align']): Html => (align ? html` class="${align}"` : html``);

const cellOf = (cell: Content, place: number, align: Column['align']): Html =>
  place === 0 ? html`<th scope="row">${cell}</th>` : html`<td${classOf(align)}>${cell}</td>`;

/** A table that shows its first rows, and the others when they are asked for: a fleet can have hundreds. */
export function folded(
  caption: string,
  columns: readonly Column[],
  rows: readonly Row[],
  first: number,
): Html {
  const rest = rows.length - first;
  if (rest <= first / 2) return table(caption, columns, rows);
  return html`${table(caption, columns, rows.slice(0, first))}
<details class="inner"><summary>${rest.toLocaleString('en-US')} more</summary>
${table(`${caption}, continued`, columns, rows.slice(first))}</details>`;
}

/** The first rows, and how many are left out. */
export function limited<T>(all: readonly T[], most: number, what: string): readonly [readonly T[], Html] {
  const rest = all.length - most;
  return [
    all.slice(0, most),
    rest > 0
      ? html`<p>And ${rest.toLocaleString('en-US')} more ${what}. <code>turntable report --json</code> has all.</p>`
      : html``,
  ];
}
