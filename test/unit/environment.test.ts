/** Environments that settings.json does not list. */
import { describe, expect, it } from 'vitest';
import { unlistedAmong } from '../../src/config/environment.ts';
import { typingErrors } from '../../src/config/similar.ts';
import { Observed } from '../../src/core/observed.ts';
import { planRotate } from '../../src/core/rotating/rotate.ts';
import { at, configOf, specOf } from '../support/specs.ts';
import { observedOf, sayDraft } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');

describe('typing errors', () => {
  it.each<[string, string, number]>([
    ['', '', 0],
    ['', 'ab', 2],
    ['production', 'production', 0],
    ['prodution', 'production', 1],
    ['prodcution', 'production', 1],
    ['poduction', 'productions', 2],
    ['ca', 'abc', 3],
    ['staging', 'production', 9],
  ])('between "%s" and "%s" are %i', (a, b, count) => {
    expect(typingErrors(a, b)).toBe(count);
    expect(typingErrors(b, a)).toBe(count);
  });
});

describe('the name of an environment', () => {
  it.each<[string, string[], string | undefined]>([
    ['prodution', ['staging', 'production'], 'production'],
    ['Production', ['production'], 'production'],
    ['productoin', ['production'], 'production'],
    ['prdo', ['prod'], 'prod'],
    ['dve', ['dev', 'prod'], 'dev'],
    ['stagin', ['staging1', 'staging'], 'staging'],
    ['feature-x', ['production', 'staging'], undefined],
    ['pre-production', ['production'], undefined],
    ['qa', ['uat', 'it'], undefined],
    ['test', ['prod', 'dev'], undefined],
  ])('%s is similar, among %j, to %s', (name, listed, similarTo) => {
    expect(unlistedAmong(name, listed)).toEqual(similarTo === undefined ? {} : { similarTo });
  });

  it('is not doubtful if settings.json lists it, or lists no environments', () => {
    expect(unlistedAmong('production2', ['production', 'production2'])).toBeUndefined();
    expect(unlistedAmong('anything', [])).toBeUndefined();
  });
});

describe('for an environment with a mistyped name, rotate', () => {
  const spec = specOf({ environment: 'prodution' });
  const config = { ...configOf([spec]), unlisted: { similarTo: 'production' } };
  const message = (effect: string): string =>
    `settings.json does not list the environment prodution. Did you mean production? ${effect} If the name is correct, add it to Environments in settings.json.`;

  it('creates nothing, and fails once for all groups', () => {
    const two = { ...config, specs: [spec, specOf({ environment: 'prodution', name: 'Other' })] };
    const { actions, holds } = planRotate(two, new Observed(['production.Events.20261121']), NOON);
    expect(actions).toEqual([]);
    const effect = 'Rotate creates nothing in it, because the name might be a typing error.';
    expect(holds).toMatchObject([{ reason: 'environment-unlisted', urgent: true, message: message(effect) }]);
  });

  it('goes on if it has tables already, and fails', () => {
    const name = 'prodution.Events.20261121';
    const { actions, holds } = planRotate(config, observedOf([{ spec, name }]), NOON);
    expect(sayDraft({ actions, holds: [] })).toEqual(['create prodution.Events.20261122 (missing)']);
    expect(holds).toMatchObject([
      { urgent: true, message: message('It has tables already, so rotate goes on.') },
    ]);
  });

  it('creates tables of an unlisted environment with another name', () => {
    const { actions } = planRotate({ ...config, unlisted: {} }, observedOf([]), NOON);
    expect(actions).toHaveLength(2);
  });
});
