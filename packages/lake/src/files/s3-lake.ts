import { openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { S3mini } from 's3mini';
import { LakeFileError } from '../lake-file-error.ts';
import type { FileContent, LakeFiles } from './lake-files.ts';
import { LocalCopies } from './local-copies.ts';
import { persistently } from './persistently.ts';

const LISTED_AT_A_TIME = 1_000;
const COPY_BYTES_MAX = 1024 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 60_000;
const PATH = /^[A-Za-z0-9][A-Za-z0-9=._:-]*(\/[A-Za-z0-9][A-Za-z0-9=._:-]*)*$/;

export interface S3Place {
  /** Such as `https://s3.eu-central-1.amazonaws.com`, without the bucket. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * A lake in a bucket of S3-compatible storage, addressed by path. A put is one request, which the storage carries out
 * as a whole or not at all; every request has a time limit and is tried again where the storage was the trouble.
 * @param copiesFolder - for local copies; this process alone uses it, and empties it.
 */
export function s3Lake(s3: S3Place, copiesFolder: string): LakeFiles {
  const { accessKeyId, secretAccessKey, region } = s3;
  const place = `${s3.endpoint}/${s3.bucket}`;
  const client = new S3mini({
    accessKeyId,
    secretAccessKey,
    region,
    endpoint: place,
    requestAbortTimeout: REQUEST_TIMEOUT_MS,
    // A signed request goes nowhere else.
    fetch: (input, init) => fetch(input, { ...init, redirect: 'error' }),
  });
  const ask = <T>(what: string, request: () => Promise<T>): Promise<T> =>
    persistently(`${place}: ${what}`, request);
  const askFor = <T>(what: string, path: string, request: (key: string) => Promise<T>): Promise<T> =>
    ask(`${what} ${path}`, async () => request(checkedKey(path)));
  const listPage = async (prefix: string, count: number, token?: string) => {
    const page = await ask(`list ${prefix}`, () => client.listObjectsPaged('/', prefix, count, token));
    if (page) return page;
    throw new Error(`${place}: there is no such bucket`);
  };
  const check = async (): Promise<void> => void (await listPage('', 1));
  const read = (path: string, bytesMax: number): Promise<Uint8Array> =>
    askFor('read', path, async (key) => {
      const response = await client.getObjectResponse(key);
      if (response === null) throw new LakeFileError('missing', `${path} is not there`);
      return readBounded(response, path, bytesMax);
    });
  const copies = new LocalCopies(copiesFolder);
  return {
    place,
    prepare: check,
    check,
    read,
    put: (path, content) =>
      withBody(copies, content, (body) => askFor('put', path, (key) => client.putObject(key, body))),
    exists: async (path) => (await askFor('find', path, (key) => client.objectExists(key))) === true,
    remove: async (path) => {
      await askFor('remove', path, (key) => client.deleteObject(key));
    },
    async *list(folder) {
      let token: string | undefined;
      do {
        const page = await listPage(`${checkedKey(folder)}/`, LISTED_AT_A_TIME, token);
        for (const { Key, Size, LastModified } of page.objects ?? [])
          yield { path: Key, bytes: Size, modifiedMs: LastModified.getTime() };
        token = page.nextContinuationToken;
      } while (token !== undefined);
    },
    withLocal: (paths, use) =>
      copies.use(
        paths,
        async (path, localPath) => writeFile(localPath, await read(path, COPY_BYTES_MAX)),
        use,
      ),
  };
}

async function withBody(
  copies: LocalCopies,
  content: FileContent,
  send: (body: Uint8Array | Blob) => Promise<Response>,
): Promise<void> {
  if (typeof content !== 'function') return void (await send(content));
  await copies.withTemporary(async (localPath) => {
    await content(localPath);
    await send(await openAsBlob(localPath));
  });
}

async function readBounded(response: Response, path: string, bytesMax: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = Number(response.headers.get('content-length') ?? 0);
  const tooLarge = (): LakeFileError =>
    new LakeFileError('too_large', `${path} has ${bytes} bytes or more, more than ${bytesMax}`);
  if (bytes > bytesMax) {
    await response.body?.cancel();
    throw tooLarge();
  }
  bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > bytesMax) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Keys that every storage and every proxy in between takes as they are. */
function checkedKey(path: string): string {
  if (PATH.test(path)) return path;
  throw new TypeError(`${path} is not a path of the lake`);
}
