import { PromotionPolicy } from '@aistock/promotion';
import type { Strategies } from '@aistock/strategy-schemas';

/** What a strategy asks of models that run beside others, and of those that answer it; the defaults where it has no file, as `*`. */
export const policyOf = (strategies: Strategies, strategy: string): PromotionPolicy =>
  strategies.get(strategy)?.promotion ?? PromotionPolicy.parse({});
