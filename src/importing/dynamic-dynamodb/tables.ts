import type { IniOption, IniSection } from '../python-ini.ts';
import type { ReportLine, SourceProblem } from '../report.ts';
import { type Named, nameIn } from './names.ts';
import { CONVERTED, convertedOptions, tableOptions } from './options.ts';
import { type Scaling, scalingOf } from './step.ts';
import { numberIn, yesOrNo } from './values.ts';
import { outside, type Window } from './windows.ts';
import { quoted } from './words.ts';

/** Collects what a conversion finds. */
export interface Found {
  readonly report: ReportLine[];
  readonly problems: SourceProblem[];
}

/** The settings of a table or an index. */
export interface TableSettings {
  readonly Maintenance?: readonly Window[];
  readonly Scaling: Scaling & { readonly HealthUrl?: string };
}

const converted = { ...convertedOptions('reads'), ...convertedOptions('writes') };

/** Options that count: of two with one name, the later. The earlier one is reported. */
export function effective(options: readonly IniOption[], { report }: Found): readonly IniOption[] {
  return options.filter(({ name, line }) => {
    const later = options.findLast((other) => other.name === name)!;
    if (later.line === line) return true;
    report.push({ line, option: name, outcome: 'not-needed', message: `Line ${later.line} replaces it.` });
    return false;
  });
}

/** The name that a section has; undefined with a line in the report. */
export function namedBy(section: IniSection, expression: string, { report }: Found): Named | undefined {
  const say = (outcome: ReportLine['outcome'], message: string) =>
    void report.push({ line: section.line, option: `[${section.name}]`, outcome, message });
  if (section.cut)
    return say(
      'not-carried',
      `The section name ends at the first "]", so dynamic-dynamodb reads ${quoted(expression)}. Nothing of the section was carried over.`,
    );
  const named = nameIn(expression);
  if (!named)
    return say(
      'not-carried',
      `The regular expression ${quoted(expression)} can match tables of several groups. Turntable has settings for each TableName. Nothing of the section was carried over.`,
    );
  const of = named.environment === undefined ? '' : ` in environment ${named.environment}`;
  const now = `Now the settings of ${named.name}${of}.`;
  say(named.caution ? 'changed' : 'carried', named.caution ? `${named.caution} ${now}` : now);
  return named;
}

/** Converts the options of a table section. */
export function tableSettings(options: readonly IniOption[], found: Found): TableSettings {
  const scaling = scalingOf(options, found.report, found.problems);
  const Maintenance = options.flatMap((option) => windowsOf(option, found) ?? []);
  const HealthUrl = options.flatMap((option) => healthUrlOf(option, found) ?? []).at(-1);
  for (const option of options) tell(option, found);
  return {
    ...(Maintenance.length > 0 && { Maintenance }),
    Scaling: { ...scaling, ...(HealthUrl !== undefined && { HealthUrl }) },
  };
}

/** Converts the options of a section about an index, which has no windows and no page of its own. */
export function indexScaling(options: readonly IniOption[], found: Found): Scaling {
  const scaling = scalingOf(options, found.report, found.problems);
  for (const option of options) {
    if (!CONVERTED.includes(option.name)) tell(option, found);
    else {
      const message = 'Turntable has it for a table, and not for an index.';
      found.report.push({ line: option.line, option: option.name, outcome: 'not-carried', message });
    }
  }
  return scaling;
}

function windowsOf(
  { name, value, line }: IniOption,
  { report, problems }: Found,
): readonly Window[] | undefined {
  if (name !== 'maintenance-windows') return undefined;
  const opposite = outside(value);
  if ('invalid' in opposite) {
    problems.push({
      line,
      message: `${name} ${quoted(opposite.invalid)} is not a window such as 22:00-23:59.`,
    });
    return undefined;
  }
  const { windows, never } = opposite;
  const without =
    never.length > 0 ? ` ${never.join(', ')} is never open there, because its end is before its start.` : '';
  const shown = windows.map(({ From, To }) => `${From} to ${To}`).join(', ') || 'empty';
  const message = `Maintenance is ${shown}: the opposite, because dynamic-dynamodb changes throughput only inside its windows, up to the end of their last minute.${without} Turntable still raises in Maintenance, and deletes no table: check that purge runs outside of it.`;
  report.push({ line, option: name, outcome: 'changed', message });
  return windows;
}

/** A URL that `HealthUrl` accepts. */
const ACCEPTED = /^https?:\/\/[^\s/?#@]+([/?#]\S*)?$/;

export function healthUrlOf({ name, value, line }: IniOption, { report }: Found): string | undefined {
  if (name !== 'circuit-breaker-url') return undefined;
  const accepted = ACCEPTED.test(value);
  const message = accepted
    ? 'Scaling.HealthUrl has it. Turntable asks it before it lowers capacity, and raises in any case. The headers x-table-name and x-gsi-name are not sent. For a private address, set Scaling.AllowPrivateHealthUrl.'
    : 'HealthUrl must be an http or https URL without credentials.';
  report.push({ line, option: name, outcome: accepted ? 'changed' : 'not-carried', message });
  return accepted ? value : undefined;
}

/** Reports an option that is not converted. */
export function tell(option: IniOption, { report, problems }: Found, known = tableOptions): void {
  const { name, line } = option;
  if (known === tableOptions && (Object.hasOwn(converted, name) || CONVERTED.includes(name))) return;
  const one = Object.hasOwn(known, name) ? known[name] : undefined;
  if (one?.kind === 'number') numberIn(option, problems);
  if (one?.kind === 'yes-or-no') yesOrNo(option, problems);
  const { outcome, message } = one ?? {
    outcome: 'not-needed',
    message: 'dynamic-dynamodb does not know it either.',
  };
  report.push({ line, option: name, outcome, message });
}
