/** A variant of the method: how cautiously it decides. */
export interface Variant {
  /** How much of burst capacity is reserved for jumps: from 0, little, to 1, half. */
  readonly caution: number;
  /** How far capacity lies above expected demand, from 0 to 1. */
  readonly headroom: number;
  /** The part of the baseline's capacity that capacity is never below, from 0 to 1. */
  readonly following: number;
  /** The part of the capacity that recent jumps needed, which capacity is never below, from 0 to 1. */
  readonly ready: number;
  /** The part of a jump above the level of demand that raises leave out, from 0 to 1: it may end before a raise takes effect. */
  readonly patience: number;
}

const boldest: Variant = { caution: 0, headroom: 0, following: 0, ready: 0, patience: 0 };

/** One copy of the method for each. */
export const VARIANTS: readonly Variant[] = [
  boldest,
  { ...boldest, caution: 0.3 },
  { ...boldest, caution: 1, patience: 1 },
  { ...boldest, caution: 1 },
  { ...boldest, caution: 1, ready: 1 },
  { ...boldest, caution: 1, headroom: 1, following: 1 },
];

/** The variant of a new table, which is cautious: its index. */
export const FIRST_VARIANT = 3;

/** Minutes in which a new table has all caution and headroom. Afterwards it has less of both, because demand shows its pattern within a day. */
const FIRST_MINUTES = 60;
/** Minutes after which the initial caution, headroom and lack of patience have fallen to a third. */
const INITIAL_MINUTES = { caution: 720, headroom: 300, impatience: 1440 };

/** The least cautious variant that is allowed after a number of learned minutes. Novel demand needs all caution. */
export function leastVariant(age: number, isNovel: boolean): Variant {
  if (isNovel) return { caution: 1, headroom: 1, following: 1, ready: 0, patience: 0 };
  const later = Math.max(0, age - FIRST_MINUTES);
  return {
    caution: Math.exp(-later / INITIAL_MINUTES.caution),
    headroom: Math.exp(-later / INITIAL_MINUTES.headroom),
    following: 0,
    ready: 0,
    patience: 1 - Math.exp(-age / INITIAL_MINUTES.impatience),
  };
}

export const moreCautious = (a: Variant, b: Variant): Variant => ({
  caution: Math.max(a.caution, b.caution),
  headroom: Math.max(a.headroom, b.headroom),
  following: Math.max(a.following, b.following),
  ready: Math.max(a.ready, b.ready),
  patience: Math.min(a.patience, b.patience),
});
