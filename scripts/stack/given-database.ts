const EXAMPLE = 'postgres://postgres:password@127.0.0.1:5432/aistock';

/** The user's own database as a URL. @throws Error that never repeats the text, which may hold a password. */
export function givenDatabase(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === '')
    throw new Error(`DATABASE_URL must be a URL such as ${EXAMPLE}`);
  return url;
}

/** What went wrong with a database, with where it is: the system's message alone may be empty. */
export function databaseFailure(url: string, error: unknown): Error {
  const { host, pathname } = new URL(url);
  const gathered: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  const words = gathered.map((one) => (one instanceof Error ? one.message : String(one))).join('; ');
  return new Error(`the database ${host}${pathname} cannot be used: ${words}`, { cause: error });
}
