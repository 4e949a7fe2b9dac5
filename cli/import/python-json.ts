/** JSON as Python writes it. Pure. */

/** Throws SyntaxError for what is none. */
export const parsePythonJson = (text: string): unknown => JSON.parse(withoutNaN(text)) as unknown;

/**
 * Python writes NaN and Infinity, which JSON has not; here they are of scores without a verdict, so null says the same. Texts stay: they are
 * passed over by hand, as a regular expression runs out of stack on a long one.
 */
function withoutNaN(text: string): string {
  if (!/NaN|Infinity/.test(text)) return text;
  const outside = /"|-?(?:NaN|Infinity)\b/g;
  let kept = '';
  let from = 0;
  for (let found = outside.exec(text); found; found = outside.exec(text)) {
    if (found[0] === '"') outside.lastIndex = behindText(text, outside.lastIndex);
    else {
      kept += `${text.slice(from, found.index)}null`;
      from = outside.lastIndex;
    }
  }
  return kept + text.slice(from);
}

/** Behind the quote that ends the text which goes on here. */
function behindText(text: string, from: number): number {
  for (let quote = text.indexOf('"', from); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let start = quote;
    while (start > from && text[start - 1] === '\\') start--;
    if ((quote - start) % 2 === 0) return quote + 1;
  }
  return text.length;
}
