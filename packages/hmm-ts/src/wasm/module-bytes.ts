import type { Code } from './code.ts';
import { unsigned } from './leb128.ts';

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SECTION = { types: 1, imports: 2, functions: 3, exports: 7, code: 10 } as const;
const FUNCTION_TYPE = 0x60;
const I32 = 0x7f;
const MEMORY = 0x02;
const FUNCTION = 0x00;

/** A function of i32 parameters that answers nothing. */
export interface ExportedFunction {
  readonly name: string;
  readonly code: Code;
}

/** A binary WebAssembly module (core specification 2.0, section 5.5) with one memory, imported as `shared.memory`. */
export function moduleBytes(functions: readonly ExportedFunction[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...HEADER,
    ...section(
      SECTION.types,
      functions.map(({ code }) => [
        FUNCTION_TYPE,
        code.parameters,
        ...Array.from({ length: code.parameters }, () => I32),
        0,
      ]),
    ),
    ...section(SECTION.imports, [[...text('shared'), ...text('memory'), MEMORY, 0x00, 1]]),
    ...section(
      SECTION.functions,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(
      SECTION.exports,
      functions.map(({ name }, index) => [...text(name), FUNCTION, index]),
    ),
    ...section(
      SECTION.code,
      functions.map(({ code }) => code.body()),
    ),
  ]);
}

function text(name: string): number[] {
  const bytes = new TextEncoder().encode(name);
  return [...unsigned(bytes.length), ...bytes];
}

function section(id: number, items: readonly number[][]): number[] {
  const body = [...unsigned(items.length), ...items.flat()];
  return [id, ...unsigned(body.length), ...body];
}
