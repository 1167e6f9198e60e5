import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from './config.ts';
import { baseEnv, envSecret, envUrl } from './env.ts';

/** Variables that say where the lake is. A schema that spreads them goes with {@link lakePlace}. */
export const lakeEnv = {
  /** The folder of the lake; with S3, of the local copies of its files. DuckDB reads * ? [ ] { } as a pattern. */
  LAKE_DIR: z
    .string()
    .refine((text) => !/[\0*?[\]{}]/.test(text), 'must be without any of * ? [ ] { } and NUL')
    .default('.aistock/lake'),
  /** S3-compatible storage, such as https://s3.eu-central-1.amazonaws.com; the bucket is not in it. */
  LAKE_S3_ENDPOINT: envUrl().optional(),
  LAKE_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
    .optional(),
  LAKE_S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/, 'must be a region such as eu-central-1')
    .default('us-east-1'),
  LAKE_S3_ACCESS_KEY_ID: z.string().min(1).max(256).optional(),
  LAKE_S3_SECRET_ACCESS_KEY: envSecret().optional(),
} as const;

const LakeConfig = z.object(lakeEnv);

/** What `openLake` of `@aistock/lake` is told: a folder; or S3 and a folder for local copies. */
export type LakePlace =
  | { readonly folder: string }
  | {
      readonly s3: {
        readonly endpoint: string;
        readonly bucket: string;
        readonly region: string;
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
      };
      readonly copiesFolder: string;
    };

/**
 * Where the lake is, as configured: in S3 where its endpoint is set, else in a folder.
 * @param name - of the program; its local copies lie in a folder of that name.
 * @throws ConfigError where the variables of S3 are incomplete.
 */
export function lakePlace(config: Readonly<z.output<typeof LakeConfig>>, name: string): LakePlace {
  const {
    LAKE_S3_ENDPOINT: endpoint,
    LAKE_S3_BUCKET: bucket,
    LAKE_S3_ACCESS_KEY_ID: accessKeyId,
    LAKE_S3_SECRET_ACCESS_KEY: secret,
  } = config;
  const given = { LAKE_S3_ENDPOINT: endpoint, LAKE_S3_BUCKET: bucket, LAKE_S3_ACCESS_KEY_ID: accessKeyId };
  if (Object.values({ ...given, secret }).every((value) => value === undefined))
    return { folder: config.LAKE_DIR };
  if (endpoint && bucket && accessKeyId && secret) {
    const s3 = {
      endpoint,
      bucket,
      region: config.LAKE_S3_REGION,
      accessKeyId,
      secretAccessKey: secret.reveal(),
    };
    return { s3, copiesFolder: join(config.LAKE_DIR, 'copies', name) };
  }
  const missing = Object.entries({ ...given, LAKE_S3_SECRET_ACCESS_KEY: secret }).filter(
    ([, value]) => !value,
  );
  throw new ConfigError(
    missing.map(([variable]) => `${variable}: is not set; S3 takes it beside the other LAKE_S3 variables`),
  );
}

/** The lake and its database, for a program that is no service and may do without the database. */
export const StorageEnv = z.object({
  ...lakeEnv,
  DATABASE_URL: baseEnv.DATABASE_URL.optional(),
  DATABASE_PASSWORD: baseEnv.DATABASE_PASSWORD,
});
