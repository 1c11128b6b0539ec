/** The import directions of docs/architecture.md: core ← ports ← jobs ← runtime ← handlers, cli. */
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { pathNot: [from, ...allowed], path: '^(src|handlers|schemas|config|node_modules)' },
});

const generated = '^src/generated/';
const core = '^src/core/';
const resolver = '^src/(resolver/|(resolver|index)\\.ts$)';
const ports = '^src/ports\\.ts$';
const config = '^src/config/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    only('core-is-pure', core, [generated], 'core has no I/O, no clock, no npm package'),
    {
      name: 'core-without-node',
      severity: 'error',
      from: { path: [core, resolver] },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'] },
    },
    only(
      'resolver-is-small',
      resolver,
      ['^src/core/calendar/(period|naming|instant)\\.ts$'],
      'application code gets the calendar and the names, nothing else',
    ),
    only(
      'client-stands-on-the-resolver',
      '^src/client/',
      [resolver, core, '^node_modules/(@aws-sdk/(client|lib)-dynamodb|p-retry)/'],
      'application code gets no job, no config and no other service',
    ),
    only('ports-are-types', ports, [core, generated], 'ports name what the jobs need from outside'),
    only('config-reads-files', config, [
      core,
      generated,
      '^schemas/',
      '^node_modules/(ajv|jsonc-parser|leven)',
    ]),
    only('jobs-know-ports-only', '^src/jobs/', [core, ports, generated, config, '^node_modules/p-map/']),
    only('aws-implements-ports', '^src/aws/', [
      core,
      ports,
      generated,
      '^node_modules/(@aws-sdk|@smithy|p-map)',
    ]),
    only('sim-implements-ports', '^src/sim/', [core, ports, generated]),
    only('backtest-replays-the-core', '^src/backtest/', [core, generated, '^src/sim/']),
    only('embedded-stands-alone', '^src/embedded/', [core, '^node_modules/']),
    {
      name: 'only-aws-and-embedded-know-the-sdk',
      severity: 'error',
      from: {
        path: '^(src|handlers)/',
        pathNot: ['^src/aws/', '^src/client/', '^src/embedded/', '^src/demo/'],
      },
      to: { path: '^node_modules/@aws-sdk' },
    },
    {
      name: 'handlers-go-through-runtime',
      severity: 'error',
      from: { path: '^handlers/' },
      to: { pathNot: ['^src/(runtime|handler)\\.ts$', '^handlers/', 'aws-lambda'] },
    },
    {
      name: 'production-never-reaches-the-embedded-aws',
      severity: 'error',
      from: { path: '^(src/(core|resolver|client|jobs|aws|config|sim)/|src/[a-z]+\\.ts$|handlers/)' },
      to: { path: '^src/(embedded|demo)/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
