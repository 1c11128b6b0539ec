import { outgrown } from '../../function-size.ts';
import { checkWith } from '../check.ts';

/** Without deployment.json, such as on a server, no function has to be large enough. */
export const functionSize = checkWith(
  'a fleet that is too large for `MemorySize` and `Shards`',
  ['fleet'],
  ({ fleet }, { functionSize: size }) => {
    const trouble = size && outgrown(fleet.tables.length, size);
    return trouble ? [{ severity: 'warning' as const, ...trouble }] : [];
  },
);
