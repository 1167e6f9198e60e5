import type { ModelCard } from '@aistock/models';
import type { ModelCard as ModelCardOnWire } from '@aistock/shared';
import type { z } from 'zod';

/** A card as it is stored and told. */
export function cardToWire(card: ModelCard): z.output<typeof ModelCardOnWire> {
  const { features, target, hyperparameters } = card;
  return {
    algorithm: card.algorithm,
    kind: card.kind,
    stream: card.stream,
    features: features.map(({ name, version }) => ({ name, version })),
    target: target && { name: target.name, horizon_bars: target.horizonBars },
    trained_from_ms: card.trainedFromMs,
    trained_to_ms: card.trainedToMs,
    rows: card.rows,
    file_hashes: [...card.fileHashes],
    hyperparameters: Object.fromEntries(
      Object.entries(hyperparameters).map(([name, value]) => [
        name,
        Array.isArray(value) ? [...value] : value,
      ]),
    ) as Record<string, number | string | boolean | null | number[]>,
    seed: card.seed,
    parameters: card.parameters,
    converged: card.converged,
    metrics: { ...card.metrics },
    warnings: [...card.warnings],
  };
}
