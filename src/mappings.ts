import { awsMappings } from './aws/mappings.ts';
import type { Ports } from './ports.ts';

/** Lambda's event source mappings. The client is loaded with the first call, which only specs with Consumers need. */
export const lambdaMappings = (): Pick<Ports, 'mappings'> => ({
  mappings: awsMappings(async () => (await import('./aws/lambda.ts')).lambdaSdk),
});
