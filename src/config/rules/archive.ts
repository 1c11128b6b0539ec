import type { Finding, Sound } from '../finding.ts';
import { at, merge } from '../merge.ts';
import type { Path } from '../problem.ts';
import { quote } from '../quote.ts';
import { scopesOf } from './levels.ts';

const ARCHIVE: Path = ['Purge', 'Archive'];

/**
 * Every Archive that is not possible after the levels are merged, in any environment. `recoverable`: whether each spec enables
 * point-in-time recovery, or undefined if that is uncertain. DynamoDB exports no table without it:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html
 */
export function findInArchives(
  file: unknown,
  recoverable: ReadonlyMap<string, boolean | undefined>,
  sound: Sound,
): Finding[] {
  return scopesOf(file, [...recoverable.keys()]).flatMap(({ spec, levels }) => {
    const places = levels.map((level) => [...level, ...ARCHIVE]);
    const place = places.findLast((path) => at(file, path) !== undefined);
    if (!place || !places.every(sound)) return [];
    const archive = merge(places.map((path) => at(file, path)));
    if (at(archive, ['Enabled']) === false) return [];
    if (at(archive, ['Bucket']) === undefined) return [{ at: place, message: MISSING }];
    return recoverable.get(spec) === false ? [{ at: place, message: needsRecovery(spec) }] : [];
  });
}

const MISSING = 'is missing "Bucket", the name of the bucket that purge exports tables to.';

const needsRecovery = (spec: string): string =>
  `requires point-in-time recovery, because DynamoDB exports a table from its continuous backups, but ${quote(spec)} does not enable it. Add "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true } to the Properties of the spec, or set "Archive": { "Enabled": false } for ${quote(spec)} under Tables.`;
