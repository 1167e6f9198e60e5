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

/** Opcodes of 128-bit SIMD that take values from the stack only (WebAssembly core specification 2.0, section 5.4.9). */
const SIMD = {
  and: 0x4e,
  or: 0x50,
  i64Shl: 0xcb,
  i64ShrU: 0xcd,
  i64Add: 0xce,
  add: 0xf0,
  sub: 0xf1,
  mul: 0xf2,
  div: 0xf3,
  pmin: 0xf6,
  pmax: 0xf7,
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
  readonly #parameters: number;
  #locals = 0;

  /** @param parameters i32 parameters, which are the first locals. */
  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  /** A new local that holds a pair. */
  pair(): Local {
    return { index: this.#parameters + this.#locals++ };
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
    this.set(counter, plus(counter, -1));
    get(counter)(this);
    this.#op(OP.i32Const, 0);
    this.#op(OP.i32GtS);
    this.#op(OP.brIf, 0);
    this.#op(OP.end);
  }

  /** Runs the body where the counter is a multiple of a power of two. */
  whereMultiple(counter: Local, of: number, body: () => void): void {
    get(counter)(this);
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

export const get =
  (local: Local): Expression =>
  (code) =>
    code.emitGet(local.index);

/** An address at which the offsets of `load` and `store` count from the memory's beginning. */
export const origin: Expression = (code) => code.emitNumber(0);

/** An i32 local moved by a constant. */
export const plus =
  (local: Local, value: number): Expression =>
  (code) => {
    code.emitGet(local.index);
    code.emitAdd(value);
  };

/** The pair at a byte offset behind an address. */
export const load =
  (address: Expression, offset: number): Expression =>
  (code) => {
    address(code);
    code.emitLoad(offset);
  };

/** The same number in both lanes. */
export const both = (value: number): Expression =>
  bits(new Uint8Array(new Float64Array([value, value]).buffer));

/** The same 64 bits in both lanes. */
export const bothBits = (value: bigint): Expression =>
  bits(new Uint8Array(new BigInt64Array([value, value]).buffer));

const bits =
  (bytes: Uint8Array): Expression =>
  (code) =>
    code.emitBits(bytes);

const binary =
  (opcode: number) =>
  (a: Expression, b: Expression): Expression =>
  (code) => {
    a(code);
    b(code);
    code.emitSimd(opcode);
  };

export const add = binary(SIMD.add);
export const sub = binary(SIMD.sub);
export const mul = binary(SIMD.mul);
export const div = binary(SIMD.div);
export const least = binary(SIMD.pmin);
export const most = binary(SIMD.pmax);
export const addBits = binary(SIMD.i64Add);
export const andBits = binary(SIMD.and);
export const orBits = binary(SIMD.or);

const shifted =
  (opcode: number) =>
  (value: Expression, count: number): Expression =>
  (code) => {
    value(code);
    code.emitShift(opcode, count);
  };

export const shiftLeft = shifted(SIMD.i64Shl);
export const shiftRight = shifted(SIMD.i64ShrU);

/** a × b + c × d + … @throws RangeError for none. */
export function sumOf(terms: readonly Expression[]): Expression {
  const [first, ...rest] = terms;
  if (!first) throw new RangeError('a sum needs a term');
  return rest.reduce((total, term) => add(total, term), first);
}

/** Seven bits a byte, least first. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  do {
    const more = left > 0x7f;
    bytes.push((left & 0x7f) | (more ? 0x80 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  for (;;) {
    const low = left & 0x7f;
    left >>= 7;
    if ((left === 0 && (low & 0x40) === 0) || (left === -1 && (low & 0x40) !== 0)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}
