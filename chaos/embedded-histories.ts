/**
 * One history in this many runs the deployed handlers on the embedded AWS, which takes about a minute. The others run on
 * the simulator. The first one comes early, so that short runs also include one.
 */
const EMBEDDED_EVERY = 400;
const FIRST_EMBEDDED = 50;

export const isEmbedded = (history: number): boolean => history % EMBEDDED_EVERY === FIRST_EMBEDDED;
