import type { TableSpec } from '../../generated/tables.ts';
import type { Finding, Sound } from '../finding.ts';
import type { Written } from '../written.ts';
import { keyRules } from './keys.ts';
import { optionRules } from './options.ts';
import { retentionRules } from './retention.ts';
import type { Rule } from './rule.ts';
import { throughputRules } from './throughput.ts';

const rules: readonly Rule[] = [...retentionRules, ...keyRules, ...throughputRules, ...optionRules];

/** What the rules find in one spec, as far as its parts are sound. */
export function findInSpec({ path, value }: Written, sound: Sound): Finding[] {
  return rules
    .filter(({ reads }) => reads.every((read) => sound([...path, ...read])))
    .flatMap((rule) => rule.check(value as TableSpec))
    .map((finding) => ({ ...finding, at: [...path, ...finding.at] }));
}
