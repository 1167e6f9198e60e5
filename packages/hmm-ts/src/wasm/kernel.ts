import { backwardKernel } from './backward-kernel.ts';
import { forwardKernel } from './forward-kernel.ts';
import { layoutOf, type KernelShape, type Layout } from './layout.ts';
import { moduleBytes } from './module-bytes.ts';
import { webAssembly, type WasmMemory, type WasmModule } from './web-assembly.ts';

const PARAMETERS = 3;
const PAGE_BYTES = 65_536;
/** Compiled modules that are kept; a program works on a few shapes at a time. */
const MODULES_MAX = 32;

type Pass = (row: number, lattice: number, steps: number) => void;

/** The passes over a memory of their own. */
export interface Kernel {
  readonly layout: Layout;
  readonly memory: WasmMemory;
  readonly forward: Pass;
  readonly backward: Pass;
}

const modules = new Map<string, WasmModule>();

/** A kernel for a shape, written and compiled at its first use, with room for so many bytes of rows. */
export function createKernel(shape: KernelShape, rowBytes: number): Kernel {
  const layout = layoutOf(shape);
  const { Memory, Instance } = webAssembly();
  const memory = new Memory({ initial: Math.ceil((layout.rows + rowBytes) / PAGE_BYTES) });
  const instance = new Instance(moduleOf(shape, layout), { shared: { memory } });
  const { forward, backward } = instance.exports as unknown as { forward: Pass; backward: Pass };
  return { layout, memory, forward, backward };
}

function moduleOf(shape: KernelShape, layout: Layout): WasmModule {
  const name = `${shape.covariance} ${shape.states} ${shape.dimensions}`;
  const known = modules.get(name);
  if (known) return known;
  const functions = [
    { name: 'forward', code: forwardKernel(shape, layout) },
    { name: 'backward', code: backwardKernel(shape, layout) },
  ];
  const { Module } = webAssembly();
  const made = new Module(moduleBytes(functions, PARAMETERS));
  const [oldest] = modules.keys();
  if (modules.size >= MODULES_MAX && oldest !== undefined) modules.delete(oldest);
  modules.set(name, made);
  return made;
}
