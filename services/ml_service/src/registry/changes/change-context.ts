import type { Db } from '@aistock/database';
import type { Clock } from '@aistock/service-kit';

export interface ChangeContext {
  readonly db: Db;
  readonly clock: Clock;
  /** How many models a place can be rolled back to. */
  readonly keep: number;
  /** Reads the registry that this process answers by again. */
  readonly refresh: () => Promise<unknown>;
}
