import { join } from 'node:path';
import { baseEnv, envInt, loadConfig, type Env } from '@aistock/service-kit';
import { z } from 'zod';

const AuditorEnv = z.object({
  ...baseEnv,
  /** Where the key and the signed checkpoints are kept: apart from the database, so that a rewrite of it shows. */
  AUDIT_DIR: z.string().min(1).default('.aistock/audit'),
  /** The Ed25519 key as PEM; made in AUDIT_DIR at the first start unless told. */
  AUDIT_KEY_FILE: z.string().min(1).optional(),
  /** Which log the checkpoints are of, and the name of the key (C2SP origin). */
  AUDIT_ORIGIN: z
    .string()
    .regex(/^[^\s+]{1,200}$/, 'must be a name such as example.com/audit, without spaces and plus signs')
    .default('aistock.local/audit'),
  /** How often the outbox is looked at when nobody asks, in ms. */
  DRAIN_INTERVAL_MS: envInt(10, 60_000).default(1_000),
  /** How often the whole record is verified when nobody asks, in ms. */
  VERIFY_INTERVAL_MS: envInt(1_000, 86_400_000).default(3_600_000),
});

export type AuditorConfig = Readonly<z.output<typeof AuditorEnv>> & { readonly keyFile: string };

export function loadAuditorConfig(env: Env): AuditorConfig {
  const config = loadConfig(AuditorEnv, env);
  return { ...config, keyFile: config.AUDIT_KEY_FILE ?? join(config.AUDIT_DIR, 'audit-key.pem') };
}
