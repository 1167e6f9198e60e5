import { json, type VenueAnswer } from '../dialect.ts';

export const result = (value: unknown): VenueAnswer => json(200, { error: [], result: value });

/** Kraken says 200 to what it refuses. */
export const failed = (error: string, status = 200): VenueAnswer => json(status, { error: [error] });
