import type { Expression, Local } from './code.ts';

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
