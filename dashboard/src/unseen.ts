/** Characters that turn the direction of what follows, or are not seen at all: what cannot be seen must not change how other text reads. Pure. */

/**
 * Turns of direction, joiners, hyphens and spaces of no width, fillers, tags. What makes one picture of several (U+200D between emoji, tags after
 * a flag) stays, as do joiners between two letters of a script that is written with them (Persian, Hindi): there they are seen.
 */
const HIDDEN = String.raw`\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}`;
/** A picture of several characters. */
const EMOJI = String.raw`\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]*(?:\u200d\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]*)+`;
const FLAG = String.raw`\u{1f3f4}[\u{e0061}-\u{e007a}]{4,6}\u{e007f}`;

const SCRIPTS =
  'Arabic Syriac Mongolian Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Khmer Myanmar'.split(' ');
const LETTER = `[${SCRIPTS.map((script) => String.raw`\p{Script=${script}}`).join('')}]`;
const JOINED = String.raw`(?<=${LETTER})[\u200c\u200d](?=${LETTER})`;
const WHOLE = [FLAG, EMOJI, JOINED].join('|');

const TOLD = new RegExp(String.raw`${WHOLE}|([\u0000-\u0008\u000b-\u001f${HIDDEN}])`, 'gu');
const ESCAPED = new RegExp(`${WHOLE}|([${HIDDEN}])`, 'gu');

/** Text with its unseen characters as signs: an escape as `␛`, a turn of direction as `⟨U+202E⟩`. */
export const seen = (text: string): string =>
  text.replace(TOLD, (whole, hidden?: string) => {
    if (hidden === undefined) return whole;
    if (hidden === '\r') return '';
    const code = hidden.codePointAt(0)!;
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });

/** Whether there are such signs in what is shown: what was told is most likely another text. */
export const hasSigns = (text: string): boolean => /⟨U\+[0-9A-F]{4,6}⟩|[\u2400-\u241f]/u.test(text);

/** A JSON text with its unseen characters as JSON's escapes: it says the same. */
export const escaped = (json: string): string =>
  json.replace(ESCAPED, (whole, hidden?: string) =>
    hidden === undefined
      ? whole
      : Array.from({ length: hidden.length }, (_, i) => `\\u${hidden.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
