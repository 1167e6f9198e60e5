import { isLoopback } from '@aistock/service-kit';
import { z } from 'zod';

/**
 * Where a source may be sent instead of its own hosts: encrypted, or on this machine. A slip of the pen never sends a
 * request to a neighbour's port.
 */
export const SafeOrigin = z
  .string()
  .refine(
    isSafeOrigin,
    'must be https, or http on a loopback address, such as http://127.0.0.1:8010; no path',
  )
  .transform((text) => new URL(text).origin);

function isSafeOrigin(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || `${url.origin}/` !== url.href)
    return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1'));
}
