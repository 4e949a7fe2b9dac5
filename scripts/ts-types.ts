/** Types of TypeScript as text, read far enough to show them and to say the same as JSON Schema. Only what our own files of types use. */

export interface NamedType {
  name: string;
  /** Its comment. */
  doc: string;
  /** The declaration, without `export`. */
  text: string;
  /** What stands behind the name: `{ … }`, or behind `=`. */
  body: string;
  /** Of an interface that extends others. */
  base: string[];
}

export type Schema = Record<string, unknown>;

const DECLARATION =
  /^(?:\/\*\*(?<doc>(?:(?!\*\/)[^])*)\*\/\n)?export (?:interface (?<interface>\w+)(?: extends (?<base>[\w, ]+))? (?<fields>\{\n[^]*?^\})|type (?<type>\w+) =\s(?<value>[^]*?);\n(?=\n|$|export|\/\*\*))/gm;
const CONSTANT = /^export const (?<name>\w+) = (?<value>\[[^\]]*\]) as const;/gm;

/** All types, and lists of words, that these texts export. */
export class Types {
  readonly named = new Map<string, NamedType>();
  readonly #words = new Map<string, string[]>();

  constructor(texts: readonly string[]) {
    for (const text of texts) {
      for (const { groups } of text.matchAll(DECLARATION)) {
        const { doc = '', interface: own, base = '', fields, type, value } = groups as Record<string, string | undefined>;
        const name = (own ?? type)!;
        const body = (fields ?? value)!.trim();
        this.named.set(name, {
          ...{
            name,
            body,
            doc: plain(doc),
            base: base
              .split(',')
              .map((b) => b.trim())
              .filter(Boolean),
          },
          text: own ? `interface ${name}${base ? ` extends ${base}` : ''} ${body}` : `type ${name} = ${body};`,
        });
      }
      for (const { groups } of text.matchAll(CONSTANT))
        this.#words.set(
          groups!['name']!,
          [...groups!['value']!.matchAll(/'([^']*)'/g)].map(([, word]) => word!),
        );
    }
  }

  /** As it is declared, with the words of a list of words in place of its name. */
  declarationOf(name: string): string {
    const list = /\(typeof (\w+)\)\[number\]/g;
    const wordsOf = (whole: string, own: string): string =>
      this.#words
        .get(own)
        ?.map((word) => `'${word}'`)
        .join(' | ') ?? whole;
    return this.named.get(name)!.text.replaceAll(list, wordsOf);
  }

  /** The names that a text of types names, and those that these name, in the order in which they come. */
  reached(texts: readonly string[]): string[] {
    const found = new Set<string>();
    const visit = (text: string): void => {
      for (const [name] of withoutComments(text).matchAll(/\b[A-Z]\w*\b/g)) {
        const type = this.named.get(name);
        if (!type || found.has(name)) continue;
        found.add(name);
        visit(`${type.base.join(' ')} ${type.body}`);
      }
    };
    texts.forEach(visit);
    return [...found];
  }

  schemaOf(name: string, refs: string): Schema {
    const { body, base, doc } = this.named.get(name)!;
    const own = new Reader(body, (other) => this.#ref(other, refs)).whole();
    const all = base.length === 0 ? own : { allOf: [...base.map((other) => this.#ref(other, refs)), own] };
    return doc ? { description: doc, ...all } : all;
  }

  /** Of a text that names types. */
  schemaOfText(text: string, refs: string): Schema {
    return new Reader(text, (other) => this.#ref(other, refs)).whole();
  }

  #ref(name: string, refs: string): Schema {
    const words = this.#words.get(name);
    if (words) return { type: 'string', enum: words };
    return this.named.has(name) ? { $ref: `${refs}${name}` } : {};
  }
}

const plain = (doc: string): string =>
  doc
    .replaceAll(/^\s*\*\s?/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

const withoutComments = (text: string): string => text.replaceAll(/\/\*\*[^]*?\*\//g, '');

const TOKEN = /\s*(?:(?<doc>\/\*\*[^]*?\*\/)|(?<word>[A-Za-z_]\w*)|(?<text>'[^']*')|(?<number>\d+)|(?<sign>=>|[{}()[\]<>|&:;,?=]))/gy;

interface Token {
  kind: 'doc' | 'word' | 'text' | 'number' | 'sign';
  text: string;
}

class Reader {
  readonly #tokens: Token[];
  readonly #ref: (name: string) => Schema;
  #at = 0;

  constructor(text: string, ref: (name: string) => Schema) {
    this.#ref = ref;
    this.#tokens = [...text.matchAll(TOKEN)].map(({ groups }) => {
      const [kind, own] = Object.entries(groups!).find(([, value]) => value !== undefined)!;
      return { kind: kind as Token['kind'], text: own };
    });
  }

  whole(): Schema {
    const schema = this.#union();
    if (this.#at < this.#tokens.length)
      throw new Error(
        `not understood: ${this.#tokens
          .slice(this.#at)
          .map((t) => t.text)
          .join(' ')
          .slice(0, 80)}`,
      );
    return schema;
  }

  #is(text: string): boolean {
    return this.#tokens[this.#at]?.text === text;
  }

  #take(text?: string): Token {
    const token = this.#tokens[this.#at++];
    if (!token || (text !== undefined && token.text !== text))
      throw new Error(`${text ?? 'more'} is missing at ${token?.text ?? 'the end'}`);
    return token;
  }

  #skip(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }

  #union(): Schema {
    this.#skip('|');
    const parts = [this.#both()];
    while (this.#skip('|')) parts.push(this.#both());
    if (parts.length === 1) return parts[0]!;
    if (parts.every(({ const: value }) => typeof value === 'string'))
      return { type: 'string', enum: parts.map(({ const: value }) => value) };
    return { anyOf: parts };
  }

  #both(): Schema {
    const parts = [this.#list()];
    while (this.#skip('&')) parts.push(this.#list());
    return parts.length === 1 ? parts[0]! : { allOf: parts };
  }

  #list(): Schema {
    let schema = this.#one();
    while (this.#is('[')) {
      this.#take();
      if (!this.#is(']')) {
        // (typeof WORDS)[number]
        this.#union();
        this.#take(']');
        continue;
      }
      this.#take(']');
      schema = { type: 'array', items: schema };
    }
    return schema;
  }

  #one(): Schema {
    const { kind, text } = this.#take();
    if (kind === 'text') return { type: 'string', const: text.slice(1, -1) };
    if (kind === 'number') return { type: 'number', const: Number(text) };
    if (text === '(') {
      const inner = this.#union();
      this.#take(')');
      return inner;
    }
    if (text === '{') return this.#fields();
    if (kind !== 'word') throw new Error(`${text} is not understood`);
    if (text === 'readonly' || text === 'typeof') return this.#list();
    if (['string', 'number', 'boolean', 'null'].includes(text)) return { type: text };
    if (text === 'true') return { type: 'boolean', const: true };
    if (text === 'unknown') return {};
    const args: Schema[] = [];
    if (this.#skip('<')) {
      do args.push(this.#union());
      while (this.#skip(','));
      this.#take('>');
    }
    if (text === 'Record') return { type: 'object', additionalProperties: args[1]! };
    if (text === 'Partial') return args[0]!;
    if (text === 'Page')
      return {
        type: 'object',
        properties: { items: { type: 'array', items: args[0]! }, nextToken: { type: 'string' } },
        required: ['items', 'nextToken'],
      };
    return this.#ref(text);
  }

  #fields(): Schema {
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    while (!this.#skip('}')) {
      let doc = '';
      while (this.#tokens[this.#at]?.kind === 'doc') doc = plain(this.#take().text.slice(3, -2));
      if (this.#skip('}')) break;
      this.#skip('readonly');
      const name = this.#take().text;
      if (!this.#skip('?')) required.push(name);
      this.#take(':');
      const schema = this.#union();
      properties[name] = doc ? { description: doc, ...schema } : schema;
      if (!this.#skip(';')) this.#skip(',');
    }
    return { type: 'object', properties, ...(required.length > 0 && { required }) };
  }
}
