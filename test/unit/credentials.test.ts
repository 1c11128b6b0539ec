/** What people are told if the AWS SDK finds no credentials. */
import { expect, it } from 'vitest';
import { translate } from '../../src/aws/errors.ts';

const withoutCredentials = (message: string) =>
  translate(Object.assign(new Error(message), { name: 'CredentialsProviderError' }));

it('says what to set if the SDK only says that it could not load any', () => {
  expect(withoutCredentials('Could not load credentials from any providers')).toMatchObject({
    code: 'access-denied',
    message:
      'No AWS credentials were found. Set --profile or AWS_PROFILE to a profile that has some, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  });
});

it('repeats what the SDK says of a session that has expired', () => {
  const words = "The SSO session has expired. To refresh it, run 'aws sso login' with the profile.";
  expect(withoutCredentials(words)).toMatchObject({
    code: 'access-denied',
    message: `No AWS credentials: ${words}`,
  });
});
