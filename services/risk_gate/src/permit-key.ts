import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { Db } from '@aistock/database';
import type { Permit } from '@aistock/shared';
import { signedBytes } from '@aistock/trading/risk';

/** An Ed25519 key that lives as long as the process; only its public half is ever written down. */
export class PermitKey {
  readonly keyId = randomUUID();
  readonly #pair = generateKeyPairSync('ed25519');
  #registered: Promise<void> | undefined;

  /** Makes the public key known, once; a failure is tried again by the next caller. */
  async register(db: Db): Promise<void> {
    this.#registered ??= this.#insert(db);
    try {
      await this.#registered;
    } catch (error) {
      this.#registered = undefined;
      throw error;
    }
  }

  sign(fields: Omit<Permit, 'key_id' | 'signature'>): Permit {
    const unsigned = { ...fields, key_id: this.keyId };
    const signature = sign(null, signedBytes(unsigned), this.#pair.privateKey);
    return { ...unsigned, signature: signature.toString('base64') };
  }

  async #insert(db: Db): Promise<void> {
    const publicKey = this.#pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    await db
      .insertInto('risk.permit_key')
      .values({ key_id: this.keyId, public_key: publicKey })
      .onConflict((conflict) => conflict.doNothing()) // a first try may have succeeded without our hearing of it
      .execute();
  }
}
