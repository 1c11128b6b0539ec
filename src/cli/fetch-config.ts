import type { Command } from 'commander';
import { isInBucket } from '../fetched-config.ts';
import { type CommonOptions, placeOf } from './context.ts';

/** Reads a configuration in S3 before its command runs. @throws ConfigError, ServiceError */
export async function fetchInto(command: Command): Promise<void> {
  const options: CommonOptions = command.opts();
  const place = placeOf(options);
  // Some commands have no configuration.
  if (!command.options.some(({ long }) => long === '--config') || !isInBucket(place)) return;
  const { fetchPlace } = await import('../bucket-config.ts');
  const { region, profile } = options;
  command.setOptionValue(
    'fetched',
    await fetchPlace(place, { ...(region && { region }), ...(profile && { profile }) }),
  );
}
