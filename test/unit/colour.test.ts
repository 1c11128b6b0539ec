import { describe, expect, test } from 'vitest';
import { colourful } from '../../src/cli/views/text.ts';

const terminal = { isTTY: true };
const pipe = {};

describe('colour', () => {
  test.each([
    ['on a terminal', {}, terminal, true],
    ['not in a pipe', {}, pipe, false],
    ['not in the log of a build, which people read with other tools', { CI: 'true' }, pipe, false],
    ['not with NO_COLOR', { NO_COLOR: '1' }, terminal, false],
    ['with an empty NO_COLOR, which says nothing', { NO_COLOR: '' }, terminal, true],
    ['not on a terminal that has none', { TERM: 'dumb' }, terminal, false],
    ['in a pipe with FORCE_COLOR', { FORCE_COLOR: '1' }, pipe, true],
    ['not with FORCE_COLOR=0', { FORCE_COLOR: '0' }, terminal, false],
    ['not with NO_COLOR, whatever FORCE_COLOR says', { NO_COLOR: '1', FORCE_COLOR: '1' }, terminal, false],
  ])('%s', (_, env, stream, expected) => {
    expect(colourful(env, stream)).toBe(expected);
  });
});
