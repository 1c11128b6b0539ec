export { createResolver, type Instant, type Resolver, ResolverError, type ResolverSpec } from './resolver.ts';
