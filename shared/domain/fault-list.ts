/** Collects the faults of a spec, with the checks that are made in many places. */
import { AppError } from './errors.ts';
import { placeOfPath, showValue, type PlacedFault } from './spec-faults.ts';
import { compileTemplate } from './template.ts';

export type Path = readonly PropertyKey[];

/** Where keys are never written, whatever they are called. */
const KEY_NAME = /^(api[-_]?key|authorization|x-api-key|token|secret|password)$/i;

export class FaultList {
  readonly list: PlacedFault[] = [];

  add(path: Path, problem: string, lacks?: Path): void {
    this.list.push({ path, place: placeOfPath(path), problem, ...(lacks ? { lacks } : {}) });
  }

  /** What an action throws is the fault. */
  attempt(path: Path, action: () => unknown): void {
    try {
      action();
    } catch (error) {
      this.add(path, AppError.from(error).message);
    }
  }

  /** Names stand in tables and logs: printable, on one line. */
  checkName(name: string | undefined, path: Path): void {
    if (name !== undefined && (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(name) || name.trim() !== name || name === ''))
      this.add(path, `is ${showValue(name)}, must be printable text without spaces at its ends`);
  }

  checkTemplate(template: string, path: Path): void {
    this.attempt(path, () => compileTemplate(template));
  }

  checkUnique(names: readonly (string | undefined)[], pathOf: (index: number) => Path, remedy: string): void {
    const first = new Map<string, number>();
    names.forEach((name, i) => {
      if (name === undefined) return;
      const earlier = first.get(name);
      if (earlier === undefined) first.set(name, i);
      else this.add(pathOf(i), `is ${showValue(name)} again, as ${placeOfPath(pathOf(earlier))}; ${remedy}`);
    });
  }

  /** Free-form values travel as JSON, which has no NaN and no infinity (YAML has). */
  checkJson(value: unknown, path: Path): void {
    if (typeof value === 'number' && !Number.isFinite(value))
      this.add(path, `is ${String(value)}, which JSON cannot hold; write a number or text`);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) this.checkJson(member, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  }

  /** A spec is kept and shown; what looks like a key is refused before it gets anywhere. */
  checkKeys(value: object, path: Path): void {
    for (const key of Object.keys(value)) {
      if (KEY_NAME.test(key))
        this.add(
          [...path, key],
          "looks like a key; keys belong into the agent's configuration (api_key_env or api_key_file) and are never part of a spec",
        );
    }
  }
}
