/** The commands that messages tell an operator to run. */
import type { Spec } from './spec.ts';

type Group = Pick<Spec, 'name' | 'environment'>;

/** Confirms the retention of a group. */
export const confirmCommand = ({ name, environment }: Group): string =>
  `turntable confirm ${name} --env ${environment}`;

/** Previews the teardown of an environment. */
export const teardownCommand = (environment: string): string => `turntable teardown --env ${environment}`;

/** Opens a closed environment again. */
export const undoTeardownCommand = (environment: string): string =>
  `turntable teardown --undo --env ${environment}`;

/** Previews the adoption of the unmanaged tables of a group. */
export const adoptCommand = ({ name, environment }: Group): string =>
  `turntable adopt ${name} --env ${environment}`;
