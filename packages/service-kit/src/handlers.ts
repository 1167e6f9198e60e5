import type { Api, Output, Parsed } from '@aistock/shared';
import type { RequestContext } from './request-context.ts';

/** One function for each route: parsed input in, the contract's answer out; what it throws becomes a problem. */
export type Handlers<A extends Api> = {
  readonly [Name in keyof A]: (input: Parsed<A[Name]>, context: RequestContext) => Promise<Output<A[Name]>>;
};
