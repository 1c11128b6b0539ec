/** The names and ARNs that Lambda accepts for functions and for the streams that they read. */
import type { Json } from './engine.ts';
import { AwsError } from './failure.ts';
import type { Region } from './region.ts';
import { ACCOUNT } from './wire.ts';

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message, 400);

/** `visits`, `visits:live`, `123456789012:function:visits` or an ARN. */
const FUNCTION = /^(?:(?:arn:[\w-]+:lambda:([\w-]+):)?(\d{12}):function:)?([\w-]+(?::[\w$-]+)?)$/;

/**
 * Of a name or an ARN, with or without a version or an alias. Lambda reaches no function of another Region, and one of another
 * account only with a policy, which the embedded AWS does not keep.
 */
export function functionArnOf(
  { name: region, absent }: Region,
  { FunctionName }: Json,
  operation: string,
): string {
  const given = String(FunctionName ?? '');
  const [, ownRegion = region, account = ACCOUNT, name] = FUNCTION.exec(given) ?? [];
  if (name === undefined)
    throw new AwsError(
      'ValidationException',
      `Value '${given}' at 'functionName' failed to satisfy constraint`,
      400,
    );
  const arn = `arn:aws:lambda:${ownRegion}:${account}:function:${name}`;
  if (ownRegion !== region)
    throw new AwsError(
      'ResourceNotFoundException',
      `Functions from '${ownRegion}' are not reachable in this region ('${region}')`,
      404,
    );
  if (account !== ACCOUNT)
    throw new AwsError(
      'AccessDeniedException',
      `User: arn:aws:iam::${ACCOUNT}:root is not authorized to perform: lambda:${operation} on resource: ${arn} because no resource-based policy allows the lambda:${operation} action`,
      403,
    );
  if (absent.has(name.replace(/:.*/, '')))
    throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
  return arn;
}

const STREAM = /^arn:aws:dynamodb:([\w-]+):(\d{12}):table\/([^/]+)\/stream\/(.+)$/;

/** Rejects what is not the stream of a table that exists. `Event source region must match…` are Lambda's words. */
export function checkStream({ name: region, tables }: Region, arn: string): void {
  const [, ownRegion, account, name = '', label] = STREAM.exec(arn) ?? [];
  if (ownRegion !== undefined && ownRegion !== region)
    throw invalid(`Event source region must match Lambda region ${region}.`);
  if (account !== undefined && account !== ACCOUNT)
    throw invalid(
      `Cannot access stream ${arn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.`,
    );
  if (label === undefined || tables.find(name)?.settings.stream?.label !== label)
    throw invalid(`Stream not found: ${arn}`);
}
