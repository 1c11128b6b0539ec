import type { TableSpec } from '../../generated/tables.ts';
import type { Finding, Sound } from '../finding.ts';
import { at } from '../merge.ts';
import type { Path } from '../problem.ts';
import type { Written } from '../written.ts';
import { consumerRules } from './consumers.ts';
import { earlierSchemeRules } from './earlier-schemes.ts';
import { keyRules } from './keys.ts';
import { optionRules } from './options.ts';
import { replicaRules } from './replicas.ts';
import { retentionRules } from './retention.ts';
import type { Rule } from './rule.ts';
import { throughputRules } from './throughput.ts';
import { vectorRules } from './vectors.ts';

const rules: readonly Rule[] = [
  ...retentionRules,
  ...earlierSchemeRules,
  ...keyRules,
  ...throughputRules,
  ...optionRules,
  ...consumerRules,
  ...replicaRules,
  ...vectorRules,
];

/** The findings of the rules whose parts of the spec are valid. */
export function findInSpec({ path, value }: Written, sound: Sound): Finding[] {
  return rules
    .filter(({ reads }) =>
      reads.flatMap((read) => places(value, read)).every((read) => sound([...path, ...read])),
    )
    .flatMap((rule) => rule.check(value as TableSpec))
    .map((finding) => ({ ...finding, at: [...path, ...finding.at] }));
}

/** The paths in a value that match a path with `*`. */
function places(value: unknown, path: Path): Path[] {
  const star = path.indexOf('*');
  if (star < 0) return [path];
  const list = path.slice(0, star);
  const elements = at(value, list);
  if (!Array.isArray(elements)) return [list];
  return elements.flatMap((_, i) => places(value, [...list, i, ...path.slice(star + 1)]));
}
