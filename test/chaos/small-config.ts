import { configOf, HOUR, specOf, units } from '../support/specs.ts';

const settings = {
  drainMs: 0,
  warmUpMs: HOUR,
};

/** Two groups that retain one day each. Tables of the first day are deleted on the third. */
export const smallConfig = configOf([
  specOf({
    name: 'Events',
    keep: 1,
    full: units(5, 5),
    outdated: units(1, 1),
    settings,
    scaling: { method: 'none' },
  }),
  specOf({ name: 'Flags', keep: 1, onDemand: true, settings, scaling: { method: 'none' } }),
]);
