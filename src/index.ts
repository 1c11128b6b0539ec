export { ResolverError } from './resolver/failure.ts';
export type {
  Instant,
  Order,
  Resolver,
  ResolverOptions,
  ResolverSpec,
  RetentionStatus,
  TablePeriod,
  WrittenSpec,
} from './resolver/types.ts';
export { createResolver } from './resolver.ts';
