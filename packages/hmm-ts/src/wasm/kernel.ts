import { backwardKernel } from './backward-kernel.ts';
import { forwardKernel } from './forward-kernel.ts';
import { massesKernel } from './masses-kernel.ts';
import { layoutOf, type KernelShape, type Layout } from './layout.ts';
import { moduleBytes } from './module-bytes.ts';
import { webAssembly, type WasmMemory, type WasmModule } from './web-assembly.ts';

const PAGE_BYTES = 65_536;
/** Compiled modules that are kept; a program works on a few shapes at a time. */
const MODULES_MAX = 32;

/** Addresses of the row that each begins with, and steps; see where they are written. */
interface Passes {
  readonly forward: (row: number, densities: number, steps: number) => void;
  readonly masses: (before: number, densities: number, steps: number) => void;
  readonly backward: (row: number, densities: number, masses: number, steps: number) => void;
}

/** The passes over a memory of their own. */
export interface Kernel extends Passes {
  readonly layout: Layout;
  readonly memory: WasmMemory;
}

const modules = new Map<string, WasmModule>();

/** A kernel for a shape, written and compiled at its first use, with room for so many bytes of rows. */
export function createKernel(shape: KernelShape, rowBytes: number): Kernel {
  const layout = layoutOf(shape);
  const { Memory, Instance } = webAssembly();
  const memory = new Memory({ initial: Math.ceil((layout.rows + rowBytes) / PAGE_BYTES) });
  const instance = new Instance(moduleOf(shape, layout), { shared: { memory } });
  return { layout, memory, ...(instance.exports as unknown as Passes) };
}

function moduleOf(shape: KernelShape, layout: Layout): WasmModule {
  const name = `${shape.covariance} ${shape.states} ${shape.dimensions} ${shape.anchor}`;
  const known = modules.get(name);
  if (known) return known;
  const functions = [
    { name: 'forward', code: forwardKernel(shape, layout) },
    { name: 'masses', code: massesKernel(shape, layout) },
    { name: 'backward', code: backwardKernel(shape, layout) },
  ];
  const { Module } = webAssembly();
  const made = new Module(moduleBytes(functions));
  const [oldest] = modules.keys();
  if (modules.size >= MODULES_MAX && oldest !== undefined) modules.delete(oldest);
  modules.set(name, made);
  return made;
}
