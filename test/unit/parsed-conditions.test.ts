/** A condition that was parsed before is what dynalite's own parser returns for the values of this call. */
import { createRequire } from 'node:module';
import patched, { type Context } from 'dynalite/db/conditionParser.js';
import { expect, it } from 'vitest';
import { parseConditionsOnce } from '../../src/embedded/parsed-conditions.ts';

parseConditionsOnce();

/** Another instance of dynalite's parser, as dynalite has it. */
const own = (() => {
  const require = createRequire(import.meta.url);
  const path = require.resolve('dynalite/db/conditionParser.js');
  const loaded = require.cache[path];
  delete require.cache[path];
  const parser = require(path) as typeof patched;
  if (loaded) require.cache[path] = loaded;
  return parser;
})();

const keys = (names: object) => Object.fromEntries(Object.keys(names).map((name) => [name, true as const]));

/** What a parser returns, and the names that it has not found. */
function parsedBy(parser: typeof patched, expression: string, attrVals: Record<string, object>) {
  const attrNames = { '#owner': 'Owner' };
  const context: Context & Record<string, unknown> = {
    attrNames,
    attrVals: structuredClone(attrVals),
    unusedAttrNames: keys(attrNames),
    unusedAttrVals: keys(attrVals),
    isReserved: (name: string) => name === 'name',
    compare: () => false,
  };
  const result = parser.parse(expression, { context });
  return [JSON.parse(JSON.stringify(result)), context.unusedAttrNames, context.unusedAttrVals];
}

it.each([
  ['Id = :a AND (attribute_not_exists(#owner) OR NOT #owner <= :b)', { ':a': { S: 'x' }, ':b': { N: '1' } }],
  ['Id = :a AND (attribute_not_exists(#owner) OR NOT #owner <= :b)', { ':a': { S: 'y' }, ':b': { N: '2' } }],
  ['Id = :a AND (attribute_not_exists(#owner) OR NOT #owner <= :b)', { ':a': { N: '3' }, ':b': { S: 'x' } }],
  ['Id = :a', { ':a': { S: 'x' } }],
  ['Id = :a', { ':a': { S: 'x' }, ':unused': { S: 'z' } }],
  ['Id = :a', { ':a': { S: 'y' }, ':unused': { S: 'z' } }],
  ['attribute_type(Id, :a)', { ':a': { S: 'N' } }],
  ['attribute_type(Id, :a)', { ':a': { S: 'SS' } }],
  ['attribute_type(Id, :a)', { ':a': { S: 'no type' } }],
  ['attribute_type(Id, :a)', { ':a': { N: '1' } }],
  ['Id BETWEEN :a AND :b', { ':a': { N: '1' }, ':b': { N: '2' } }],
  ['Id BETWEEN :a AND :b', { ':a': { S: '1' }, ':b': { N: '2' } }],
  ['Id in (:a, :b) and begins_with(#owner, :a)', { ':a': { S: '1' }, ':b': { NULL: true } }],
  ['Id = :missing', { ':a': { S: 'x' } }],
  ['name = :a', { ':a': { S: 'x' } }],
  ['((Id = :a))', { ':a': { S: 'x' } }],
  ['Id[0].x = :a', { ':a': { L: [{ S: 'x' }] } }],
])('%s with %o', (expression, values) => {
  const expected = parsedBy(own, expression, values);
  for (let call = 0; call < 2; call += 1) expect(parsedBy(patched, expression, values)).toEqual(expected);
});

it('is not changed by who gets it', () => {
  const parse = () =>
    patched.parse('Id <> :a', {
      context: {
        attrVals: { ':a': { S: 'x' } },
        unusedAttrNames: {},
        unusedAttrVals: {},
        isReserved: () => false,
      } as never,
    }) as { expression: { args: unknown[] } };
  const first = parse();
  first.expression.args.length = 0;
  expect(parse().expression.args).toEqual([['Id'], { S: 'x' }]);
});

it('fails for an expression that cannot be parsed, each time', () => {
  for (let call = 0; call < 2; call += 1)
    expect(() => parsedBy(patched, 'Id = = :a', { ':a': { S: 'x' } })).toThrow('Expected');
});
