import type { ModelKind } from '@aistock/database';
import { ServiceError } from '@aistock/service-kit';
import type { RegistryWatch } from '../registry/registry-watch.ts';
import { answeringModel, type Answering, type Asker } from './answering-model.ts';

/**
 * The model that answers now. That nobody answers is said by a registry that was read just now: a first model is there with
 * its promotion.
 * @throws ServiceError as {@link answeringModel}, or `registry_unreachable`.
 */
export async function findAnswering(watch: RegistryWatch, asker: Asker, kind: ModelKind): Promise<Answering> {
  try {
    return answeringModel(await watch.current(), asker, kind);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code === 'registry_unreachable') throw error;
    return answeringModel(await watch.refresh(), asker, kind);
  }
}
