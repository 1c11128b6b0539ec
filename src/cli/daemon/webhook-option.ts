import { UsageError } from '../failure.ts';

/** The URL of --webhook. The errors do not contain it, because it can contain a secret. @throws UsageError */
export function webhookOf(text: string): string {
  const { protocol, username, password } = URL.canParse(text)
    ? new URL(text)
    : { protocol: '', username: '', password: '' };
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new UsageError(
      '--webhook is not an HTTP or HTTPS URL. Use one such as https://hooks.example.com/turntable.',
    );
  if (username || password)
    throw new UsageError(
      '--webhook contains a user name or a password, which are not sent. Use a URL with a token in its path or query.',
    );
  return text;
}
