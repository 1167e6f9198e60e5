import { z } from 'zod';
import { OPERATORS, READERS, route } from '../../route.ts';
import {
  Accountable,
  Ms,
  MsText,
  NonNegativeDecimal,
  PositiveDecimal,
  StreamId,
  StreamIdInPath,
} from '../../vocabulary.ts';

/** What happened to a share before a bar. Prices are kept as they were traded; adjusted ones are computed. */
const CorporateAction = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('split'),
    /** Open time of the first bar that trades in new shares. */
    ex_ms: Ms,
    /** So many new shares for so many old ones: 4 for 1. 1 for 1 takes a split back. */
    new_shares: PositiveDecimal,
    old_shares: PositiveDecimal,
  }),
  z.strictObject({
    kind: z.literal('dividend'),
    /** Open time of the first bar that trades without it. */
    ex_ms: Ms,
    /** Of one share, in the currency of its price. 0 takes a dividend back. */
    amount: NonNegativeDecimal,
  }),
]);

const ACTIONS_PER_CALL_MAX = 1_000;

const FACTOR_FILE_CHARACTERS_MAX = 50_000;

const NewCorporateActions = Accountable.extend({
  actions: z.array(CorporateAction).min(1).max(ACTIONS_PER_CALL_MAX).optional(),
  /** The text of a factor file of LEAN, whose splits and dividends are noted. */
  factor_file: z.string().min(1).max(FACTOR_FILE_CHARACTERS_MAX).optional(),
  /** Since when they are known: of what is past, from its day on unless told; of what is to come, from now on. */
  known_ms: Ms.optional(),
}).refine(({ actions, factor_file }) => (actions === undefined) !== (factor_file === undefined), {
  path: ['actions'],
  message: 'either these or factor_file must be given',
});

const CorporateActions = z.strictObject({
  stream: StreamId,
  /** Ascending by day; each as the newest that is known. */
  actions: z.array(
    z.strictObject({
      kind: z.enum(['split', 'dividend']),
      ex_ms: Ms,
      known_ms: Ms,
      /** Null of a dividend. */
      new_shares: PositiveDecimal.nullable(),
      old_shares: PositiveDecimal.nullable(),
      /** Null of a split. */
      amount: NonNegativeDecimal.nullable(),
      noted_by: z.string(),
      reason: z.string(),
    }),
  ),
});

export const actionRoutes = {
  corporateActions: route({
    method: 'GET',
    path: '/streams/:id/corporate-actions',
    summary: 'Splits and dividends of what a stream prices, as they were known at a time.',
    roles: READERS,
    params: z.strictObject({ id: StreamIdInPath }),
    query: z.strictObject({
      /** Only what was known by then; now unless told. */
      as_of_ms: MsText.optional(),
    }),
    response: CorporateActions,
  }),
  noteCorporateActions: route({
    method: 'POST',
    path: '/streams/:id/corporate-actions',
    summary: 'Note splits and dividends. What was noted before stays, for whoever asks as of a time before.',
    roles: OPERATORS,
    params: z.strictObject({ id: StreamIdInPath }),
    body: NewCorporateActions,
    response: CorporateActions,
  }),
} as const;
