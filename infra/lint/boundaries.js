import { isBuiltin } from 'node:module';
import { dirname, relative, resolve, sep } from 'node:path';
import { HOMES, PACKAGES, PURE, READERS, THREADS } from './dependencies.js';

const TEST_CODE = /(\.test|\.fixture)\.ts$|^(packages|services)\/[^/]+\/test\//;
/** What tests, benchmarks and the script that runs the tests are made of. */
const TEST_UNITS = /^(tests|benchmarks|scripts\/checks)\//;
const LIBRARY = /^(@[^/]+\/)?[^/]+/;

/** Where a file belongs: `packages/market`, `services/engine`, `tests`, `scripts`. */
function unitOf(path) {
  const [top, name] = path.split('/');
  return top === 'packages' || top === 'services' ? `${top}/${name}` : top;
}

/** The reason why this file may not import this, or undefined. Paths are relative to the root, with slashes. */
export function whyRefused(path, specifier) {
  const unit = unitOf(path);
  const isTest = TEST_CODE.test(path) || TEST_UNITS.test(path);
  if (specifier.startsWith('.')) return whyPathRefused(path, specifier, isTest);
  if (specifier.startsWith('@aistock/'))
    return (
      whyOursRefused(unit, specifier, isTest) ?? (isTest ? undefined : whyReaderRefused(path, specifier))
    );
  return isTest ? undefined : whyLibraryRefused(path, specifier);
}

function whyPathRefused(path, specifier, isTest) {
  const target = resolve('/', dirname(path), specifier).slice(1);
  const inWorkspace = /^(packages|services)\//;
  if (unitOf(target) !== unitOf(path) && (inWorkspace.test(target) || inWorkspace.test(path)))
    return `this path leaves ${unitOf(path)}; import ${unitOf(target)} by its package name`;
  return !isTest && TEST_CODE.test(target) ? 'only tests may import test code' : undefined;
}

function whyOursRefused(unit, specifier, isTest) {
  const [folder, name] = unit.split('/');
  const target = specifier.split('/')[1];
  if (target === name) return undefined;
  if (!(target in PACKAGES))
    return unit === 'tests' || unit === 'benchmarks'
      ? undefined
      : `nobody imports a service; ask ${target} over HTTP with its typed client`;
  if (isTest) return undefined;
  if (target === 'testkit') return 'testkit is for tests';
  if (folder !== 'packages' || PACKAGES[name]?.includes(target)) return undefined;
  return `${name} may import of ours: ${PACKAGES[name]?.join(', ') || 'nothing'}`;
}

/** Nothing is read ahead of its time where nobody can go around the reader that knows it. */
function whyReaderRefused(path, specifier) {
  const home = READERS[specifier];
  return home === undefined || path.startsWith(home)
    ? undefined
    : `bars are read as of a time, through the reader in ${home} or GET /bars`;
}

function whyLibraryRefused(path, specifier) {
  const threads = THREADS[specifier];
  if (threads !== undefined && path.startsWith(threads)) return undefined;
  const unit = unitOf(path);
  const name = unit.split('/')[1];
  const library = LIBRARY.exec(specifier)[0];
  const pure = unit.startsWith('packages/') ? PURE[name] : undefined;
  if (pure && (isBuiltin(specifier) || !pure.includes(library)))
    return `${name} is pure: no I/O, no process; allowed: ${pure.join(', ') || 'nothing'}`;
  const homes = HOMES[library];
  if (homes && !homes.some((home) => unit === home || unit === `packages/${home}`))
    return `${library} is used in ${homes.join(' and ')} only`;
  return undefined;
}

/** DESIGN's dependency rule: services import packages, never one another; pure packages import no I/O. */
const imports = {
  create(context) {
    const path = relative(context.cwd, context.filename).split(sep).join('/');
    const check = ({ source }) => {
      if (typeof source?.value !== 'string') return;
      const reason = whyRefused(path, source.value);
      if (reason) context.report({ node: source, message: `'${source.value}' is out of bounds: ${reason}.` });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
    };
  },
};

/** `new Date()` and `Date()` read the machine's clock; `new Date(ms)` does not. */
const noHiddenClock = {
  create(context) {
    const check = (node) => {
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'Date') return;
      if (node.type === 'NewExpression' && node.arguments.length > 0) return;
      context.report({ node, message: 'Time is an argument: take a Clock instead of the machine clock.' });
    };
    return { NewExpression: check, CallExpression: check };
  },
};

export default { meta: { name: 'aistock' }, rules: { imports, 'no-hidden-clock': noHiddenClock } };
