import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';

const page = resolve(dirname(import.meta.filename), '../docs/assumptions.md');

/** Each rule is a numbered item; its last line names a test: _[file](path): name of the test_. */
function rules(): { readonly number: number; readonly file: string | undefined; readonly name: string }[] {
  const items = readFileSync(page, 'utf8').split(/^(?=\d+\. )/m);
  return items.slice(1).map((item) => {
    const [, file, name = ''] = /_\[[^\]]+\]\(([^)]+)\): ([^_]+)_/s.exec(item) ?? [];
    return { number: Number.parseInt(item, 10), file, name: name.replaceAll(/\s+/g, ' ') };
  });
}

test('every assumption is numbered in turn and names a test that exists', () => {
  const found = rules();
  assert.ok(found.length > 50);
  assert.deepEqual(
    found.map(({ number }) => number),
    found.map((_, index) => index + 1),
  );
  const untested = found.filter(({ file, name }) => {
    if (file === undefined || name === '') return true;
    return !readFileSync(join(dirname(page), file), 'utf8').includes(`test('${name}'`);
  });
  assert.deepEqual(untested, []);
});
