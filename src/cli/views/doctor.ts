import { sayInstant } from '../../core/calendar/instant.ts';
import {
  type CheckName,
  type Finding,
  type Severity,
  type Skipped,
  severities,
} from '../../core/doctor/finding.ts';
import type { DoctorReport } from '../../jobs/doctor.ts';
import { fittingWidth, wrap } from './layout.ts';
import { viewPlace } from './place.ts';
import { plural, style, visible } from './text.ts';

const titles: Readonly<Record<Severity, string>> = {
  severe: style.bad('Severe'),
  warning: style.warn('Warnings'),
  note: style.heading('Notes'),
};

/** Formats a diagnosis: findings by severity, each with its cure, then what was not checked, and a line of counts. */
export function viewDoctor(report: DoctorReport): string {
  const { environment, at, findings, skipped } = report;
  const heading = `${viewPlace(environment, report)}, as of ${sayInstant(Date.parse(at))}:`;
  const groups = severities.flatMap((severity) => {
    const own = findings.filter((finding) => finding.severity === severity);
    return own.length > 0 ? [[titles[severity], ...viewFindings(own)].join('\n')] : [];
  });
  const unchecked = skipped.length > 0 ? [['Not checked', ...skipped.map(viewSkipped)].join('\n')] : [];
  return [wrapped(heading), ...groups, ...unchecked, counted(report)].join('\n\n');
}

const wrapped = (text: string, indent = ''): string => wrap(text, fittingWidth(), indent);

/** So many findings of a check with the same severity are shown, before a count of the others. */
const SHOWN = 5;

/** Many findings of a check would hide all others. */
function viewFindings(own: readonly Finding[]): string[] {
  const counts = new Map<CheckName, number>();
  const shown = own.filter(({ check }) => {
    counts.set(check, (counts.get(check) ?? 0) + 1);
    return counts.get(check)! <= SHOWN;
  });
  const rest = [...counts].filter(([, count]) => count > SHOWN);
  return [
    ...shown.map(viewFinding),
    ...rest.map(([check, count]) =>
      wrapped(`${style.heading(check)}: ${plural(count - SHOWN, 'more finding')}. --json shows each.`, '  '),
    ),
  ];
}

const viewFinding = ({ check, message, cure }: Finding): string =>
  [
    `  ${style.heading(check)}`,
    wrapped(visible(message), '    '),
    wrapped(`${style.faint('Cure:')} ${visible(cure)}`, '    '),
  ].join('\n');

const viewSkipped = ({ check, reason }: Skipped): string =>
  [`  ${style.heading(check)}`, wrapped(visible(reason), '    ')].join('\n');

function counted({ counts, findings, skipped }: DoctorReport): string {
  const rest = skipped.length > 0 ? ` ${plural(skipped.length, 'check was', 'checks were')} not made.` : '';
  if (findings.length === 0) return `${style.good('Doctor: nothing found.')}${rest}`;
  const { severe, warning, note } = counts;
  return `Doctor: ${severe} severe, ${plural(warning, 'warning')}, ${plural(note, 'note')}.${rest}`;
}
