/** The message and the codes of an endpoint's error body, in any of the forms that endpoints use. Tolerant: it never throws. */

export interface ErrorBody {
  message: string;
  /** Everything that names the kind of error (type, code, status), lower case. */
  codes: string[];
}

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads a body's text or an already parsed value. What is no JSON is itself the message. */
export function errorBody(value: unknown): ErrorBody {
  if (typeof value === 'string') {
    const parsed = parse(value);
    return parsed === undefined ? { message: value.trim(), codes: [] } : errorBody(parsed);
  }
  // Gemini wraps the object into a list.
  const top = Array.isArray(value) ? (value[0] as unknown) : value;
  if (!isObject(top)) return { message: top === undefined || top === null ? '' : JSON.stringify(top), codes: [] };
  const inner = isObject(top['error']) ? top['error'] : top;
  const innerError = isObject(inner['innererror']) ? inner['innererror'] : {};
  const codes = [top['code'], inner['type'], inner['code'], inner['status'], innerError['code']]
    .filter((code) => typeof code === 'string' || typeof code === 'number')
    .map((code) => String(code).toLowerCase());
  return { message: messageOf(inner, top), codes };
}

/** `message`, else OpenRouter's bare `error`, else FastAPI's `detail`, else the whole object. */
function messageOf(inner: Fields, top: Fields): string {
  for (const word of [inner['message'], top['message'], top['error'], top['detail']]) {
    if (typeof word === 'string') return word.trim();
    if (Array.isArray(word) && word.length > 0) return JSON.stringify(word);
  }
  return JSON.stringify(inner);
}

function parse(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
