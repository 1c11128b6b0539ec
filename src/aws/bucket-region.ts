/** The errors of S3 for a bucket of another region: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const OTHER_REGION: ReadonlySet<string> = new Set(['PermanentRedirect', 'AuthorizationHeaderMalformed']);

/** What to do about an error of a bucket in another region, as a sentence. Empty for other errors. */
export const regionHint = (error: unknown): string =>
  OTHER_REGION.has((error as { name?: string }).name ?? '')
    ? ' The bucket is in another region. Use one in the region of the tables.'
    : '';
