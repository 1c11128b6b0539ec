import type { Spec } from '../spec.ts';

/** The command with which an operator confirms the retention of a group. */
export const confirmCommand = ({ name, environment }: Pick<Spec, 'name' | 'environment'>): string =>
  `turntable confirm ${name} --env ${environment}`;
