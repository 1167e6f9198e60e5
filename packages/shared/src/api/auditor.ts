import { z } from 'zod';
import { OPERATORS, READERS, route } from '../route.ts';
import { Accountable, intText, Ms, Sha256 } from '../vocabulary.ts';

/** One line of the record. `body` is the canonical JSON whose bytes are the leaf of the Merkle tree. */
export const AuditEntry = z.strictObject({
  index: z.int().min(0),
  event_id: z.uuid(),
  kind: z.string(),
  subject: z.string(),
  service: z.string(),
  occurred_ms: Ms,
  body: z.string(),
  leaf_sha256: Sha256,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const Checkpoint = z.strictObject({
  size: z.int().min(0),
  root: Sha256,
  signed_ms: Ms,
  /** The checkpoint as a C2SP signed note. */
  note: z.string(),
  /** The verifier key that checks the note's signature. */
  verifier_key: z.string(),
});

export const auditorApi = {
  events: route({
    method: 'GET',
    path: '/events',
    summary: 'Entries of the record in order.',
    roles: READERS,
    query: z.strictObject({
      from: intText(0, 999_999_999).optional(),
      limit: intText(1, 1000).optional(),
      kind: z.string().max(64).optional(),
      subject: z.string().max(200).optional(),
    }),
    response: z.strictObject({ entries: z.array(AuditEntry), next_from: z.int().nullable() }),
  }),
  note: route({
    method: 'POST',
    path: '/events',
    summary: "Put an operator's note on the record.",
    roles: OPERATORS,
    body: Accountable.extend({ subject: z.string().min(1).max(200) }),
    response: z.strictObject({ event_id: z.uuid() }),
    successStatus: 202,
  }),
  verify: route({
    method: 'GET',
    path: '/verify',
    summary:
      'Drain what waits, re-derive the whole tree from the entries, compare with the signed checkpoints.',
    roles: READERS,
    response: z.strictObject({
      verified: z.boolean(),
      events: z.int().min(0),
      root: Sha256,
      waiting: z.int().min(0),
      /** The first entry that is wrong, and how. */
      first_bad: z.strictObject({ index: z.int().min(0), problem: z.string() }).nullable(),
    }),
    timeoutMs: 60_000,
  }),
  checkpoint: route({
    method: 'GET',
    path: '/checkpoint',
    summary: 'The newest signed checkpoint.',
    roles: READERS,
    response: Checkpoint,
  }),
  proof: route({
    method: 'GET',
    path: '/proof/:index',
    summary: 'RFC 6962 inclusion proof of an entry in the newest checkpoint.',
    roles: READERS,
    params: z.strictObject({ index: intText(0, 999_999_999) }),
    response: z.strictObject({
      index: z.int().min(0),
      size: z.int().positive(),
      leaf_sha256: Sha256,
      root: Sha256,
      path: z.array(Sha256),
    }),
  }),
} as const;
