import { z } from 'zod';

/** One field of a request that was wrong: where, what, and what is allowed. */
export const FieldProblem = z.strictObject({
  field: z.string(),
  message: z.string(),
});
export type FieldProblem = z.infer<typeof FieldProblem>;

/** An RFC 9457 problem document. `code` is stable; `detail` is for people. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().regex(/^[a-z][a-z0-9_]*$/),
    detail: z.string(),
    instance: z.string().optional(),
    request_id: z.string().optional(),
    fields: z.array(FieldProblem).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
