/** Names of query parameters that carry keys, whatever their case and whatever stands between their words. */
const SECRET_NAMES: ReadonlySet<string> = new Set(
  'token apikey apitoken key accesskey secret apisecret secretkey signature sign sig crumb password passphrase auth'.split(
    ' ',
  ),
);

/** A URL as it may be stored and told: without user, password, fragment, and parameters that carry secrets. */
export function withoutSecrets(url: string): string {
  const told = new URL(url);
  told.username = '';
  told.password = '';
  told.hash = '';
  const names = [...told.searchParams.keys()];
  for (const name of names.filter(isSecret)) told.searchParams.delete(name);
  return told.href;
}

function isSecret(name: string): boolean {
  return SECRET_NAMES.has(name.toLowerCase().replaceAll(/[^a-z]/g, ''));
}
