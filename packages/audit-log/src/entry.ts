import { canonicalJson, type AuditEntry } from '@aistock/shared';
import { leafHash, type Hash } from './hash.ts';

/** What the body of an entry says. Its canonical JSON is the leaf. */
export interface EntryBody {
  readonly index: number;
  readonly event_id: string;
  readonly kind: string;
  readonly subject: string;
  readonly service: string;
  readonly occurred_ms: number;
  /** Plain JSON. */
  readonly payload: unknown;
  /** Leaf hash of the entry before; {@link FIRST_PREVIOUS} in the first. */
  readonly prev_sha256: Hash;
}

/** What the first entry of a log names as the one before it. */
export const FIRST_PREVIOUS: Hash = '0'.repeat(64);

const FIELDS = ['event_id', 'index', 'kind', 'occurred_ms', 'payload', 'prev_sha256', 'service', 'subject'];
const COLUMNS = ['index', 'event_id', 'kind', 'subject', 'service', 'occurred_ms'] as const;

/**
 * An entry of the log from what its body says.
 * @throws TypeError for a payload that JSON cannot hold.
 */
export function formatEntry(said: EntryBody): AuditEntry {
  const { payload, prev_sha256, ...columns } = said;
  const body = canonicalJson({ ...columns, payload, prev_sha256 });
  return { ...columns, body, leaf_sha256: leafHash(body) };
}

/** What is wrong with an entry at this place after that predecessor; undefined where nothing is. */
export function entryProblem(entry: AuditEntry, index: number, previous: Hash): string | undefined {
  if (entry.index !== index) return `entry ${index} is missing: entry ${entry.index} stands in its place`;
  const said = parseBody(entry.body);
  if (said === undefined) return 'the body is not the canonical JSON of an entry';
  const column = COLUMNS.find((name) => said[name] !== entry[name]);
  if (column !== undefined) return `${column} differs from what the body says`;
  if (said.prev_sha256 !== previous) return 'prev_sha256 is not the hash of the entry before';
  if (leafHash(entry.body) !== entry.leaf_sha256) return 'leaf_sha256 is not the hash of the body';
  return undefined;
}

function parseBody(body: string): EntryBody | undefined {
  try {
    const said: unknown = JSON.parse(body);
    if (typeof said !== 'object' || said === null || canonicalJson(said) !== body) return undefined;
    return Object.keys(said).toSorted().join() === FIELDS.join() ? (said as EntryBody) : undefined;
  } catch {
    return undefined; // not JSON, or JSON with a number that has no canonical form
  }
}
