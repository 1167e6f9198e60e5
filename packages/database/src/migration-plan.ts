/** A migration file. */
export interface Migration {
  /** Such as `0004_ledger.sql`; the order of names is the order of application. */
  name: string;
  sql: string;
  sha256: string;
}

/** A migration that a database says it has had. */
export interface AppliedMigration {
  name: string;
  sha256: string;
}

/** The migrations of the program and of the database do not fit together; nothing was changed. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

/**
 * Which migrations are still to apply, in order.
 * @throws MigrationError where an applied one was edited or removed, or a new one sorts before an applied one.
 */
export function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): Migration[] {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  const appliedNames = new Set(applied.map(({ name }) => name));
  const last = applied.map(({ name }) => name).reduce((a, b) => (a > b ? a : b), '');
  for (const { name, sha256 } of applied) {
    const migration = byName.get(name);
    if (migration === undefined) {
      throw new MigrationError(`the database has had ${name}, which this version does not have`);
    }
    if (migration.sha256 !== sha256) {
      throw new MigrationError(
        `${name} was edited after it was applied; put it back and add a new migration`,
      );
    }
  }
  const pending = migrations.filter(({ name }) => !appliedNames.has(name));
  const late = pending.find(({ name }) => name < last);
  if (late !== undefined) {
    throw new MigrationError(`${late.name} comes before ${last}, which is applied; give it a higher number`);
  }
  return pending.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
