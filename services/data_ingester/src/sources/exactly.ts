import { z } from 'zod';

/** An object with these keys and no others; one too many is told with those that are allowed. */
export function exactly<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const allowed = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `is not known here; allowed are ${allowed}` : undefined,
  });
}
