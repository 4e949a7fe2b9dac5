/** Files of settings with a form of their own, named by a setting of the coordinator: identities, alerts. */
import { z } from 'zod';
import { AppError, type Fault } from '../shared/domain/errors.ts';
import { faultsOf } from '../shared/domain/spec-faults.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 24 * 3_600_000 };

/** A time with its unit, up to so much; read as milliseconds. */
export const timeUpTo = (maxMs: number, most: string) =>
  z
    .string()
    .regex(/^\d{1,9}(ms|s|m|h|d)$/, 'must be a time with its unit, such as 30s or 12h')
    .transform((written) => Number.parseInt(written, 10) * UNITS[/[a-z]+$/.exec(written)![0] as keyof typeof UNITS])
    .refine((ms) => ms <= maxMs, `is more than ${most}, the longest there can be`);

export interface SettingsFile<T> {
  /** undefined: it cannot be read, or has not the form; the faults say why. */
  data: T | undefined;
  faults: Fault[];
  /** Notes one more; an empty place is the file as a whole. */
  fault: (place: string, problem: string) => void;
}

/** Reads a YAML file of that form; all that is wrong with it is in the faults, each with the file's name. */
export async function readSettingsFile<S extends z.ZodType>(path: string, schema: S): Promise<SettingsFile<z.output<S>>> {
  const faults: Fault[] = [];
  const fault = (place: string, problem: string): void => void faults.push({ place: place === '' ? path : `${path}: ${place}`, problem });
  let values: unknown;
  try {
    ({ values } = await readConfigFile(path));
  } catch (error) {
    faults.push(...AppError.from(error).faults);
    return { data: undefined, faults, fault };
  }
  const { success, data, error } = schema.safeParse(values);
  if (success) return { data, faults, fault };
  for (const { place, problem } of faultsOf(error.issues, values, schema)) fault(place, problem);
  return { data: undefined, faults, fault };
}
