import type { Properties } from '../../generated/tables.ts';
import type { Finding } from '../finding.ts';
import type { Path } from '../problem.ts';
import { quote } from '../quote.ts';
import type { Rule } from './rule.ts';

const P = 'Properties';
const VECTORS: Path = [P, 'VectorIndexes'];

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_VectorIndex.html */
const MOST = { HASH: 1, INLINE_FILTER: 18 } as const;

/** A finding for each vector index. */
const each = (
  { VectorIndexes: indexes = [] }: Properties,
  check: (index: NonNullable<Properties['VectorIndexes']>[number], path: Path) => Finding[],
): Finding[] => indexes.flatMap((index, i) => check(index, [...VECTORS, i]));

/** The attributes that searches use. AttributeDefinitions has to define them. */
export const searchedAttributes = ({ VectorIndexes: indexes = [] }: Properties) =>
  indexes.flatMap(({ SearchSchema: elements = [] }, i) =>
    elements.map(({ AttributeName: name }, place) => ({
      at: [...VECTORS, i, 'SearchSchema', place, 'AttributeName'],
      name,
    })),
  );

/** The type of the vector is a list of numbers, which AttributeDefinitions cannot say. */
const definedVectors = (properties: Properties): Finding[] =>
  each(properties, ({ VectorAttribute: { AttributeName: name } }, path) =>
    properties.AttributeDefinitions.some(({ AttributeName }) => AttributeName === name)
      ? [
          {
            at: [...path, 'VectorAttribute', 'AttributeName'],
            message: `is ${quote(name)}, but AttributeDefinitions defines that attribute. A vector cannot be defined there.`,
          },
        ]
      : [],
  );

const tooManyElements = (properties: Properties): Finding[] =>
  each(properties, ({ SearchSchema: elements = [] }, path) =>
    (['HASH', 'INLINE_FILTER'] as const).flatMap((type) => {
      const count = elements.filter((one) => one.SearchSchemaElementType === type).length;
      const message = `has ${count} ${type} attributes, but DynamoDB allows ${MOST[type]}.`;
      return count > MOST[type] ? [{ at: [...path, 'SearchSchema'], message }] : [];
    }),
  );

const repeatedElements = (properties: Properties): Finding[] =>
  each(properties, ({ SearchSchema: elements = [] }, path) => {
    const names = elements.map(({ AttributeName }) => AttributeName);
    return names.flatMap((name, i) => {
      const at = [...path, 'SearchSchema', i, 'AttributeName'];
      const message = `is ${quote(name)}, but this SearchSchema already contains that attribute.`;
      return names.indexOf(name) === i ? [] : [{ at, message }];
    });
  });

export const vectorRules: readonly Rule[] = [
  {
    reads: [VECTORS, [P, 'BillingMode']],
    check: ({ Properties: { VectorIndexes: indexes, BillingMode: mode } }) =>
      indexes === undefined || mode === 'PAY_PER_REQUEST'
        ? []
        : [{ at: VECTORS, message: 'is not allowed unless the table has BillingMode "PAY_PER_REQUEST".' }],
  },
  {
    reads: [VECTORS, [P, 'AttributeDefinitions']],
    check: ({ Properties }) => definedVectors(Properties),
  },
  {
    reads: [VECTORS],
    check: ({ Properties }) => [...tooManyElements(Properties), ...repeatedElements(Properties)],
  },
];
