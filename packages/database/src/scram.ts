import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

const ITERATIONS = 4096;
const KEY_BYTES = 32;
const PASSWORD = /^[\x21-\x7e]{1,200}$/;

/**
 * What Postgres stores for a password (RFC 5802, as `SCRAM-SHA-256$iterations:salt$stored:server`). It is made here
 * so that the password itself never comes into a statement, which a server may log.
 * @throws RangeError unless the password is 1 to 200 printable ASCII characters without a space.
 */
export function scramVerifier(password: string, salt: Buffer): string {
  if (!PASSWORD.test(password)) {
    throw new RangeError('a database password must be 1 to 200 printable ASCII characters without a space');
  }
  const salted = pbkdf2Sync(password, salt, ITERATIONS, KEY_BYTES, 'sha256');
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  const serverKey = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
