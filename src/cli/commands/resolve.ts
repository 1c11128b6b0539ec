import { createResolver } from '../../resolver.ts';
import { type CommonOptions, command, configOf, contextOf } from '../context.ts';
import { UsageError } from '../failure.ts';

export const resolveCommand = () =>
  command('resolve', 'say which table of a group is current')
    .argument('<group>', 'TableName of the spec')
    .action((group: string, options: CommonOptions) => {
      const context = contextOf(options);
      const { specs } = configOf(context);
      if (!specs.some(({ name }) => name === group)) {
        const known = specs.map(({ name }) => name).join(', ') || 'none';
        throw new UsageError(`There is no group "${group}". Known are: ${known}.`);
      }
      const resolver = createResolver({
        environment: context.environment,
        tables: specs.map(({ name, scheme }) => ({ TableName: name, RotationScheme: scheme })),
      });
      const name = resolver.tableFor(group, new Date(context.now));
      console.log(
        context.json ? JSON.stringify({ group, at: new Date(context.now).toISOString(), name }) : name,
      );
    });
