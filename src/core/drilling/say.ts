/** `USD 1.66`, or `less than USD 0.01`. */
export const sayUsd = (usd: number): string =>
  usd > 0 && usd < 0.01 ? 'less than USD 0.01' : `USD ${usd.toFixed(2)}`;
