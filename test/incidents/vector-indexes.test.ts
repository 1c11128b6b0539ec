/** Members of CreateTable that a new version of the SDK has, replayed on the embedded AWS. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { done, openStage, type Stage, spec } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const index = (Dimensions: number | string) => ({
  IndexName: 'ByMeaning',
  VectorAttribute: { AttributeName: 'Embedding' },
  Dimensions,
  DistanceFunction: 'COSINE',
  Projection: { ProjectionType: 'KEYS_ONLY' },
});
const notes = (Dimensions: number | string) => {
  const { Properties, ...rest } = spec('Notes', { RotationScheme: 'monthly' });
  return { ...rest, Properties: { ...(Properties as object), VectorIndexes: [index(Dimensions)] } };
};

describe('A vector index', () => {
  test('is created with its table, and compared by adopt', async () => {
    stage.configure([notes('256')]);
    const run = await stage.run('rotate', '2025-11-21T03:35');
    expect([run.error, done(run)]).toEqual([
      '',
      ['create production.Notes.20251101 applied', 'create production.Notes.20251201 applied'],
    ]);
    const { VectorIndexes } = (await stage.describe('production.Notes.20251101'))!;
    expect(VectorIndexes).toMatchObject([{ ...index(256), IndexStatus: 'ACTIVE' }]);
    stage.configure([{ ...notes(512), TableName: 'Notes' }]);
    await stage.make('production.Notes.20251001');
    const { stdout } = await stage.cli('adopt', 'Notes');
    expect(stdout).toContain('The index ByMeaning of the spec is missing.');
  });
});
