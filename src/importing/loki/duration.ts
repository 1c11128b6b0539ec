const HOURS: Readonly<Record<string, number>> = {
  y: 8760,
  w: 168,
  d: 24,
  h: 1,
  m: 1 / 60,
  s: 1 / 3600,
  ms: 1 / 3_600_000,
};

/** Hours of a duration of Prometheus, `168h` or `1w2d`; undefined if it is invalid. https://prometheus.io/docs/prometheus/latest/configuration/configuration/ */
export function hoursOf(value: unknown): number | undefined {
  const text = String(value);
  if (text === '0') return 0;
  if (!/^(?:\d+(?:ms|[ywdhms]))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)(ms|[ywdhms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * HOURS[unit!]!,
    0,
  );
}
