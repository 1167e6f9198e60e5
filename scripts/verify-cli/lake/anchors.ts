import type { AuditEntry } from '@aistock/shared';

const SHA256 = /^[0-9a-f]{64}$/;

/** The hash of the record of the raw log that an entry of the audit log names, where it names one. */
export function anchorOf({ kind, body }: AuditEntry): string | undefined {
  if (!kind.startsWith('file.')) return undefined;
  const { payload } = JSON.parse(body) as { payload?: { raw_log_hash?: unknown } };
  const hash = payload?.raw_log_hash;
  return typeof hash === 'string' && SHA256.test(hash) ? hash : undefined;
}
