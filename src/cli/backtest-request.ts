import { defaultMethod, groupReplays, leftToScaling, replays } from '../backtest/methods.ts';
import type { Replay } from '../backtest/replay.ts';
import type { SimulationOptions } from '../backtest/simulate.ts';
import { standingOf } from '../backtest/standing.ts';
import type { DemandSeries } from '../backtest/trace.ts';
import { loadPrices } from '../config/index.ts';
import { quote } from '../config/quote.ts';
import type { ConfigSource } from '../config/source.ts';
import type { RotationScheme } from '../core/calendar/period.ts';
import type { Dimension } from '../core/capacity/demand.ts';
import { messageOf } from '../core/failure.ts';
import { onDemandFactorOf, type Prices } from '../core/prices.ts';
import { type Config, parkedUnits, type Spec } from '../core/spec.ts';
import type { ReadOptions } from '../recorded/traces.ts';
import type { CommonOptions } from './context.ts';
import { UsageError } from './failure.ts';
import { requireWritableFolder } from './folder.ts';
import { requireGlobalIndex, specNamed } from './group.ts';
import { together } from './together.ts';
import { readTraces, scaled } from './traces.ts';

export interface BacktestOptions extends CommonOptions {
  readonly trace: readonly string[];
  readonly spec?: string;
  readonly dimension: Dimension;
  readonly index?: string;
  readonly method?: readonly string[];
  readonly mean?: string;
  readonly initial?: string;
  readonly burst?: string;
  readonly rotate: 'none' | RotationScheme;
  readonly out?: string;
  readonly period?: string;
  readonly gaps: 'error' | 'zero';
}

/** What to replay, and how. */
export interface BacktestRequest {
  readonly traces: readonly DemandSeries[];
  /** The methods to replay, a selection of `known`. */
  readonly names: readonly string[];
  readonly known: Readonly<Record<string, Replay>>;
  /** The method to compare with the others. */
  readonly about: string;
  readonly settings: SimulationOptions;
  readonly prices: Prices;
  /** Notices to print before the replay. */
  readonly notes: readonly string[];
}

/** @throws UsageError with all problems of the options and the traces; ConfigError */
export function requestOf(
  options: BacktestOptions,
  source: ConfigSource,
  configure: () => Config,
): BacktestRequest {
  const known = options.rotate === 'none' ? replays : groupReplays(options.rotate);
  const [names, mean, initial, burstSeconds, , spec, prices, read] = together(
    () => methodNames(options, Object.keys(known)),
    () => unitsOption('mean', options.mean),
    () => unitsOption('initial', options.initial),
    () => unitsOption('burst', options.burst),
    () => requireWritableOut(options.out),
    () => specOption(options, configure),
    () => loadPrices(source),
    () => readTraces(options.trace, readOptionsOf(options)),
  );
  const own = spec?.resources.find(({ index }) => index === options.index);
  const settled = methodOf(spec, options.index);
  const about = settled in known ? settled : defaultMethod;
  const settings: SimulationOptions = {
    burstSeconds,
    dimension: options.dimension,
    initial,
    onDemandFactor: onDemandFactorOf(prices, options.dimension),
    parked: own && parkedUnits(own)[options.dimension],
    full: own?.full[options.dimension],
    ...(spec && options.rotate !== 'none' && { standing: standingOf(spec, options.rotate) }),
    ...own?.scaling,
    ...own?.bounds[options.dimension],
  };
  const traces = scaled(read.traces, mean);
  const notes = [...read.notes, ...noteOf(options, spec, settled, about)];
  return { traces, names, known, about, settings, prices, notes };
}

/** @throws UsageError */
function readOptionsOf({ dimension, gaps, period }: BacktestOptions): ReadOptions {
  const periodSeconds = unitsOption('period', period);
  return { dimension, gaps, periodSeconds };
}

const ON_DEMAND = 'on-demand';

/** The method that the spec uses, by its name in the backtest. */
function methodOf(spec: Spec | undefined, index: string | undefined): string {
  if (!spec) return defaultMethod;
  if (spec.billing === 'auto') return leftToScaling;
  return spec.resources.find((resource) => resource.index === index)?.scaling.method ?? ON_DEMAND;
}

/** A notice if the backtest cannot replay the method that the spec uses. */
function noteOf(options: BacktestOptions, spec: Spec | undefined, settled: string, about: string): string[] {
  if (settled === about) return [];
  return [
    `Cannot replay method ${settled} of ${spec?.name}${rotatedBy(options)}. Replaying ${about} instead.`,
  ];
}

const rotatedBy = ({ rotate }: BacktestOptions): string =>
  rotate === 'none' ? '' : ` with --rotate ${rotate}`;

function specOption({ spec: name, index }: BacktestOptions, configure: () => Config): Spec | undefined {
  if (name === undefined && index === undefined) return undefined;
  if (name === undefined) throw new UsageError('--index requires --spec.');
  const spec = specNamed(configure(), name);
  requireGlobalIndex(spec, index);
  return spec;
}

function methodNames(options: BacktestOptions, known: readonly string[]): readonly string[] {
  const { method } = options;
  const unknown = (method ?? []).filter((name) => !known.includes(name)).map(quote);
  if (unknown.length === 0) return method ?? known;
  throw new UsageError(
    `Unknown method ${unknown.join(', ')}${rotatedBy(options)}. Known methods: ${known.join(', ')}.`,
  );
}

function unitsOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const units = Number(text);
  const least = name === 'burst' ? 0 : Number.MIN_VALUE;
  if (text.trim() !== '' && units >= least && units < Infinity) return units;
  throw new UsageError(
    `--${name} ${quote(text)} is not a number ${least ? 'greater than 0' : 'of at least 0'}.`,
  );
}

/** Checked before the replay, which can take minutes. */
function requireWritableOut(out: string | undefined): void {
  if (out === undefined) return;
  if (out === '') throw new UsageError('--out "" is not a folder.');
  try {
    requireWritableFolder(out);
  } catch (error) {
    throw new UsageError(`Cannot write to --out ${quote(out)}: ${messageOf(error)}`);
  }
}
