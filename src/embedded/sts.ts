/** STS: GetCallerIdentity. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
import type { Service } from './front.ts';
import { ACCOUNT } from './wire.ts';

/** Everyone is the same user of the one account. */
export const sts: Service = {
  target: '2011-06-15',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  query: true,
  queryErrors: false,
  operations: {
    GetCallerIdentity: () => ({
      Arn: `arn:aws:iam::${ACCOUNT}:user/embedded`,
      UserId: 'AIDAEMBEDDEDEXAMPLE00',
      Account: ACCOUNT,
    }),
  },
};
