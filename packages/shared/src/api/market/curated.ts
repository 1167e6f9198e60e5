import { z } from 'zod';
import { Bar, Ms, Sha256, StreamId } from '../../vocabulary.ts';

/** A bar; with where it is from where that was asked for. */
export const ServedBar = Bar.extend({
  /** Which source gave it: in a chain of sources not always the same. */
  source: z.string().optional(),
  known_ms: Ms.optional(),
  /** 0: as first published. Above: restated, or late. */
  revision: z.int().min(0).optional(),
}).meta({ id: 'ServedBar' });

export const CuratedRepair = z.strictObject({
  stream: StreamId,
  /** Files of bars that were hashed. */
  verified: z.int().min(0),
  /** Those that were missing or damaged and were made anew from the raw files. */
  repaired: z.int().min(0),
  /** What stays damaged, and why. */
  lost: z.array(z.strictObject({ from_ms: Ms, to_ms: Ms, detail: z.string() })),
});

export const HeldFile = z.strictObject({
  file_id: z.uuid(),
  rows: z.int().min(0),
  /** The curated store has the same bars, and its files are whole. */
  held: z.boolean(),
  /** Of the bars as canonical CSV; null where they are not held. */
  bars_sha256: Sha256.nullable(),
  /** Why they are not held. */
  detail: z.string().nullable(),
});
