/** How Python code rounds; to two decimals in two ways, which differ in the last digit for few values. */

/** The nearer integer; of two equally near ones the even. For values from 0. */
export function halfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** `round(x, 2)` of a float from 0: by the exact binary value, so that 0.285 (a little less in binary) is 0.28; ties to even. */
export function pythonRound2(value: number): number {
  // An exact tie has a 5 behind two decimals and is a multiple of a power of ½: only odd eighths are. `toFixed` rounds those up.
  const eighths = value * 8;
  return Number.isInteger(eighths) && eighths % 2 === 1 ? halfEven(value * 100) / 100 : Number(value.toFixed(2));
}

/** `round(x, 2)` of a NumPy float from 0, or `numpy.round`: times 100 as a double, then to the nearest integer, ties to even. */
export const numpyRound2 = (value: number): number => halfEven(value * 100) / 100;
