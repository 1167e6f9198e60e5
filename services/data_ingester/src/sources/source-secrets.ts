import { ConfigError, envSecret, type Secret } from '@aistock/service-kit';

/** Keys of the sources that ask for one. They come from the environment, and from nowhere else. */
export const secretsEnv = {
  ALPACA_API_KEY_ID: envSecret().optional(),
  ALPACA_API_SECRET_KEY: envSecret().optional(),
  ALPHAVANTAGE_API_KEY: envSecret().optional(),
  FINNHUB_API_KEY: envSecret().optional(),
} as const;

export type SecretName = keyof typeof secretsEnv;
export type SourceSecrets = Readonly<Partial<Record<SecretName, Secret | undefined>>>;

/** @throws ConfigError that names the variable. */
export function secretOf(secrets: SourceSecrets, name: SecretName, source: string): string {
  const secret = secrets[name];
  if (secret === undefined)
    throw new ConfigError([`${name}: is not set; the source ${source} needs it (or ${name}_FILE)`]);
  return secret.reveal();
}
