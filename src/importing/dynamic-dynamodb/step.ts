import type { IniOption } from '../python-ini.ts';
import type { ReportLine, SourceProblem } from '../report.ts';
import { convertedOptions } from './options.ts';
import { numberIn, yesOrNo } from './values.ts';

const DIMENSIONS = ['reads', 'writes'] as const;
const PARTS = ['RaiseAbove', 'RaiseBy', 'LowerBelow', 'LowerBy'] as const;
type Part = (typeof PARTS)[number];

/** The values that Turntable allows, the default of both tools, and which of two values raises earlier or lowers later. */
const RULES: Readonly<
  Record<Part, { low: number; high: number; byDefault: number; careful: typeof Math.min }>
> = {
  RaiseAbove: { low: 1, high: 100, byDefault: 90, careful: Math.min },
  RaiseBy: { low: 1, high: 1000, byDefault: 50, careful: Math.max },
  LowerBelow: { low: 0, high: 99, byDefault: 30, careful: Math.min },
  LowerBy: { low: 1, high: 99, byDefault: 50, careful: Math.min },
};

export interface Bounds {
  Min?: number;
  Max?: number;
}

/** The scaling of a table or index in the settings. */
export interface Scaling {
  readonly Method: 'step' | 'none';
  readonly Step?: Readonly<Partial<Record<Part, number>>>;
  readonly Read?: Bounds;
  readonly Write?: Bounds;
}

/** What is known about the reads or the writes. */
interface Dimension {
  readonly off: boolean;
  readonly bounds: Bounds;
  /** Percentages with the option that set them. */
  readonly step: ReadonlyMap<Part, StepValue>;
}

/** Converts the options of reads and writes. Lines and problems are added to the lists. */
export function scalingOf(
  options: readonly IniOption[],
  report: ReportLine[],
  problems: SourceProblem[],
): Scaling {
  const [reads, writes] = DIMENSIONS.map((which) => dimensionOf(which, options, report, problems)) as [
    Dimension,
    Dimension,
  ];
  const Step = stepOf([reads, writes], report);
  return {
    Method: reads.off && writes.off ? 'none' : 'step',
    ...(!(reads.off && writes.off) && Object.keys(Step).length > 0 && { Step }),
    ...(Object.keys(reads.bounds).length > 0 && { Read: reads.bounds }),
    ...(Object.keys(writes.bounds).length > 0 && { Write: writes.bounds }),
  };
}

function dimensionOf(
  which: (typeof DIMENSIONS)[number],
  options: readonly IniOption[],
  report: ReportLine[],
  problems: SourceProblem[],
): Dimension {
  const key = which === 'reads' ? 'Read' : 'Write';
  const known = convertedOptions(which);
  const units = unitsIn(options, known);
  const bounds: Bounds = {};
  const step = new Map<Part, StepValue>();
  let off = false;
  for (const option of options) {
    const converted = Object.hasOwn(known, option.name) ? known[option.name] : undefined;
    if (!converted) continue;
    const say: Say = (outcome, message) =>
      void report.push({ line: option.line, option: option.name, outcome, message });
    const { part } = converted;
    if (part === 'unit') sayUnit(option, converted.of, say);
    else if (part === 'zero') sayZero(option, key, say, problems);
    else if (part === 'all') off = isOff(option, say, problems);
    else if (part === 'Min' || part === 'Max') setBound(option, { key, part, bounds }, say, problems);
    else {
      const value = numberIn(option, problems);
      if (value === undefined) continue;
      if (units.get(part) === 'units') say('not-carried', inUnits(part, value));
      else setStep(step, part, { option, value }, report);
    }
  }
  checkBounds(which, bounds, options, problems);
  return { off, bounds, step };
}

interface StepValue {
  readonly option: IniOption;
  readonly value: number;
}

/** An option for what was consumed replaces the general one, wherever it is. */
function setStep(step: Map<Part, StepValue>, part: Part, one: StepValue, report: ReportLine[]): void {
  const other = step.get(part);
  const [winner, loser] = other && /consumed/.test(other.option.name) ? [other, one] : [one, other];
  step.set(part, winner);
  if (!loser) return;
  const message = `${winner.option.name} on line ${winner.option.line} replaces it.`;
  report.push({ line: loser.option.line, option: loser.option.name, outcome: 'not-needed', message });
}

function checkBounds(
  which: (typeof DIMENSIONS)[number],
  { Min = 1, Max = Infinity }: Bounds,
  options: readonly IniOption[],
  problems: SourceProblem[],
): void {
  if (Min <= Max) return;
  const { line } = options.findLast(({ name }) => name === `min-provisioned-${which}`) ?? { line: 1 };
  problems.push({ line, message: `min-provisioned-${which} ${Min} is more than the maximum ${Max}.` });
}

function sayUnit({ value }: IniOption, of: Part, say: Say): void {
  if (value === 'percent') say('not-needed', `${of} is in percent.`);
  else say('not-carried', `${of} can be in percent only.`);
}

function isOff(option: IniOption, say: Say, problems: SourceProblem[]): boolean {
  const off = yesOrNo(option, problems) === false;
  if (off)
    say(
      'changed',
      'If reads and writes are off, Method is "none". Otherwise set Min and Max to the same value.',
    );
  else say('not-needed', 'Scaling is on unless Method is "none".');
  return off;
}

const inUnits = (part: Part, value: number): string =>
  `${part} can be in percent only, so ${value} units are lost. The default is ${RULES[part].byDefault}%.`;

type Say = (outcome: ReportLine['outcome'], message: string) => void;

function sayZero(option: IniOption, key: string, say: Say, problems: SourceProblem[]): void {
  if (yesOrNo(option, problems) ?? true) say('not-needed', 'Turntable also lowers what is not used.');
  else say('not-carried', `Turntable lowers what is not used, down to ${key}.Min. Set ${key}.Min.`);
}

interface BoundOf {
  readonly key: string;
  readonly part: 'Min' | 'Max';
  readonly bounds: Bounds;
}

function setBound(
  option: IniOption,
  { key, part, bounds }: BoundOf,
  say: Say,
  problems: SourceProblem[],
): void {
  const value = numberIn(option, problems);
  if (value === undefined) return;
  if (value < 1) {
    problems.push({ line: option.line, message: `${option.name} ${option.value} is less than 1.` });
    return;
  }
  bounds[part] = Math.floor(value);
  say('carried', `Scaling.${key}.${part} is ${bounds[part]}.`);
}

/** In what RaiseBy and LowerBy are. Units of consumed options override the others. */
function unitsIn(
  options: readonly IniOption[],
  known: ReturnType<typeof convertedOptions>,
): Map<Part, string> {
  const units = new Map<Part, string>();
  const ordered = options.toSorted(
    (a, b) => Number(/consumed/.test(a.name)) - Number(/consumed/.test(b.name)),
  );
  for (const { name, value } of ordered) {
    const converted = known[name];
    if (converted?.part === 'unit') units.set(converted.of, value);
  }
  return units;
}

/** One value for reads and writes: the one that raises earlier or lowers later. A missing one has the default. */
function stepOf(
  dimensions: readonly [Dimension, Dimension],
  report: ReportLine[],
): Partial<Record<Part, number>> {
  const step: Partial<Record<Part, number>> = {};
  for (const part of PARTS) {
    const found = dimensions.flatMap((one) => one.step.get(part) ?? []);
    if (found.length === 0) continue;
    const { low, high, byDefault, careful } = RULES[part];
    const values = [...dimensions].map((one) => one.step.get(part)?.value ?? byDefault);
    const chosen = careful(...values);
    // LowerBelow must be less than RaiseAbove.
    const most = part === 'LowerBelow' ? (step.RaiseAbove ?? RULES.RaiseAbove.byDefault) - 1 : high;
    const value = Math.min(most, Math.max(low, Math.floor(chosen)));
    step[part] = value;
    for (const { option, value: own } of found) {
      const outcome = own === value ? 'carried' : 'changed';
      const message = sayStep(part, { value, own, values, most });
      report.push({ line: option.line, option: option.name, outcome, message });
    }
  }
  const { RaiseAbove = RULES.RaiseAbove.byDefault } = step;
  if (step.LowerBelow === undefined && RaiseAbove <= RULES.LowerBelow.byDefault)
    step.LowerBelow = RaiseAbove - 1;
  return step;
}

interface Chosen {
  readonly value: number;
  /** The value of this option. */
  readonly own: number;
  /** Of reads and writes. */
  readonly values: readonly number[];
  readonly most: number;
}

function sayStep(part: Part, { value, own, values: [reads, writes], most }: Chosen): string {
  const now = `Scaling.Step.${part} is ${value}.`;
  if (own === value && reads === writes) return now;
  if (reads !== writes)
    return `${now} Turntable has one value for reads (${reads}) and writes (${writes}), so it is the more careful one.`;
  return `${now} It must be an integer from ${RULES[part].low} to ${most}.`;
}
