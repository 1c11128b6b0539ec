import type { Consumer } from '../../generated/tables.ts';
import type { Finding } from '../finding.ts';
import type { Path } from '../problem.ts';
import { quote } from '../quote.ts';
import type { Rule } from './rule.ts';

const CONSUMERS: Path = ['Consumers'];

/** `visits:live` of any form of a function's name: `visits:live`, `arn:…:function:visits:live`. */
const nameOf = ({ Function: name }: Consumer): string => name.replace(/^.*:function:/, '');

export const consumerRules: readonly Rule[] = [
  {
    reads: [CONSUMERS, ['Properties', 'StreamSpecification']],
    check({ Consumers: consumers, Properties: { StreamSpecification: stream } }) {
      if (!consumers || stream?.StreamEnabled) return [];
      const message =
        'requires Properties.StreamSpecification with StreamEnabled true, because a function gets the changes of a table from its stream.';
      return [{ at: CONSUMERS, message }];
    },
  },
  {
    reads: [[...CONSUMERS, '*', 'Function']],
    check({ Consumers: consumers = [] }) {
      const names = consumers.map(nameOf);
      return consumers.flatMap((consumer, i): Finding[] => {
        if (names.indexOf(nameOf(consumer)) === i) return [];
        const message = `is ${quote(consumer.Function)}, which is already in use. Lambda allows one event source mapping for each function and stream.`;
        return [{ at: [...CONSUMERS, i, 'Function'], message }];
      });
    },
  },
  {
    reads: [[...CONSUMERS, '*', 'FilterCriteria']],
    check({ Consumers: consumers = [] }) {
      return consumers.flatMap(({ FilterCriteria: criteria }, i) =>
        (criteria?.Filters ?? []).flatMap(({ Pattern: pattern }, j): Finding[] => {
          if (isJsonObject(pattern)) return [];
          const at = [...CONSUMERS, i, 'FilterCriteria', 'Filters', j, 'Pattern'];
          return [{ at, message: `is ${quote(pattern)}, but must be a filter pattern as JSON text.` }];
        }),
      );
    },
  },
];

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
