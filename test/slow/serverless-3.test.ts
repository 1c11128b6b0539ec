/** Serverless 3.40 packages the same serverless.yml into the same stack as osls. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageService, packageWith, type Template, templateBy } from '../e2e/template.ts';
import { type Installed, installPinned } from '../support/pinned-install.ts';

/** The last version of Serverless Framework 3, MIT. */
const SERVERLESS = 'serverless@3.40.0';

let installed: Installed;
beforeAll(async () => {
  installed = await installPinned(SERVERLESS);
  if (installed.problem) console.log(`Skipped: ${installed.problem}`);
});
afterAll(() => installed.remove());

/** The resources, without the keys of the uploaded bundles, which contain the time, and with tags and statements in one order. */
const comparable = ({ Resources }: Template) =>
  JSON.parse(JSON.stringify(Resources), (key, value) => (key === 'S3Key' ? '(uploaded)' : value));

const everything = {
  Defaults: {
    ConfigBucket: 's3://our-config/team',
    ReportBucket: 's3://our-reports',
    RestoreDrills: true,
  },
};

test.for([
  ['the stack', undefined],
  ['a stack with ConfigBucket, ReportBucket and RestoreDrills', everything],
] as const)('serverless 3.40 packages %s as osls does', async ([, deployment], context) => {
  if (installed.problem) return context.skip(installed.problem);
  const packager = join(installed.folder, 'node_modules/serverless/bin/serverless.js');
  const [{ template, output }, osls] = await Promise.all([
    templateBy(packager, 'production', deployment),
    deployment ? packageWith('production', deployment) : packageService('production'),
  ]);
  const [other, packaged] = [comparable(template), comparable(osls.template)];
  expect(Object.keys(other).sort()).toEqual(Object.keys(packaged).sort());
  for (const id of Object.keys(packaged).filter((one) => !one.startsWith('ServerlessDeploymentBucket')))
    expect(other[id], id).toEqual(packaged[id]);
  // It does not know the runtime, and warns.
  expect(output).toContain('Service packaged');
});
