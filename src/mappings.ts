import { lambdaSdk } from './aws/lambda.ts';
import { awsMappings } from './aws/mappings.ts';
import type { Ports } from './ports.ts';

/** Lambda's event source mappings, for the bundles of the jobs that attach or detach consumers. */
export const lambdaMappings = (): Pick<Ports, 'mappings'> => ({ mappings: awsMappings(() => lambdaSdk) });
