import { ServiceError } from '@aistock/service-kit';

/** Runs work while there is a place for it. @throws ServiceError 429 `event_streams_too_many` where all are taken. */
export type Places = <T>(work: () => Promise<T>) => Promise<T>;

/** Places for those who are told of runs: each looks into the database all the time, which must be left for what trades. */
export function createPlaces(places: number): Places {
  let taken = 0;
  return async (work) => {
    if (taken >= places)
      throw new ServiceError(
        'event_streams_too_many',
        429,
        `${places} callers are told of runs already; GET /runs/{id} tells how far one is`,
      );
    taken++;
    try {
      return await work();
    } finally {
      taken--;
    }
  };
}
