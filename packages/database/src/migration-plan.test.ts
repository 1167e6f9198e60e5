import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pendingMigrations } from './migration-plan.ts';

const migration = (name: string, sha256 = name) => ({ name, sha256, sql: '' });
const [one, two, three] = ['0001_one.sql', '0002_two.sql', '0003_three.sql'].map((name) => migration(name));
assert.ok(one && two && three);

test('what is not applied yet is pending, in order of name', () => {
  assert.deepEqual(pendingMigrations([three, one, two], [one]), [two, three]);
  assert.deepEqual(pendingMigrations([one, two], [one, two]), []);
});

test('an edited migration is refused', () => {
  assert.throws(() => pendingMigrations([one], [migration(one.name, 'other')]), {
    name: 'MigrationError',
    message: /0001_one.sql was edited after it was applied/,
  });
});

test('a database from a later version is refused', () => {
  assert.throws(() => pendingMigrations([one], [one, two]), /0002_two.sql, which this version does not have/);
});

test('a new migration with a number below an applied one is refused', () => {
  assert.throws(() => pendingMigrations([one, two, three], [one, three]), /0002_two.sql comes before 0003/);
});
