import { placeOf, sayElsewhere } from '../../core/streams.ts';
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
 * Replicas in the Region of the tables, and functions and data streams of different Regions or accounts. All tables of a deployment are in one account and Region, and rotate
 * attaches only what is there too, so one of them is wrong.
 */
export function findInArns(specs: readonly Written[], sound: Sound): Finding[] {
  const named = specs.flatMap(namesIn).filter(({ at, arn }) => sound(at) && arn.startsWith('arn:'));
  const [first, ...others] = named;
  const home = first ?? specs.map(keyIn).find((one) => one && sound(one.at));
  const own = home ? specs.flatMap((spec) => ownReplicas(spec, home, sound)) : [];
  const elsewhere = others.flatMap(({ at, arn }): Finding[] => {
    const elsewhere = sayElsewhere(arn, first!.arn, formatPath(first!.at));
    const message = `is ${quote(arn)}, which ${elsewhere}. Consumers and data streams must be in the account and Region of the tables.`;
    return elsewhere === undefined ? [] : [{ at, message }];
  });
  return [...elsewhere, ...own];
}

/** Replicas in the Region of the tables, by an ARN of something that is in that Region. */
function ownReplicas({ path, value }: Written, home: Named, sound: Sound): Finding[] {
  const region = placeOf(home.arn)?.region;
  const replicas = at(value, ['Replicas']);
  return (Array.isArray(replicas) ? replicas : []).flatMap((replica, i): Finding[] => {
    const place = [...path, 'Replicas', i, 'RegionName'];
    if (region === undefined || at(replica, ['RegionName']) !== region || !sound(place)) return [];
    const message = `is ${quote(region)}, which is the Region of the tables, by the ARN in ${formatPath(home.at)}. A replica is in another Region.`;
    return [{ at: place, message }];
  });
}

/** The KMS key of the tables, which is in their Region. */
function keyIn({ path, value }: Written): Named | undefined {
  const place: Path = ['Properties', 'SSESpecification', 'KMSMasterKeyId'];
  const arn = at(value, place);
  return typeof arn === 'string' && arn.startsWith('arn:') ? { at: [...path, ...place], arn } : undefined;
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
