import { day, words } from '@aistock/report';
import type { ModelReport } from '@aistock/shared';
import { streamParts } from '../../../stream-parts.ts';

const KINDS: Readonly<Record<ModelReport['card']['kind'], string>> = {
  regime: 'Regimes',
  trend: 'Trend',
  volatility: 'Volatility',
  direction: 'Direction',
  regression: 'Returns',
};

export function title({ card: { kind, stream } }: ModelReport): string {
  const { instrument, timeframe } = streamParts(stream);
  return `${KINDS[kind]} of ${instrument}, ${timeframe}`;
}

/** What came of its gates, in two sentences. */
export function lead({ card, created_ms: createdMs, judgements }: ModelReport): string {
  const [everybody, ...strategies] = judgements;
  const failed = everybody?.gates.filter(({ pass }) => !pass).length ?? 0;
  const verdict = everybody?.passed
    ? 'Every gate passed: it may answer for everybody'
    : `${failed === 1 ? 'One gate' : `${failed} gates`} failed: whoever answered before goes on`;
  const served = strategies.filter(({ passed }) => passed).map(({ strategy }) => words(strategy));
  const own = served.length > 0 ? ` It also passed for ${served.join(', ')}.` : '';
  return `Trained by ${card.algorithm} on ${card.stream}, ${day(createdMs)}. ${verdict}.${own}`;
}
