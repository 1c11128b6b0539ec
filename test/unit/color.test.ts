import { describe, expect, test } from 'vitest';
import { usesColor } from '../../src/cli/views/text.ts';

const terminal = { isTTY: true };
const pipe = {};

describe('prints colors', () => {
  test.each([
    ['on a terminal', {}, terminal, true],
    ['not in a pipe', {}, pipe, false],
    ['not in the log of a CI build', { CI: 'true' }, pipe, false],
    ['not with NO_COLOR', { NO_COLOR: '1' }, terminal, false],
    ['with an empty NO_COLOR', { NO_COLOR: '' }, terminal, true],
    ['not on a terminal without colors', { TERM: 'dumb' }, terminal, false],
    ['in a pipe with FORCE_COLOR', { FORCE_COLOR: '1' }, pipe, true],
    ['not with FORCE_COLOR=0', { FORCE_COLOR: '0' }, terminal, false],
    ['not with NO_COLOR and FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, terminal, false],
  ])('%s', (_, env, stream, expected) => {
    expect(usesColor(env, stream)).toBe(expected);
  });
});
