import pg from 'pg';

const OID: Readonly<Record<'int8' | 'date' | 'int8Array' | 'numericArray' | 'textArray', number>> = {
  int8: 20,
  date: 1082,
  int8Array: 1016,
  numericArray: 1231,
  textArray: 1009,
};

type Parser = (text: string) => unknown;

const driverParser: (oid: number) => Parser = pg.types.getTypeParser;
const parseTextArray = driverParser(OID.textArray) as (text: string) => (string | null)[];

/**
 * Reads a bigint as a number.
 * @throws RangeError beyond 2^53 - 1, where a number would be another one than the database holds.
 */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a JavaScript number`);
  return value;
}

const PARSERS = new Map<number, Parser>([
  [OID.int8, parseInt8],
  [OID.int8Array, (text) => parseTextArray(text).map((item) => (item === null ? null : parseInt8(item)))],
  // The driver would read numeric[] as floats and date as local midnight; both stay text, which is exact.
  [OID.numericArray, parseTextArray],
  [OID.date, (text) => text],
]);

/** How a pool reads values: as the driver does, but for the types of {@link PARSERS}. Global parsers stay untouched. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    (format === 'binary' ? undefined : PARSERS.get(oid)) ?? (pg.types.getTypeParser(oid, format) as Parser),
};
