// Constants only: a bundler puts these numbers where they are used, as long as this file has nothing else.

/** The years whose names have four digits, [FIRST_MS, END_MS). Epoch microseconds of our time are far beyond them. */
export const FIRST_MS = -62_167_219_200_000;
export const END_MS = 253_402_300_800_000;

/** A smaller number is in epoch seconds: as milliseconds, seconds of our time are a day in 1970. 0 is the epoch. */
export const EARLIEST_MS = 1e11;

/** More periods than an application uses at a time. */
export const MOST_KNOWN = 1_000;
