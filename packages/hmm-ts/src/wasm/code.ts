import { signed, unsigned } from './leb128.ts';

/** A value on the operand stack: the code that puts it there. */
export type Expression = (code: Code) => void;

/** A local variable of the function that is written. */
export interface Local {
  readonly index: number;
}

const OP = {
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  brIf: 0x0d,
  get: 0x20,
  set: 0x21,
  i32Const: 0x41,
  i32Eqz: 0x45,
  i32GtS: 0x4a,
  i32Add: 0x6a,
  i32And: 0x71,
  simd: 0xfd,
} as const;

const V128_LOAD = 0x00;
const V128_STORE = 0x0b;
const V128_CONST = 0x0c;
const VOID = 0x40;
const V128 = 0x7b;
/** Alignment of 16 bytes, as a power of two. */
const ALIGN = 4;

/** The body of a WebAssembly function on pairs of float64, written instruction by instruction. */
export class Code {
  readonly #bytes: number[] = [];
  readonly parameters: number;
  #locals = 0;

  /** @param parameters i32 parameters, which are the first locals. */
  constructor(parameters: number) {
    this.parameters = parameters;
  }

  /** A new local that holds a pair. */
  pair(): Local {
    return { index: this.parameters + this.#locals++ };
  }

  pairs(count: number): Local[] {
    return Array.from({ length: count }, () => this.pair());
  }

  set(local: Local, value: Expression): void {
    value(this);
    this.#op(OP.set, local.index);
  }

  store(address: Expression, offset: number, value: Expression): void {
    address(this);
    value(this);
    this.#simd(V128_STORE, ALIGN, offset);
  }

  /** Runs the body while the counter, an i32 local that the loop counts down, is above zero; at least once. */
  countDown(counter: Local, body: () => void): void {
    this.#op(OP.loop, VOID);
    body();
    this.emitGet(counter.index);
    this.emitAdd(-1);
    this.#op(OP.set, counter.index);
    this.emitGet(counter.index);
    this.#op(OP.i32Const, 0);
    this.#op(OP.i32GtS);
    this.#op(OP.brIf, 0);
    this.#op(OP.end);
  }

  /** Runs the body where the counter is a multiple of a power of two. */
  whereMultiple(counter: Local, of: number, body: () => void): void {
    this.emitGet(counter.index);
    this.#op(OP.i32Const, of - 1);
    this.#op(OP.i32And);
    this.#op(OP.i32Eqz);
    this.#op(OP.if, VOID);
    body();
    this.#op(OP.end);
  }

  /** The function body with its locals and its length. */
  body(): number[] {
    const locals = this.#locals === 0 ? [0] : [1, ...unsigned(this.#locals), V128];
    const inside = [...locals, ...this.#bytes, OP.end];
    return [...unsigned(inside.length), ...inside];
  }

  emitGet(index: number): void {
    this.#op(OP.get, index);
  }

  emitAdd(value: number): void {
    this.#bytes.push(OP.i32Const, ...signed(value), OP.i32Add);
  }

  emitNumber(value: number): void {
    this.#bytes.push(OP.i32Const, ...signed(value));
  }

  emitLoad(offset: number): void {
    this.#simd(V128_LOAD, ALIGN, offset);
  }

  emitBits(bytes: Uint8Array): void {
    this.#bytes.push(OP.simd, V128_CONST, ...bytes);
  }

  emitShift(opcode: number, bits: number): void {
    this.#op(OP.i32Const, bits);
    this.#simd(opcode);
  }

  emitSimd(opcode: number): void {
    this.#simd(opcode);
  }

  #op(...parts: readonly number[]): void {
    this.#bytes.push(parts[0]!, ...parts.slice(1).flatMap(unsigned));
  }

  #simd(opcode: number, ...immediates: readonly number[]): void {
    this.#bytes.push(OP.simd, ...unsigned(opcode), ...immediates.flatMap(unsigned));
  }
}
