/** A variant of the method: how cautiously it decides. */
export interface Variant {
  /** From 0, low headroom, to 1. */
  readonly caution: number;
  /** The part of the baseline's capacity that capacity is never below, from 0 to 1. */
  readonly following: number;
  /** The part of the capacity that recent jumps needed, which capacity is never below, from 0 to 1. */
  readonly ready: number;
}

/** One copy of the method for each. */
export const VARIANTS: readonly Variant[] = [
  { caution: 0, following: 0, ready: 0 },
  { caution: 0.3, following: 0, ready: 0 },
  { caution: 0.3, following: 0, ready: 1 },
  { caution: 1, following: 0, ready: 0 },
  { caution: 1, following: 1, ready: 0 },
];

/** The variant of a new table, which is cautious: its index. */
export const FIRST_VARIANT = 3;

/** Minutes after which the initial caution has fallen to a third: demand shows its pattern within a day. */
const INITIAL_MINUTES = 1440;

/** The least cautious variant that is allowed after a number of learned minutes. Novel demand needs all caution. */
export const leastVariant = (age: number, isNovel: boolean): Variant => ({
  caution: isNovel ? 1 : Math.exp(-age / INITIAL_MINUTES),
  following: isNovel ? 1 : 0,
  ready: 0,
});

export const moreCautious = (a: Variant, b: Variant): Variant => ({
  caution: Math.max(a.caution, b.caution),
  following: Math.max(a.following, b.following),
  ready: Math.max(a.ready, b.ready),
});
