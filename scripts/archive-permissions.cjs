/**
 * Where config/settings.json lets purge export tables to (Purge.Archive), as the ARNs of objects that serverless.yml allows in the
 * roles. Without an Archive, the roles have no such permission, and the bundles no client of S3 for it.
 */
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parse } = require('jsonc-parser');

const read = (name) => {
  const path = join(process.cwd(), 'config', name);
  return existsSync(path) ? parse(readFileSync(path, 'utf8')) : undefined;
};

/** osls runs in the folder of serverless.yml. A file that is not valid fails when its bundle starts, not here. */
module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const { mergedSettings } = await import('../src/config/settle.ts');
  const tables = read('tables.json');
  const settings = read('settings.json');
  const archives = [].concat(tables?.Tables ?? tables ?? []).flatMap((spec) => {
    const { Archive } = mergedSettings(settings, stage, spec?.TableName).Purge ?? {};
    return Archive?.Bucket && Archive.Enabled !== false ? [Archive] : [];
  });
  const folders = archives.map(({ Bucket, Prefix }) =>
    [Bucket, Prefix, `${stage}.*`].filter(Boolean).join('/'),
  );
  const sub = (paths) =>
    [...new Set(paths)].map((path) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:s3:::${path}` }));
  const arns = (suffix) => sub(folders.map((folder) => `${folder}/AWSDynamoDB/${suffix}`));
  return {
    has: archives.length > 0 ? 'yes' : 'no',
    without: archives.length > 0 ? '"no"' : '"yes"', // a constant of esbuild is JavaScript
    objects: arns('*'),
    manifests: arns('*/manifest-summary.json'),
    // What only restore drills need.
    buckets: sub(archives.map(({ Bucket }) => Bucket)),
    errors: sub(folders.map((folder) => `${folder}/restore/*`)),
  };
};
