/**
 * A plugin of osls. Before a deployment changes anything, it asks AWS about what would make it fail in the middle: a state table that
 * exists already, and a Lambda quota that allows no reservation. `osls preflight` only asks.
 */
const { reservation, stateTable, withoutStateTable } = require('./preflight/decide.cjs');
const { readAccount } = require('./preflight/read-account.cjs');

class Preflight {
  constructor(serverless, _options, { log } = {}) {
    this.serverless = serverless;
    this.log = log ?? { notice: console.log, warning: console.error };
    this.commands = {
      preflight: {
        usage: 'Ask AWS whether the next deployment can succeed. Changes nothing',
        lifecycleEvents: ['ask'],
      },
    };
    this.hooks = {
      'preflight:ask': async () => this.say(await this.decide()),
      'before:aws:deploy:deploy:createStack': () => this.prepare(),
    };
  }

  /** What is known of the account, and what follows from it. */
  async decide() {
    const { service } = this.serverless;
    const provider = this.serverless.getProvider('aws');
    const table = `${provider.getStage()}.turntable`;
    const reserving = service
      .getAllFunctions()
      .map((name) => service.getFunction(name))
      .filter(({ reservedConcurrency }) => reservedConcurrency)
      .map(({ name }) => name);
    const account = await readAccount(provider, { table, reserving });
    return [stateTable(table, account), reservation(reserving, account, provider.getStage())];
  }

  say(decisions) {
    for (const { problem, notice } of decisions)
      if (problem) this.log.warning(problem);
      else this.log.notice(notice);
    if (decisions.some(({ problem }) => problem)) process.exitCode = 1;
  }

  /** Runs after the template was packaged, and before osls creates or changes the stack. */
  async prepare() {
    const decisions = await this.decide();
    const problems = decisions.flatMap(({ problem }) => problem ?? []);
    if (problems.length > 0) throw new this.serverless.classes.Error(problems.join('\n'));
    if (!decisions.some(({ leaveOut }) => leaveOut)) return;
    for (const { leaveOut, notice } of decisions) if (leaveOut) this.log.notice(notice);
    const { provider } = this.serverless.service;
    provider.compiledCloudFormationTemplate = withoutStateTable(provider.compiledCloudFormationTemplate);
  }
}

module.exports = Preflight;
