/** A table that Turntable does not manage, with the name of a current or upcoming table. */
import { describe, expect, it } from 'vitest';
import { periodAt } from '../../src/core/calendar/period.ts';
import { tagsFor } from '../../src/core/guards/ownership.ts';
import { planRotate } from '../../src/core/rotating/rotate.ts';
import type { Schema } from '../../src/core/schema.ts';
import { at, configOf, HOUR, type SpecOptions, specOf } from '../support/specs.ts';
import { type Known, observedOf, sayDraft } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const TODAY = 'production.Events.20261121';
const TOMORROW = 'production.Events.20261122';
const CREATED = { createdAt: NOON - HOUR };

function rotate(known: Omit<Known, 'spec'>, options: SpecOptions = {}) {
  const spec = specOf(options);
  const all = [TODAY, TOMORROW].map(
    (name): Known => ({ spec, name, state: CREATED, ...(known.name === name && known) }),
  );
  return planRotate(configOf([spec]), observedOf(all), NOON);
}

const own = (changed: Record<string, string>) => ({
  ...tagsFor(specOf(), periodAt('daily', NOON)),
  ...changed,
});

const OTHER_KEY = {
  AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'N' as const }],
  KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' as const }],
};
const COPY = 'Copy what you need from it, then delete it. Rotate then creates its own.';
const ADOPT = 'To manage it, run turntable adopt Events --env production. If you do not need it, delete it.';
const RENAME = 'Rename the spec, or delete the table if you do not need it. Rotate then creates its own.';
const KEY = 'The key is Id (N, HASH), but the spec says Key (S, HASH).';
const PLACE = 'This table is in the place of the current table, but Turntable does not manage it.';

describe('rotate fails, and says what differs, if an unmanaged table', () => {
  it.each<[string, Omit<Known, 'spec' | 'name'>, string]>([
    ['has no tags', { tags: {} }, `It has no ownership tags. ${ADOPT}`],
    [
      'has other tags and another key',
      { tags: { team: 'web' }, state: { schema: OTHER_KEY } },
      `It has no ownership tags. ${KEY} ${COPY}`,
    ],
    [
      'has an index that the spec does not have',
      {
        tags: {},
        state: {
          schema: {
            ...specOf().properties,
            GlobalSecondaryIndexes: [
              { IndexName: 'byId', KeySchema: OTHER_KEY.KeySchema, Projection: { ProjectionType: 'ALL' } },
            ],
          },
        },
      },
      `It has no ownership tags. The spec does not have the index byId. ${COPY}`,
    ],
    [
      'has another billing mode',
      { tags: {}, state: { billingMode: 'PAY_PER_REQUEST' } },
      `It has no ownership tags. The table is on-demand, but the spec says provisioned. ${ADOPT}`,
    ],
    [
      'is a global table',
      { tags: {}, state: { global: true } },
      `It has no ownership tags. The table is a global table, but the spec has no Replicas. ${COPY}`,
    ],
    [
      'has the tags of another environment',
      { tags: own({ 'turntable:environment': 'staging' }) },
      `The tag turntable:environment is "staging" instead of "production". ${RENAME}`,
    ],
    [
      'has the tags of another group',
      { tags: own({ 'turntable:spec': 'Clicks' }) },
      `The tag turntable:spec is "Clicks" instead of "Events". ${RENAME}`,
    ],
    [
      'has the tags of another period',
      { tags: own({ 'turntable:period': '2026-11-20T00:00:00.000Z' }) },
      `The tag turntable:period is "2026-11-20T00:00:00.000Z" instead of "2026-11-21T00:00:00.000Z". ${RENAME}`,
    ],
  ])('%s', (_, known, message) => {
    const state = { ...CREATED, ...known.state };
    const { actions, holds } = rotate({ name: TODAY, ...known, state });
    expect(holds).toMatchObject([
      { kind: 'use', table: TODAY, reason: 'not-owned', urgent: true, message: `${PLACE} ${message}` },
    ]);
    expect(actions).toEqual([]);
  });

  it('is in the place of an upcoming table', () => {
    const { holds } = rotate({ name: TOMORROW, tags: {}, state: { ...CREATED, schema: OTHER_KEY } });
    expect(holds).toMatchObject([
      {
        urgent: true,
        message: `This table is in the place of the table for the period that starts at 2026-11-22 00:00 UTC, but Turntable does not manage it. It has no ownership tags. ${KEY} ${COPY}`,
      },
    ]);
  });
});

it('A table that DynamoDB still restores is not called unmanaged, because restore adds its tags at the end', () => {
  const state = { ...CREATED, status: 'CREATING', restoring: true };
  const { holds } = rotate({ name: TODAY, tags: {}, state });
  expect(holds.map(({ reason }) => reason)).toEqual(['table-unusable']);
});

describe('a managed table that differs from its spec', () => {
  const REPLACE = 'If it has no items that you need, delete it. Rotate then creates it as the spec says.';
  const LATER =
    'Turntable does not change the key, the indexes or the stream of a table that exists. It creates the tables of later periods as the spec says.';
  const withStream: Schema = {
    ...specOf().properties,
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
  };
  const STREAM = 'The table has a stream of KEYS_ONLY, but the spec says no stream.';

  it.each<[string, string, Schema, string, boolean]>([
    ['in its key, before its period', TOMORROW, OTHER_KEY, `${KEY} ${REPLACE}`, true],
    ['in its key, while it is in use', TODAY, OTHER_KEY, `${KEY} ${LATER}`, false],
    [
      'in its stream, before its period',
      TOMORROW,
      withStream,
      `${STREAM} Change it by hand, or replace it: if it has no items that you need, delete it. Rotate then creates it as the spec says.`,
      false,
    ],
    ['in its stream, while it is in use', TODAY, withStream, `${STREAM} ${LATER}`, false],
  ])(
    '%s, is reported, and fails only if its period can still begin with another table',
    (_, name, schema, message, urgent) => {
      const { holds } = rotate({ name, state: { ...CREATED, schema } });
      const hold = { kind: 'use', table: name, reason: 'settings-differ', message };
      expect(holds).toMatchObject([urgent ? { ...hold, urgent } : hold]);
      expect(holds[0]?.urgent ?? false).toBe(urgent);
    },
  );
});

describe('a required table that is being deleted', () => {
  it.each([TODAY, TOMORROW])('is created again in the same run: %s', (name) => {
    const { actions, holds } = rotate({ name, state: { ...CREATED, status: 'DELETING' } });
    expect(sayDraft({ actions, holds })).toEqual([`create ${name} (missing)`]);
    expect(actions[0]?.message).toMatch(
      /^The table is DELETING\. Rotate creates it again as soon as it is gone\. The period start/,
    );
  });

  it('is created again if a list of tables contains it although it is gone', () => {
    const spec = specOf();
    const observed = observedOf([TODAY, TOMORROW].map((name) => ({ spec, name, state: CREATED })));
    observed.learn('description', TOMORROW, { value: undefined });
    expect(sayDraft(planRotate(configOf([spec]), observed, NOON))).toEqual([`create ${TOMORROW} (missing)`]);
  });

  it('is created again if the spec backfills it', () => {
    const spec = specOf({ backfill: 1 });
    const old = 'production.Events.20261120';
    const known = [old, TODAY, TOMORROW].map(
      (name): Known => ({ spec, name, state: { ...CREATED, ...(name === old && { status: 'DELETING' }) } }),
    );
    const { actions } = planRotate(configOf([spec]), observedOf(known), NOON);
    expect(sayDraft({ actions, holds: [] })).toEqual([`create ${old} (backfill)`]);
  });
});
