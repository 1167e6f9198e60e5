import type { ModelEvidence } from '@aistock/promotion';
import { CallError, type Client, type dataIngesterApi } from '@aistock/shared';
import { TrainingProblem } from './training-problem.ts';

/**
 * A model is only as good as its bars: nothing is trained on a stream whose bars are not fit for it, nor on one of which
 * nobody can say.
 * @returns the verdict, which is not `block`.
 * @throws TrainingProblem `stream_blocked` with every reason and what to do; `quality_unknown` where data_ingester does not
 * answer.
 */
export async function assertTrainable(
  ingester: Pick<Client<typeof dataIngesterApi>, 'verdict'>,
  stream: string,
): Promise<NonNullable<ModelEvidence['quality']>> {
  const { verdict, reasons } = await askVerdict(ingester, stream);
  if (verdict !== 'block') return verdict;
  throw new TrainingProblem(
    'stream_blocked',
    `${stream} is blocked: ${reasons.join('; ')}. GET /streams/${encodeURIComponent(stream)}/quality at data_ingester ` +
      'tells more; mend its source, or have a person accept it with POST /streams/{id}/accept',
  );
}

async function askVerdict(ingester: Pick<Client<typeof dataIngesterApi>, 'verdict'>, stream: string) {
  try {
    return await ingester.verdict({ params: { id: stream } });
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    throw new TrainingProblem(
      'quality_unknown',
      `whether ${stream} may be trained on is not known, for data_ingester did not say: ${error.message}`,
    );
  }
}
