import { createPublicKey, verify } from 'node:crypto';
import type { Trx } from '@aistock/database';
import type { OrderTerms, Permit } from '@aistock/shared';
import { signedBytes, termsSha256 } from '@aistock/trading/risk';
import { sql } from 'kysely';

/** What is wrong with a permit; `epoch_moved` means that a kill or a resume came after it. */
export type PermitFlaw =
  | 'permit_key_unknown'
  | 'permit_signature_invalid'
  | 'permit_for_other_terms'
  | 'permit_used'
  | 'permit_expired'
  | 'epoch_moved';

/**
 * Whether a permit allows to send exactly this order now; undefined where it does. Reads the kill epoch last and
 * keeps it locked, so that a kill that is acknowledged later finds this order sent, and one before finds it stopped.
 */
export async function findPermitFlaw(
  trx: Trx,
  permit: Permit,
  terms: OrderTerms,
): Promise<PermitFlaw | undefined> {
  if (permit.terms_sha256 !== termsSha256(terms)) return 'permit_for_other_terms';
  const publicKey = await readPublicKey(trx, permit.key_id);
  if (publicKey === null) return 'permit_key_unknown';
  if (!isSignedBy(permit, publicKey)) return 'permit_signature_invalid';
  const used = await trx
    .selectFrom('trading.orders')
    .select('order_id')
    .where('permit_id', '=', permit.permit_id)
    .executeTakeFirst();
  if (used) return 'permit_used';
  const { epoch, now } = await readEpochForShare(trx);
  if (now.getTime() >= permit.expires_ms) return 'permit_expired';
  return epoch === permit.kill_epoch ? undefined : 'epoch_moved';
}

async function readPublicKey(trx: Trx, keyId: string): Promise<string | null> {
  const { rows } = await sql<{ key: string | null }>`SELECT risk.permit_public_key(${keyId}) AS key`.execute(
    trx,
  );
  return rows[0]?.key ?? null;
}

function isSignedBy(permit: Permit, publicKey: string): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  return verify(null, signedBytes(permit), key, Buffer.from(permit.signature, 'base64'));
}

/** The epoch, and the database's clock after the wait for it. */
async function readEpochForShare(trx: Trx): Promise<{ epoch: number; now: Date }> {
  const epoch = await sql<{ epoch: number }>`SELECT risk.current_kill_epoch_for_share() AS epoch`.execute(
    trx,
  );
  const clock = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(trx);
  const [epochRow] = epoch.rows;
  const [clockRow] = clock.rows;
  if (!epochRow || !clockRow) throw new Error('the database told neither epoch nor time');
  return { ...epochRow, ...clockRow };
}
