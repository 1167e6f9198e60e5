import { ConfigError } from '@aistock/service-kit';
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
    const source = await named(where, () => openSource(terms, use, this.#world));
    const { name } = use;
    if (terms.kind === 'csv') {
      const guarded = guardedSource(source, circuit(name, this.#world.retryWorld.nowMs));
      return { name, kind: 'csv', origin: null, venue: null, source, guarded };
    }
    const venue = venueOf(name, terms);
    const guarded = guardedSource(source, this.#circuitOf(venue));
    return { name, kind: terms.kind, origin: terms.origin ?? null, venue, source: guarded, guarded };
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
