import { Argument } from 'commander';
import { visibleJson } from '../../config/quote.ts';
import { type CommonOptions, command, configOf, contextOf } from '../context.ts';
import { type Class, classes, policyOf } from '../policies.ts';

export const policyCommand = () =>
  command('policy', 'print the IAM policy that a class of people needs for its commands')
    .addArgument(new Argument('<class>', 'who gets the policy').choices(classes))
    .action((name: Class, options: CommonOptions) => {
      const context = contextOf(options);
      const { AWS_REGION, TURNTABLE_TOPIC_ARN: topicArn } = process.env;
      const region = context.chosen.region ?? (AWS_REGION || undefined);
      const { source } = context;
      const configPlace = typeof source === 'string' ? undefined : source.name;
      const scope = { config: configOf(context), region, topicArn, configPlace };
      console.log(visibleJson(policyOf(name, scope), 2));
    });
