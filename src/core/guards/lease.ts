import { HOUR_MS } from '../calendar/period.ts';

/** No run takes a quarter of an hour, so no lease lasts for longer than this. */
export const LONGEST_LEASE_MS = HOUR_MS;
