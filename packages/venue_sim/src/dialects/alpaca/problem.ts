import { json, type VenueAnswer } from '../dialect.ts';

export const problem = (status: number, message: string): VenueAnswer => json(status, { message });
