import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Place } from '../src/files/s3-lake.ts';

/** The key that s3rver knows. */
const KEY = 'S3RVER';
const BUCKET = 'lake';

export interface S3Server {
  /** An empty bucket. */
  readonly place: S3Place;
  readonly close: () => Promise<void>;
}

/** A server of S3 on a free port of this machine, with one empty bucket. */
export async function startS3(): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), 'aistock-s3-'));
  const server = fork(join(import.meta.dirname, 's3-process.ts'), [folder, BUCKET], {
    execArgv: ['--openssl-legacy-provider'],
  });
  const exited = once(server, 'exit');
  const port = await Promise.race([
    once(server, 'message').then(([message]) => Number(message)),
    exited.then(() => Promise.reject(new Error('the S3 server did not start'))),
  ]);
  return {
    place: {
      endpoint: `http://127.0.0.1:${port}`,
      bucket: BUCKET,
      region: 'us-east-1',
      accessKeyId: KEY,
      secretAccessKey: KEY,
    },
    close: async () => {
      server.disconnect();
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}
