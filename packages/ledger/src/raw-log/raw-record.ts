import { canonicalJson, sha256Hex } from '@aistock/shared';
import { z } from 'zod';

/** What the very first record has in place of the hash of the one before. */
export const FIRST_PREV_HASH = '0'.repeat(64);

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const UnixMs = z.int().min(0);

const chunk = {
  stream: z.string().min(1).max(200),
  /** Of the raw file that the bars went into, or of the refused bytes. */
  chunk_sha256: Sha256,
};
const outcome = z.enum(['registered', 'quarantined']);

const Answer = z.strictObject({
  kind: z.literal('answer'),
  ...chunk,
  outcome,
  source: z.string().min(1).max(100),
  request_id: z.string().min(1).max(200),
  /** Without secrets. */
  url: z.string().min(1).max(8_192),
  status: z.int().min(100).max(599),
  /** Of the body as it came; its file in the lake is named by them. */
  sha256: Sha256,
  bytes: z.int().min(0),
  /** What the source's clock said; null where it said nothing. */
  source_clock_ms: UnixMs.nullable(),
  /** When the answer had come, by our clock. */
  received_ms: UnixMs,
});

const File = z.strictObject({
  kind: z.literal('file'),
  ...chunk,
  outcome,
  source: z.string().min(1).max(100),
  /** At its origin; the lake has no copy. */
  path: z.string().min(1).max(4_096),
  sha256: Sha256,
  received_ms: UnixMs,
});

const Deletion = z.strictObject({
  kind: z.literal('deletion'),
  ...chunk,
  /** Files of the lake that go: the raw file, unless another stream shares it, and answers that no other chunk needs. */
  paths: z.array(z.string().min(1).max(255)),
  /** Of the canonical CSV of the chunk's bars, as the curated store held them when it was asked before. */
  bars_sha256: Sha256,
  reason: z.string().min(1).max(500),
});

/** What happened, before it has its place in the chain. */
export const RawLogEntry = z.discriminatedUnion('kind', [Answer, File, Deletion]);
export type RawLogEntry = z.infer<typeof RawLogEntry>;

const place = {
  /** The UTC day of the writer's clock, such as `2024-01-31`. */
  day: z.iso.date(),
  /** Within the day, from 0 without gaps. */
  position: z.int().min(0),
  /** When it was recorded, by the writer's clock. */
  recorded_ms: UnixMs,
  prev_hash: Sha256,
};

const RawRecord = z.discriminatedUnion('kind', [
  Answer.extend(place),
  File.extend(place),
  Deletion.extend(place),
]);
/** A record of the raw log, as it is hashed. */
export type RawRecord = z.infer<typeof RawRecord>;

/** A record with its hash: SHA-256 of its body, which is its canonical JSON. */
export interface SealedRecord {
  readonly record: RawRecord;
  readonly body: string;
  readonly recordHash: string;
}

/** Where a chain stands: the day, position and hash of its last record. */
export interface ChainHead {
  readonly day: string;
  readonly position: number;
  readonly recordHash: string;
}

/**
 * Puts entries behind the head of a chain, in their order. The day never goes back, whatever the clock does.
 * @param recordedMs - our clock, Unix ms UTC.
 */
export function sealEntries(
  head: ChainHead | undefined,
  entries: readonly RawLogEntry[],
  recordedMs: number,
): SealedRecord[] {
  const sealed: SealedRecord[] = [];
  const today = new Date(recordedMs).toISOString().slice(0, 'yyyy-mm-dd'.length);
  const day = head !== undefined && head.day > today ? head.day : today;
  let before = head;
  for (const entry of entries) {
    const record: RawRecord = {
      ...entry,
      day,
      position: before?.day === day ? before.position + 1 : 0,
      recorded_ms: recordedMs,
      prev_hash: before?.recordHash ?? FIRST_PREV_HASH,
    };
    const body = canonicalJson(record);
    const recordHash = sha256Hex(body);
    sealed.push({ record, body, recordHash });
    before = { day, position: record.position, recordHash };
  }
  return sealed;
}

/** A record as one line of a file: its body, with the hash as one member more at the end. */
export function toLine({ body, recordHash }: Omit<SealedRecord, 'record'>): string {
  return `${body.slice(0, -1)},"record_hash":${JSON.stringify(recordHash)}}`;
}

/**
 * Reads such a line and recomputes its hash.
 * @returns what is wrong with it, to be put behind "the record", where it is no sound one.
 */
export function fromLine(line: string): SealedRecord | string {
  const json = parseJson(line);
  if (typeof json !== 'object' || json === null) return 'is no JSON object: it was changed or cut';
  const { record_hash: recordHash, ...said } = json as Record<string, unknown>;
  const parsed = RawRecord.safeParse(said);
  if (!parsed.success || typeof recordHash !== 'string') return 'is not one of the raw log: it was changed';
  const body = canonicalJson(parsed.data);
  const whole = sha256Hex(body) === recordHash && toLine({ body, recordHash }) === line;
  return whole ? { record: parsed.data, body, recordHash } : 'is not what its hash says: it was changed';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON is no record either
  }
}
