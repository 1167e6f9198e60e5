import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseFailure, givenDatabase } from './given-database.ts';

test('a URL of Postgres is taken; anything else is refused without being repeated', () => {
  assert.equal(givenDatabase('postgres://me:secret@db.example:5432/mine').host, 'db.example:5432');
  for (const wrong of ['secret', 'http://me:secret@db.example/', 'postgres:secret', 'secret@db:5432/mine'])
    assert.throws(
      () => givenDatabase(wrong),
      (error: Error) =>
        /DATABASE_URL must be a URL such as/.test(error.message) && !/secret/.test(error.message),
    );
});

test('a failure says which database and why, also where several addresses were tried; never the password', () => {
  const url = 'postgres://me:secret@localhost:1/mine';
  const tried = new AggregateError([
    new Error('connect ECONNREFUSED ::1:1'),
    new Error('connect ECONNREFUSED 127.0.0.1:1'),
  ]);
  assert.equal(
    databaseFailure(url, tried).message,
    'the database localhost:1/mine cannot be used: connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1',
  );
  assert.match(
    databaseFailure(url, new Error('no such role')).message,
    /localhost:1\/mine cannot be used: no such role/,
  );
});
