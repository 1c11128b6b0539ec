import type { Closing, ListedTable } from '../core/facts.ts';
import { ServiceError } from '../core/failure.ts';
import { isInstant } from './state-items.ts';
import type { Item } from './state-records.ts';

/** The mark of an environment. Each table has a few bytes more than its name, so thousands fit in one item of 400 KB. */
export const closingItem = ({ since, by, tables }: Closing): Item => ({
  Since: { N: String(Math.floor(since)) },
  ...(by !== undefined && { By: { S: by } }),
  Tables: {
    M: Object.fromEntries(
      [...tables].map(([id, { name, listedAt }]) => [
        id,
        { M: { Name: { S: name }, ListedAt: { N: String(Math.ceil(listedAt)) } } },
      ]),
    ),
  },
});

/**
 * A mark of `environment`. A table whose entry is invalid is not listed, so that it stays.
 * @throws ServiceError `refused` if the mark is invalid, or of another environment, such as that of a copied state table
 */
export function closingFrom({ Id, Since, By, Tables }: Item, environment: string): Closing {
  const since = Number(Since?.N);
  const wrong = (what: string): ServiceError =>
    new ServiceError(
      'refused',
      `The record that the environment is closed ${what}, so it does not count. To remove it, run \`turntable teardown --undo --env ${environment}\`.`,
    );
  if (Id?.S !== environment) throw wrong(`is for ${Id?.S ?? 'no environment'}`);
  if (!isInstant(since) || !Tables?.M) throw wrong('is invalid');
  const tables = Object.entries(Tables.M).flatMap(([id, { M }]): [string, ListedTable][] => {
    const listedAt = Number(M?.ListedAt?.N);
    const name = M?.Name?.S;
    return name === undefined || !isInstant(listedAt) ? [] : [[id, { name, listedAt }]];
  });
  return { environment, since, ...(By?.S !== undefined && { by: By.S }), tables: new Map(tables) };
}
