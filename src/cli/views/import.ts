import { plural } from '../../core/text.ts';
import type { Imported, Outcome, ReportLine } from '../../importing/index.ts';
import { style, table, visible } from './text.ts';

const WORDS: Readonly<Record<Outcome, string>> = {
  carried: 'carried over',
  changed: 'changed',
  'not-needed': 'not needed',
  'not-carried': 'not carried over',
};

const COLORS: Readonly<Record<Outcome, (text: string) => string>> = {
  carried: style.good,
  changed: style.change,
  'not-needed': style.faint,
  'not-carried': style.bad,
};

/** What became of each line of a source, with a count. */
export function viewImport(file: string, { kind, report, notes }: Imported): string {
  const rows = report.map(({ line, option, outcome, message }) => [
    String(line),
    visible(option),
    COLORS[outcome](WORDS[outcome]),
    visible(message),
  ]);
  const columns = [
    { title: 'LINE', align: 'right' as const },
    { title: 'OPTION' },
    { title: 'RESULT' },
    { title: '' },
  ];
  return [
    `${visible(file)} is ${kind}.`,
    ...(rows.length > 0 ? ['', table(columns, rows)] : []),
    '',
    `${plural(report.length, 'line')}: ${counts(report)}.`,
    ...notes.map((note) => `${style.warn('Note:')} ${note}`),
  ].join('\n');
}

const counts = (report: readonly ReportLine[]): string =>
  (Object.keys(WORDS) as Outcome[])
    .map((outcome) => `${report.filter((line) => line.outcome === outcome).length} ${WORDS[outcome]}`)
    .join(', ');
