import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { operationsApi, READERS, SERVICE_APIS, type Role } from '@aistock/shared';

const root = resolve(dirname(import.meta.filename), '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const list = (...patterns: string[]): string[] =>
  globSync(patterns, { cwd: root, exclude: ['**/node_modules/**', '**/.*/**'] }).toSorted();
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '');
const readme = read('README.md');

/** Members of a configuration schema; names taken from the environment; what Compose puts in from the shell. */
function environmentVariables(): Set<string> {
  const names = new Set<string>();
  const add = (found: string[]) => found.forEach((name) => names.add(name));
  for (const file of list('services/*/src/*config.ts', 'packages/service-kit/src/{env,lake-env}.ts'))
    add(all(read(file), /^ {2}([A-Z][A-Z0-9_]+):/gm));
  for (const file of list('{services,packages,scripts}/**/*.ts')) {
    add(all(read(file), /\benv(?:\.|\[')([A-Z][A-Z0-9_]+)\b/g).filter((name) => name !== 'PATH'));
    for (const taken of all(read(file), /\{([^{}]*)\} = env\b/g)) add(taken.match(/[A-Z][A-Z0-9_]+/g) ?? []);
  }
  for (const file of list('*.yml')) add(all(read(file), /\$\{([A-Z][A-Z0-9_]+)/g));
  return names;
}

test('README.md explains every environment variable that anything reads', () => {
  const names = environmentVariables();
  for (const known of [
    'PORT',
    'EXACTLY_ONCE',
    'RETRAIN_CRON',
    'TRAIN_UNTIL',
    'SECRETS_DIR',
    'AISTOCK_FAULTS',
  ])
    assert.ok(names.has(known), `the search for variables no longer finds ${known}`);
  const explained = new Set(all(readme, /`([A-Z][A-Z0-9_]+)`/g));
  assert.deepEqual([...names].filter((name) => !explained.has(name)).toSorted(), []);
});

test('README.md lists every endpoint with its roles, and calls every one of a service with curl', () => {
  const routes = [...Object.values(SERVICE_APIS), operationsApi].flatMap((api) => Object.values(api));
  const rows = new Set(
    [...readme.matchAll(/^\| `([A-Z]+ \/\S*)` +\| ([a-z, ]+?) +\|/gm)].map(([, call = '', roles = '']) =>
      rowOf(call, roles.split(', ')),
    ),
  );
  const missing = routes.filter(
    ({ method, path, roles }) => !rows.has(rowOf(`${method} ${path}`, rolesAsWritten(roles))),
  );
  assert.deepEqual(
    missing.map(({ method, path }) => `${method} ${path}`),
    [],
  );
  const calls = all(readme, /^curl [^\n]*?(?:localhost|127\.0\.0\.1):80\d\d(\/[^\s'?]*)/gm);
  const uncalled = Object.values(SERVICE_APIS)
    .flatMap((api) => Object.values(api))
    .filter(({ path }) => !calls.some((call) => pathPattern(path).test(call)));
  assert.deepEqual(
    uncalled.map(({ path }) => path),
    [],
  );
});

const rowOf = (call: string, roles: readonly string[]): string => `${call}: ${roles.toSorted().join(', ')}`;

/** As the tables of README.md have them. */
function rolesAsWritten(roles: readonly Role[] | 'public'): readonly string[] {
  if (roles === 'public') return ['all'];
  return roles.length === READERS.length ? ['any'] : roles;
}

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`);
}

test('every relative link of a document points to a file, and every anchor to a heading', () => {
  const broken = list('**/*.md').flatMap((file) => {
    const links = all(read(file).replaceAll(/```[^]*?```/g, ''), /\]\(([^)\s]+)\)/g);
    return links
      .filter((link) => !/^[a-z]+:/.test(link) && !isFound(file, link))
      .map((link) => `${file}: ${link}`);
  });
  assert.deepEqual(broken, []);
});

test('docs/README.md leads to every page of docs, each decision under its title', () => {
  const index = read('docs/README.md');
  const linked = new Set(all(index, /\]\(([^)\s]+\.md)\)/g).map((link) => join('docs', link)));
  const pages = list('docs/**/*.md').filter((page) => page !== 'docs/README.md');
  assert.deepEqual(
    pages.filter((page) => !linked.has(page)),
    [],
  );
  for (const page of list('docs/decisions/*.md')) {
    const [, number = '', title = ''] = read(page).match(/^# (\d{4}) (.+)$/m) ?? [];
    assert.ok(index.includes(`- [${number}](${relative('docs', page)}) ${title}\n`), page);
  }
});

test('ARCHITECTURE.md says what each package and service is', () => {
  const rows = all(read('ARCHITECTURE.md'), /^\| ([a-z_, -]+?) +\|/gm).flatMap((names) => names.split(', '));
  const folders = list('packages/*/package.json', 'services/*/src/app.ts').map((path) => path.split('/')[1]!);
  assert.deepEqual(
    folders.filter((name) => !rows.includes(name)),
    [],
  );
});

function isFound(file: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : relative(root, resolve(root, dirname(file), path));
  if (!existsSync(join(root, target))) return false;
  if (anchor === undefined) return true;
  const headings = all(read(target), /^#+ (.*)$/gm);
  return headings.some((heading) => anchorOf(heading) === anchor);
}

/** As GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

test('docs/database.md has every table with every column, and every right of a service outside its own schema', () => {
  const schema = read('packages/database/schema.sql');
  const page = read('docs/database.md');
  const tables = [...schema.matchAll(/^CREATE TABLE (\S+) \(\n([^]*?)\n\)[^\n]*;/gm)];
  assert.ok(tables.length >= 30, 'the search for tables finds too few');
  for (const [, quoted = '', body = ''] of tables) {
    const name = quoted.replaceAll('"', '');
    const section = page.split(`\n### ${name}\n`)[1]?.split(/\n##/)[0];
    assert.ok(section, `docs/database.md says nothing of ${name}`);
    const columns = all(body, /^ {2}"?([a-z_0-9]+)"? (?!CONSTRAINT)/gm);
    const told = all(section, /^\| `([a-z_0-9]+)`/gm);
    assert.deepEqual(told, columns, name);
  }
  const views = all(schema, /^CREATE (?:OR REPLACE )?VIEW (\S+)/gm);
  const functions = all(schema, /^GRANT EXECUTE ON FUNCTION (\S+?)\(/gm);
  for (const name of views) assert.ok(page.includes(`\`${name}\``), name);
  for (const name of functions) assert.ok(page.includes(`\`${name}(`), name);
});
