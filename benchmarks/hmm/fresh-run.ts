import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { modelFromJson } from '@aistock/hmm-ts';
import { FORMS, ITERATIONS, processorMs, runForm } from './em.ts';

/** Runs one form on the work in a folder, and prints what it took as JSON. */
const [folder = '', name] = process.argv.slice(2);
const form = FORMS.find((known) => known === name);
if (!form) throw new Error(`no form is called ${name}`);
const start = modelFromJson(JSON.parse(readFileSync(join(folder, 'start.json'), 'utf8')));
if (start.family !== 'gaussian') throw new Error(`the start is ${start.family}`);
const file = openSync(join(folder, 'values.f64'), 'r');
const values = new Float64Array(fstatSync(file).size / Float64Array.BYTES_PER_ELEMENT);
readSync(file, values);
closeSync(file);

const ms = processorMs(() => {
  runForm(form, start, values);
});
process.stdout.write(JSON.stringify({ msPerIteration: ms / ITERATIONS, peakMib: peakMib() }));

/** Of this program; the kernel's figure for the process begins with what the parent had before the program was loaded. */
function peakMib(): number {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kib) / 1024;
}
