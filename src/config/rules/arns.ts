import { sayElsewhere } from '../../core/streams.ts';
import type { Finding, Sound } from '../finding.ts';
import { at } from '../merge.ts';
import type { Path } from '../problem.ts';
import { formatPath, quote } from '../quote.ts';
import type { Written } from '../written.ts';

interface Named {
  readonly at: Path;
  readonly arn: string;
}

/**
 * Functions and data streams of different Regions or accounts. All tables of a deployment are in one account and Region, and rotate
 * attaches only what is there too, so one of them is wrong.
 */
export function findInArns(specs: readonly Written[], sound: Sound): Finding[] {
  const named = specs.flatMap(namesIn).filter(({ at, arn }) => sound(at) && arn.startsWith('arn:'));
  const [first, ...others] = named;
  return others.flatMap(({ at, arn }): Finding[] => {
    const elsewhere = sayElsewhere(arn, first!.arn, formatPath(first!.at));
    const message = `is ${quote(arn)}, which ${elsewhere}. Consumers and data streams must be in the account and Region of the tables.`;
    return elsewhere === undefined ? [] : [{ at, message }];
  });
}

function namesIn({ path, value }: Written): Named[] {
  const consumers = at(value, ['Consumers']);
  const places: Path[] = [
    ...(Array.isArray(consumers) ? consumers.map((_, i) => ['Consumers', i, 'Function']) : []),
    ['KinesisStreamDestination', 'Stream'],
  ];
  return places.flatMap((place): Named[] => {
    const arn = at(value, place);
    return typeof arn === 'string' ? [{ at: [...path, ...place], arn }] : [];
  });
}
