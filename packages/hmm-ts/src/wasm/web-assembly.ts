/** What is used of the JavaScript interface to WebAssembly, which every engine has and the compiler's settings do not name. */
interface WebAssemblyInterface {
  readonly Memory: new (descriptor: { readonly initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: { readonly shared: { readonly memory: WasmMemory } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** A compiled module; what is in it concerns nobody. */
export type WasmModule = object;

declare const WebAssembly: WebAssemblyInterface | undefined;

/** Some engines can be told to do without it. */
export const hasWebAssembly = typeof WebAssembly !== 'undefined';

/** @throws Error where there is none. */
export function webAssembly(): WebAssemblyInterface {
  if (typeof WebAssembly === 'undefined') throw new Error('this engine has no WebAssembly');
  return WebAssembly;
}
