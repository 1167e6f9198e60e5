import { readdir } from 'node:fs/promises';
import type { Exchange } from 'ccxt';
import { SourceError } from '../bar-source.ts';

type ExchangeClass = new (config: Readonly<Record<string, unknown>>) => Exchange;

/**
 * Loads one exchange of ccxt and none of the hundred others. ccxt exports all of them in one module only, which costs
 * three times the memory; so the exchange's own file is imported, once its name has been found in ccxt's folder.
 * @throws SourceError `unknown_exchange`.
 */
export async function loadExchange(name: string): Promise<ExchangeClass> {
  const folder = new URL('./src/', import.meta.resolve('ccxt'));
  const file = (await readdir(folder)).find((entry) => entry === `${name}.js`);
  if (file === undefined) throw new SourceError('unknown_exchange', `ccxt has no exchange named ${name}`);
  const loaded: { default: ExchangeClass } = await import(new URL(file, folder).href);
  return loaded.default;
}
