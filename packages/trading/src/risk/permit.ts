import { canonicalJson, sha256Hex, type OrderTerms, type Permit } from '@aistock/shared';

/** The hash that ties a permit to exactly these terms. */
export function termsSha256(terms: OrderTerms): string {
  return sha256Hex(canonicalJson(terms));
}

/** The bytes that a permit's signature is over: the canonical JSON of its other fields. */
export function signedBytes(permit: Omit<Permit, 'signature'>): Uint8Array {
  const { permit_id, key_id, terms_sha256, limits_version, kill_epoch, issued_ms, expires_ms } = permit;
  const fields = { permit_id, key_id, terms_sha256, limits_version, kill_epoch, issued_ms, expires_ms };
  return new TextEncoder().encode(canonicalJson(fields));
}
