import { ConfigError } from '@aistock/service-kit';
import { budgetOf, type Budget } from '@aistock/venue-budget';
import {
  circuit,
  guardedSource,
  SourceError,
  type BarSource,
  type Circuit,
  type GuardedSource,
} from '@aistock/venues';
import { openSource, type SourceUse, type SourceWorld } from './open-source.ts';
import type { SourceTerms } from './source-terms.ts';
import { venueOf } from './venues.ts';

/** A source that the configuration describes, and what there is to tell of it. */
export interface OpenedSource {
  readonly name: string;
  readonly kind: SourceTerms['kind'];
  /** Null where it is asked at its own place. */
  readonly origin: string | null;
  /** Whose budget and breaker its requests count for; null of files. */
  readonly venue: string | null;
  /** What that venue allows; undefined of files, and of a server elsewhere that was given none. */
  readonly budget: Budget | undefined;
  readonly source: BarSource;
  /** The same behind a breaker, also where the source is files: a chain asks how its members are. */
  readonly guarded: GuardedSource;
}

/** Opens sources; those that ask the same venue share its breaker. */
export class SourceOpener {
  readonly #world: SourceWorld;
  readonly #circuits = new Map<string, Circuit>();

  constructor(world: SourceWorld) {
    this.#world = world;
  }

  /**
   * @param where - what the configuration calls the place that names the source, for messages.
   * @throws ConfigError.
   */
  async open(terms: SourceTerms, use: SourceUse, where: string): Promise<OpenedSource> {
    const { name } = use;
    // Two sources may ask the same exchange: what they are called here tells them apart.
    const source = { ...(await named(where, () => openSource(terms, use, this.#world))), name };
    if (terms.kind === 'csv') {
      const guarded = guardedSource(source, circuit(name, this.#world.retryWorld.nowMs));
      return { name, kind: 'csv', origin: null, venue: null, budget: undefined, source, guarded };
    }
    const venue = venueOf(name, terms);
    const guarded = guardedSource(source, this.#circuitOf(venue));
    const { kind, origin = null } = terms;
    const { budgets } = this.#world;
    const budget = origin === null ? budgetOf(venue, budgets) : budgets[venue];
    return { name, kind, origin, venue, budget, source: guarded, guarded };
  }

  #circuitOf(venue: string): Circuit {
    const known = this.#circuits.get(venue) ?? circuit(venue, this.#world.retryWorld.nowMs);
    this.#circuits.set(venue, known);
    return known;
  }
}

/** What a source says against its configuration, under the place that names it. */
export async function named<T>(where: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new ConfigError([`${where}: ${error.message}`]);
  }
}
