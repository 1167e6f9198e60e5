import { SourceError } from '../bar-source.ts';

const RESPONSE_BYTES_MAX = 64 * 1024 * 1024;

/** The whole body. @throws SourceError `malformed_data` where it is longer than 64 MiB. */
export async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > RESPONSE_BYTES_MAX) {
      throw new SourceError('malformed_data', `an answer has more than ${RESPONSE_BYTES_MAX} bytes`);
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
