import { baseEnv, loadConfig, type Env } from '@aistock/service-kit';
import { Instrument, PolicyMode } from '@aistock/shared';
import { strategySchemasEnv } from '@aistock/strategy-schemas';
import { z } from 'zod';

const InstrumentList = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(z.array(Instrument));

const ParamControllerEnv = z.object({
  ...baseEnv,
  ...strategySchemasEnv,
  /** The instruments that parameters are given for, joined by commas; any well-formed one where unset. */
  INSTRUMENTS: InstrumentList.optional(),
  /** How presets are chosen where no mode was set. */
  DEFAULT_MODE: PolicyMode.default('thompson'),
});

export type ParamControllerConfig = Readonly<z.output<typeof ParamControllerEnv>>;

export function loadParamControllerConfig(env: Env): ParamControllerConfig {
  return loadConfig(ParamControllerEnv, env);
}
