import { canonicalJson } from '@aistock/shared';
import { z } from 'zod';

/** What a line of the decision log holds besides, as far as two of them are compared. */
const Line = z.looseObject({
  kind: z.enum(['slot', 'selection']),
  at_ms: z.number(),
  slot: z.string().optional(),
  inputs: z.looseObject({ books: z.string() }).optional(),
});
type Line = z.infer<typeof Line>;

/** A decision that was made otherwise, or by one of the two alone. */
export interface DecisionDifference {
  readonly atMs: number;
  /** Null for a selection of slots. */
  readonly slot: string | null;
  /** What was not the same when it was decided, as the line names it: `bars`, `books`, `params`. */
  readonly inputs: readonly string[];
  /** The lines of both; null where there is none. */
  readonly live: string | null;
  readonly shadow: string | null;
}

/** How many decisions there were, and how many of them differ. */
export interface DecisionCount {
  readonly compared: number;
  readonly differing: number;
  /** Of these, how many were made with the same books, or by one of the two alone: no fill of before explains them. */
  readonly unexplained: number;
}

export interface ComparedDecisions extends DecisionCount {
  readonly bySlot: ReadonlyMap<string, DecisionCount>;
  /** In the order of time. */
  readonly differences: readonly DecisionDifference[];
}

/**
 * Compares what was decided at each close: signal, sizes, orders, cancels and reasons. Where the books had come apart before,
 * amounts and prices of quotes follow them, and are left out: the first order that filled otherwise would make every later
 * one count.
 */
export function compareDecisions(live: readonly string[], shadow: readonly string[]): ComparedDecisions {
  const [ours, theirs] = [byDecision(live), byDecision(shadow)];
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])];
  const bySlot = new Map<string, DecisionCount>();
  const differences: DecisionDifference[] = [];
  let all = NONE;
  for (const key of keys) {
    const difference = differenceOf(ours.get(key), theirs.get(key));
    if (difference) differences.push(difference);
    const { slot } = (ours.get(key) ?? theirs.get(key))!.line;
    if (slot !== undefined) bySlot.set(slot, counted(bySlot.get(slot) ?? NONE, difference));
    all = counted(all, difference);
  }
  return { ...all, bySlot, differences: differences.toSorted((a, b) => a.atMs - b.atMs) };
}

const NONE: DecisionCount = { compared: 0, differing: 0, unexplained: 0 };

function counted(
  { compared, differing, unexplained }: DecisionCount,
  difference: DecisionDifference | undefined,
): DecisionCount {
  const isUnexplained = difference !== undefined && !difference.inputs.includes('books');
  return {
    compared: compared + 1,
    differing: differing + (difference ? 1 : 0),
    unexplained: unexplained + (isUnexplained ? 1 : 0),
  };
}

interface Read {
  readonly text: string;
  readonly line: Line;
}

function byDecision(lines: readonly string[]): ReadonlyMap<string, Read> {
  return new Map(
    lines.map((text) => {
      const line = Line.parse(JSON.parse(text));
      return [`${line.at_ms} ${line.kind} ${line.slot}`, { text, line }];
    }),
  );
}

function differenceOf(live: Read | undefined, shadow: Read | undefined): DecisionDifference | undefined {
  if (live && shadow && isSame(live.line, shadow.line)) return undefined;
  const { line } = (live ?? shadow)!;
  return {
    atMs: line.at_ms,
    slot: line.slot ?? null,
    inputs: live && shadow ? inputsApart(live.line, shadow.line) : [],
    live: live?.text ?? null,
    shadow: shadow?.text ?? null,
  };
}

function isSame(a: Line, b: Line): boolean {
  const withAmounts = a.inputs?.books === b.inputs?.books;
  return canonicalJson(decided(a, withAmounts)) === canonicalJson(decided(b, withAmounts));
}

const Orders = z.array(
  z.looseObject({ leg: z.string(), side: z.string(), type: z.string(), reduce_only: z.boolean() }),
);
const Choices = z.array(z.object({ slot: z.string(), enabled: z.boolean() }));

function decided(line: Line, withAmounts: boolean): unknown {
  if (line.kind === 'selection') return Choices.parse(line['slots']);
  const { signal, sizes, orders, cancels, reasons } = line;
  const placed = Orders.parse(orders);
  if (withAmounts) return { signal, sizes, orders: placed, cancels, reasons };
  const kinds = placed.map(({ leg, side, type, reduce_only }) => ({ leg, side, type, reduce_only }));
  return { signal, orders: kinds, cancels, reasons };
}

const STATES = ['regime', 'quality', 'stale', 'state', 'selected'] as const;

const differ = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

/** The hashed inputs and the readable ones that are not the same. */
function inputsApart(a: Line, b: Line): string[] {
  const hashed = Object.keys({ ...a.inputs, ...b.inputs }).filter((name) =>
    differ(a.inputs?.[name], b.inputs?.[name]),
  );
  return [...new Set([...hashed, ...STATES.filter((name) => differ(a[name], b[name]))])].toSorted();
}
