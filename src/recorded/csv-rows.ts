/** A row of a CSV file. */
export interface CsvRow {
  /** The line on which the row starts, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

const DELIMITERS = [',', ';', '\t'];

/** The delimiter of a header: the one that occurs most often outside quotes. */
export function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

/**
 * The rows of a CSV file (RFC 4180), without blank lines. Cells that start with a quote end with one. In them, two quotes
 * are one, and line ends belong to the cell. An unclosed quote ends with the file.
 */
export function csvRows(text: string, delimiter: string): CsvRow[] {
  const cell = new RegExp(`"([^"]*(?:""[^"]*)*)(?:"|$)|([^${delimiter}\r\n]*)`, 'y');
  const rows: CsvRow[] = [];
  let line = 1;
  let start = line;
  let cells: string[] = [];
  for (let at = 0; at <= text.length; ) {
    cell.lastIndex = at;
    const [whole, quoted, plain = ''] = cell.exec(text)!;
    cells.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    line += whole.split(/\r\n|\r|\n/).length - 1;
    at += whole.length;
    // Spaces, or anything else, after a closing quote are not part of the cell.
    while (at < text.length && !`${delimiter}\r\n`.includes(text[at]!)) at++;
    if (text[at] === delimiter) {
      at++;
      continue;
    }
    if (cells.some((one) => one !== '')) rows.push({ line: start, cells });
    cells = [];
    at += text.startsWith('\r\n', at) ? 2 : 1;
    line++;
    start = line;
  }
  return rows;
}
