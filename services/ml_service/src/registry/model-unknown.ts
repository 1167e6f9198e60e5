import { ServiceError } from '@aistock/service-kit';

export function modelUnknown(modelId: string): ServiceError {
  return new ServiceError('model_unknown', 404, `there is no model ${modelId}`);
}
