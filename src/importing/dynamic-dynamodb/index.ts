import type { Level, SettingsFile } from '../../generated/settings.ts';
import { type IniFile, type IniSection, parsePythonIni } from '../python-ini.ts';
import type { Imported } from '../report.ts';
import type { Named } from './names.ts';
import { globalOptions } from './options.ts';
import type { Scaling } from './step.ts';
import {
  effective,
  type Found,
  healthUrlOf,
  indexScaling,
  namedBy,
  type TableSettings,
  tableSettings,
  tell,
} from './tables.ts';

/** Whether a text has the sections of dynamic-dynamodb. */
export const isDynamicDynamodb = (text: string): boolean =>
  /^\[(?:table|gsi):/m.test(text) ||
  (/^\[global\]/m.test(text) && /^\[(?:logging|default_options)\]/m.test(text));

const expressionOf = ({ name }: IniSection): string => name.slice(name.lastIndexOf(':') + 1).trim();

const isTable = ({ name }: IniSection): boolean =>
  name.slice(0, Math.max(0, name.lastIndexOf(':'))) === 'table';

/** `gsi: INDEX table: TABLE`, with exactly these spaces. */
const indexOf = ({ name }: IniSection) => /^gsi: (?<index>\S+) \S+ (?<table>\S+)$/.exec(name)?.groups;

const NOTES = [
  'A configuration of dynamic-dynamodb has no keys, attributes and rotation. Write a spec for each group in tables.json.',
  'What a file leaves out has a default in dynamic-dynamodb: it does not lower reads or writes whose usage is 0%. Turntable does, down to Min.',
  'Method step follows dynamic-dynamodb. Compare it with the default, predictive: turntable backtest.',
] as const;

/** Converts a configuration of dynamic-dynamodb 2.x: https://github.com/sebdah/dynamic-dynamodb */
export function importDynamicDynamodb(text: string): Imported {
  const file = parsePythonIni(text);
  const found: Found = { report: [], problems: [...file.problems] };
  const defaults = defaultLevel(file, found);
  const shared = file.sections.filter(({ name }) => name === 'default_options' || name === 'DEFAULT');
  const sharedOptions = shared.flatMap(({ options }) => options);
  const tables = tablesIn(file, sharedOptions, found);
  if (!file.sections.some(isTable) && found.problems.length === 0)
    found.problems.push({ line: 1, message: 'has no section "[table: NAME]".' });
  for (const { name, options } of file.sections)
    if (!isKnown(name)) for (const option of options) tell(option, found, {});
  return {
    kind: 'a configuration of dynamic-dynamodb',
    settings: settingsOf(defaults, tables),
    report: oncePerLine(found.report),
    notes: NOTES,
    problems: found.problems.toSorted((a, b) => a.line - b.line),
  };
}

const isKnown = (name: string): boolean =>
  ['global', 'logging', 'default_options', 'DEFAULT'].includes(name) || /^(?:table|gsi):/.test(name);

/** An option of `default_options` is converted with each table. Its line has what became of it the first time. */
function oncePerLine(report: Found['report']): Found['report'] {
  const seen = new Set<string>();
  return report
    .filter(({ line, option }) => !seen.has(`${line} ${option}`) && seen.add(`${line} ${option}`))
    .toSorted((a, b) => a.line - b.line);
}

function defaultLevel({ sections }: IniFile, found: Found): Level {
  let HealthUrl: string | undefined;
  for (const { options } of sections.filter(({ name }) => name === 'global' || name === 'logging'))
    for (const option of effective(options, found)) {
      if (option.name === 'circuit-breaker-url') HealthUrl = healthUrlOf(option, found);
      else tell(option, found, { ...globalOptions, 'circuit-breaker-timeout': TIMEOUT });
    }
  return HealthUrl === undefined ? {} : { Scaling: { HealthUrl } };
}

const TIMEOUT = {
  kind: 'number',
  outcome: 'not-carried',
  message: 'Turntable waits 3 seconds for HealthUrl.',
} as const;

interface ImportedTable {
  readonly named: Named;
  readonly settings: TableSettings;
  readonly indexes: Map<string, Scaling>;
}

function tablesIn(file: IniFile, shared: IniSection['options'], found: Found): readonly ImportedTable[] {
  const tables = new Map<string, ImportedTable>();
  for (const section of file.sections.filter(isTable)) {
    const named = namedBy(section, expressionOf(section), found);
    const options = effective([...shared, ...section.options], found);
    if (!named) dropped(section, found);
    else if (isRepeated(tables, named)) repeated(section, named, found);
    else
      tables.set(expressionOf(section), {
        named,
        settings: tableSettings(options, found),
        indexes: new Map(),
      });
  }
  for (const section of file.sections) {
    const { index, table } = indexOf(section) ?? {};
    if (index === undefined || table === undefined) continue;
    const named = namedBy(section, index, found);
    const owner = tables.get(table);
    const options = effective([...shared, ...section.options], found);
    if (named && owner) owner.indexes.set(named.name, indexScaling(options, found));
    else dropped(section, found);
  }
  return [...tables.values()];
}

const isRepeated = (tables: ReadonlyMap<string, ImportedTable>, { environment, name }: Named): boolean =>
  [...tables.values()].some(({ named }) => named.environment === environment && named.name === name);

function repeated(section: IniSection, { name }: Named, found: Found): void {
  found.report.splice(
    found.report.findIndex(({ line }) => line === section.line),
    1,
    {
      line: section.line,
      option: `[${section.name}]`,
      outcome: 'not-carried',
      message: `An earlier section has the settings of ${name}.`,
    },
  );
  dropped(section, found);
}

/** Every option of a section that was not carried over. */
function dropped({ options, line: of }: IniSection, { report }: Found): void {
  for (const { name, line } of options)
    report.push({ line, option: name, outcome: 'not-carried', message: `See line ${of}.` });
}

function settingsOf(defaults: Level, tables: readonly ImportedTable[]): SettingsFile {
  const of = (environment: string | undefined) =>
    Object.fromEntries(
      tables
        .filter(({ named }) => named.environment === environment)
        .map(({ named, settings, indexes }) => {
          const Indexes = indexes.size > 0 && { Indexes: Object.fromEntries(indexes) };
          return [named.name, { ...settings, Scaling: { ...settings.Scaling, ...Indexes } }];
        }),
    );
  const environments = [...new Set(tables.flatMap(({ named }) => named.environment ?? []))];
  const Defaults = { ...defaults, ...(Object.keys(of(undefined)).length > 0 && { Tables: of(undefined) }) };
  const settings = {
    ...(Object.keys(Defaults).length > 0 && { Defaults }),
    ...(environments.length > 0 && {
      Environments: Object.fromEntries(environments.map((name) => [name, { Tables: of(name) }])),
    }),
  };
  return settings as SettingsFile;
}
