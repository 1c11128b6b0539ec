/**
 * Values that Grafana formats for readers, `1.50 K` or `12.3K ops/s`: a number, a scale and a unit. The scales are those of
 * its units "short" and of its throughput units:
 * https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts
 */
const FORM = /^(-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?)\s*(K|k|Mil|M|Bil|B|Tri|T)?(?:\s+(\S.*))?$/;

const SCALES: Readonly<Record<string, number>> = {
  K: 1e3,
  k: 1e3,
  Mil: 1e6,
  M: 1e6,
  Bil: 1e9,
  B: 1e9,
  Tri: 1e12,
  T: 1e12,
};

const PER_SECOND = [
  'cps',
  'c/s',
  'ops',
  'ops/s',
  'reqps',
  'req/s',
  'rps',
  'rd/s',
  'wps',
  'wr/s',
  'iops',
  'io/s',
];
const PER_MINUTE = ['cpm', 'c/m', 'opm', 'ops/m', 'reqpm', 'req/m', 'rpm', 'rd/m', 'wpm', 'wr/m'];

/** How many seconds a unit counts; undefined for units that are no rate. */
const secondsOf = (unit: string): number | undefined => {
  if (PER_SECOND.includes(unit)) return 1;
  return PER_MINUTE.includes(unit) ? 60 : undefined;
};

/** Units, per second if the text has a rate as its unit. undefined if it is no number, or its unit is no rate. */
export function formattedValue(text: string): number | undefined {
  const [, digits = '', scale, unit] = FORM.exec(text) ?? [];
  const seconds = unit === undefined ? 1 : secondsOf(unit);
  if (digits === '' || seconds === undefined) return undefined;
  return (Number(digits.replaceAll(',', '')) * (scale === undefined ? 1 : SCALES[scale]!)) / seconds;
}
