/** The import rules of docs/architecture.md: core ← ports ← jobs ← runtime ← handlers, cli. */

const { dependencies } = require('./packages/cli/package.json');

/**
 * The layers of src/core, lowest first. A part imports itself and the parts of lower layers.
 * Parts of one layer do not import each other, except where `mayUse` says so.
 */
const layers = [
  ['calendar', 'text', 'grouped', 'notice', 'failure', 'action-kinds', 'reasons', 'failing-holds'],
  ['prices', 'archives'],
  ['spec', 'schema', 'table-status', 'streams'],
  ['phase', 'commands', 'no-state-table'],
  ['capacity'],
  ['facts'],
  ['observed', 'replicas'],
  ['fleet', 'function-size', 'sightings', 'valid-config'],
  ['plan'],
  ['throughput', 'cost', 'held-by-reason', 'plan-difference', 'only-groups', 'history'],
  ['guards', 'outcome', 'plan-cost', 'decided'],
  ['ask', 'attempts', 'shortage', 'scheme-cure'],
  ['plan-builder'],
  ['table-context'],
  ['permits', 'usability', 'scheme-change', 'sharding'],
  ['purging', 'scaling', 'rotating'],
  ['recommending', 'jobs', 'planners', 'metrics'],
  ['requests', 'merge-drafts', 'report', 'notices', 'drilling'],
  ['explaining', 'spending'],
  ['doctor'],
];

/** What a part uses of its own layer. */
const mayUse = { rotating: ['scaling'] };

/** A part of the core is a folder or one file: `prices` is prices.ts and prices.json. */
const partPath = (part) => `^src/core/${part}[./]`;

const partRules = layers.flatMap((layer, i) =>
  layer.map((part) => {
    const allowed = [...layers.slice(0, i).flat(), part, ...(mayUse[part] ?? [])];
    return {
      name: `core-layer-${part}`,
      severity: 'error',
      comment: `core/${part} imports only itself and lower layers: see \`layers\` in .dependency-cruiser.cjs`,
      from: { path: partPath(part) },
      to: { path: '^src/core/', pathNot: allowed.map(partPath) },
    };
  }),
);

const parts = layers.flat().map(partPath);
const unlisted = { path: '^src/core/', pathNot: parts };
const layerComment = 'every file of src/core belongs to a layer: add the new part to `layers`';

/** The layers of src/core/scaling, lowest first; its own files are above all of them. */
const scalingLayers = ['methods', 'sampling', 'limits', 'decisions', 'billing'];

const scalingRules = scalingLayers.map((layer, i) => ({
  name: `scaling-layer-${layer}`,
  severity: 'error',
  comment: `core/scaling/${layer} imports only itself and lower layers of scaling: see \`scalingLayers\``,
  from: { path: `^src/core/scaling/${layer}/` },
  to: {
    path: '^src/core/scaling/',
    pathNot: scalingLayers.slice(0, i + 1).map((lower) => `^src/core/scaling/${lower}/`),
  },
}));

const coreRules = [
  ...partRules,
  ...scalingRules,
  { name: 'core-part-has-a-layer', severity: 'error', comment: layerComment, from: unlisted, to: {} },
  { name: 'core-import-has-a-layer', severity: 'error', comment: layerComment, from: {}, to: unlisted },
  {
    name: 'scaling-method-is-pure',
    severity: 'error',
    comment: 'a scaling method is a function of demand and settings: it knows no table, plan or limit',
    from: { path: '^src/core/scaling/methods/' },
    to: {
      path: '^src/core/',
      pathNot: ['^src/core/scaling/methods/', ...['calendar', 'spec', 'capacity'].map(partPath)],
    },
  },
];

/** Modules at `from` import themselves and `allowed`, of all that the repository and npm have. */
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: {
    path: '^(src|handlers|schemas|config|test|chaos|bench|scripts|examples|node_modules)/',
    pathNot: [from, ...allowed],
  },
});

const generated = '^src/generated/';
const core = '^src/core/';
const resolver = '^src/(resolver/|(resolver|index)\\.ts$)';
const ports = '^src/ports\\.ts$';
const config = '^src/config/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...coreRules,
    only('core-is-pure', core, [generated], 'the core has no I/O, no clock and no npm package'),
    {
      name: 'core-without-node',
      severity: 'error',
      comment: 'the core and the resolver run anywhere, a browser included',
      from: { path: [core, resolver] },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-no-pkg'] },
    },
    only(
      'resolver-is-small',
      resolver,
      ['^src/core/calendar/(period|rotation|naming|instant)\\.ts$'],
      'applications bundle the resolver: it contains the calendar and the names only',
    ),
    only(
      'client-uses-the-resolver',
      '^src/client/',
      [resolver, core, '^node_modules/(@aws-sdk/(client|lib)-dynamodb|p-retry)/'],
      'applications get no job, no configuration and no other service',
    ),
    only('ports-are-types', ports, [core, generated], 'ports name what the jobs need from outside'),
    only(
      'config-reads-files',
      config,
      [core, generated, '^schemas/', '^node_modules/(ajv|jsonc-parser|leven)'],
      'configuration comes from files and schemas',
    ),
    only(
      'jobs-use-ports',
      '^src/jobs/',
      [core, ports, generated, config, '^node_modules/p-map/'],
      'jobs reach AWS through ports only',
    ),
    only(
      'aws-implements-ports',
      '^src/aws/',
      [core, ports, generated, '^node_modules/(@aws-sdk|@smithy|p-map)'],
      'the adapters translate between the SDK and the ports',
    ),
    only(
      'simulator-implements-ports',
      '^test/support/sim/',
      [core, ports, generated],
      'the simulator shares no code with the adapters or the embedded AWS, which it is compared with',
    ),
    only(
      'backtest-replays-the-core',
      '^src/backtest/',
      [core, generated, '^src/(chart|page)/'],
      'a backtest runs the code of the core, without AWS',
    ),
    only(
      'recorded-reads-text',
      '^src/recorded/',
      [core, '^src/backtest/trace(-csv)?\\.ts$'],
      'traces of other tools are read from text, without files or AWS',
    ),
    only(
      'report-shows-the-core',
      '^src/report/',
      [core, generated, '^src/(chart|page)/'],
      'a page shows what the core reports, without AWS',
    ),
    only(
      'page-is-text',
      '^src/page/',
      ['^src/config/quote\\.ts$'],
      'what both pages are written with knows no backtest and no report',
    ),
    only(
      'chart-draws-numbers',
      '^src/chart/',
      [core, '^node_modules/uplot/'],
      'the chart of both pages knows no backtest and no report',
    ),
    only(
      'importing-reads-text',
      '^src/importing/',
      [core, generated, '^node_modules/yaml/'],
      'configurations of other tools are converted from text, without files',
    ),
    only(
      'embedded-knows-aws-only',
      '^src/embedded/',
      [core, '^node_modules/'],
      'the embedded AWS knows the rules of AWS and nothing of Turntable’s jobs',
    ),
    {
      name: 'runtime-connects-aws',
      severity: 'error',
      comment:
        'src/runtime.ts connects the adapters to the ports, and src/topic.ts, src/mappings.ts, src/ticks.ts, src/items.ts, src/archive-store.ts, src/bucket-config.ts, src/report-bucket.ts and src/late-ports.ts those that not every job has',
      from: {
        path: '^(src|handlers)/',
        pathNot:
          '^src/(aws/|(runtime|topic|mappings|items|ticks|archive-store|bucket-config|report-bucket|late-ports)\\.ts$)',
      },
      to: { path: '^src/aws/' },
    },
    {
      name: 'sdk-behind-adapters',
      severity: 'error',
      comment: 'only the adapters, the application’s client, the embedded AWS and the demo use the SDK',
      from: {
        path: '^(src|handlers)/',
        pathNot: ['^src/aws/', '^src/client/', '^src/embedded/', '^src/demo/'],
      },
      to: { path: '^node_modules/@aws-sdk' },
    },
    {
      name: 'handlers-go-through-runtime',
      severity: 'error',
      comment: 'handlers decide nothing',
      from: { path: '^handlers/' },
      to: {
        pathNot: [
          '^src/(runtime|topic|mappings|items|ticks|archive-store|late-ports|report-bucket|handler|report-handler|drill-handler|shard-handler|coordinator-handler)\\.ts$',
          '^src/core/(rotating/rotate|purging/purge|scaling/scale)\\.ts$',
          '^handlers/',
          'aws-lambda',
        ],
      },
    },
    {
      name: 'production-without-embedded-aws',
      severity: 'error',
      comment: 'what is deployed or published never reaches the embedded AWS or the demo',
      from: { path: '^(src/|handlers/)', pathNot: '^src/(embedded|demo)/' },
      to: { path: '^src/(embedded|demo)/' },
    },
    {
      name: 'production-without-development-packages',
      severity: 'error',
      comment:
        'the tool uses the `dependencies` of packages/cli only. The client and what only Lambda functions contain have rules of their own, and the scripts of pages are bundled into texts',
      from: {
        path: '^(src|handlers)/',
        pathNot: '^src/((embedded|demo|client|chart/browser)/|(emf|action-log|shard-handler|aws/sqs)\\.ts$)',
      },
      to: {
        path: '^node_modules/',
        pathNot: Object.keys(dependencies).map((name) => `^node_modules/${name}/`),
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'powertools-in-functions-only',
      severity: 'error',
      comment: 'the functions log by Powertools, whose packages the command line does not install',
      from: { path: '^src/(emf|action-log)\\.ts$' },
      to: { path: '^node_modules/', pathNot: '^node_modules/@aws-lambda-powertools/(logger|metrics)/' },
    },
    {
      name: 'queue-in-functions-only',
      severity: 'error',
      comment: 'only the functions of shards use SQS, whose packages the command line does not install',
      from: { path: '^src/(shard-handler|aws/sqs)\\.ts$' },
      to: {
        path: '^node_modules/',
        pathNot: ['^node_modules/@aws-lambda-powertools/batch/', '^node_modules/@aws-sdk/client-sqs/'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'functions-log-by-powertools',
      severity: 'error',
      comment: 'only the handlers of the functions write their logs and metrics',
      from: { path: '^(src|handlers)/', pathNot: '^src/(drill-)?handler\\.ts$' },
      to: { path: '^src/(emf|action-log)\\.ts$' },
    },
    {
      name: 'source-without-tests',
      severity: 'error',
      comment: 'product code never imports tests, chaos, benches, scripts or examples',
      from: { path: '^(src|handlers)/' },
      to: { path: '^(test|chaos|bench|scripts|examples)/' },
    },
    {
      name: 'chaos-and-benches-without-tests',
      severity: 'error',
      comment: 'chaos, benches and scripts share test/support with the tests, and nothing else',
      from: { path: '^(chaos|bench|scripts)/' },
      to: { path: '^test/', pathNot: '^test/support/' },
    },
    {
      name: 'support-without-tests',
      severity: 'error',
      comment: 'test/support serves every suite and belongs to none',
      from: { path: '^test/support/' },
      to: { path: '^(test|chaos|bench|scripts)/', pathNot: '^test/support/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'a module that nothing imports is dead code',
      from: {
        orphan: true,
        path: '^(src|test/support|chaos)/',
        pathNot: ['\\.d\\.ts$', '^test/support/plain\\.ts$'],
      },
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
