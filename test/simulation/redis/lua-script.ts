/**
 * Translates the subset of Lua in which the ledger's scripts are written to JavaScript, so that a simulation runs the very scripts that
 * Redis runs. What it does not know it refuses when a script is loaded. `model-honesty.test.ts` holds it against a real Redis.
 */
import luaparse, { type Expression, type Node, type Statement } from 'luaparse';
import * as library from './lua-library.ts';
import { LuaTable, type LuaValue } from './lua-table.ts';

export interface ScriptHost {
  call: (...args: LuaValue[]) => LuaValue;
}

/** A script, ready to run. */
export type Script = (host: ScriptHost, keys: LuaTable, argv: LuaTable) => LuaValue;

const GLOBALS = new Set(['tonumber', 'tostring', 'type', 'unpack', 'string', 'table', 'math', 'cjson', 'redis', 'KEYS', 'ARGV']);
/** Functions of several results: spread where they stand last, the first result elsewhere. */
const SEVERAL = new Set(['unpack', 'string.byte']);
const BINARY: Record<string, (a: string, b: string) => string> = {
  '+': (a, b) => `($.toNumber(${a}) + $.toNumber(${b}))`,
  '-': (a, b) => `($.toNumber(${a}) - $.toNumber(${b}))`,
  '*': (a, b) => `($.toNumber(${a}) * $.toNumber(${b}))`,
  '/': (a, b) => `($.toNumber(${a}) / $.toNumber(${b}))`,
  '%': (a, b) => `$.modulo($.toNumber(${a}), $.toNumber(${b}))`,
  '..': (a, b) => `($.toText(${a}) + $.toText(${b}))`,
  '==': (a, b) => `(${a} === ${b})`,
  '~=': (a, b) => `(${a} !== ${b})`,
  '<': (a, b) => `(${a} < ${b})`,
  '>': (a, b) => `(${a} > ${b})`,
  '<=': (a, b) => `(${a} <= ${b})`,
  '>=': (a, b) => `(${a} >= ${b})`,
};

const modulo = (a: number, b: number): number => a - Math.floor(a / b) * b;
const compiled = new Map<string, Script>();

/** Throws where the script uses what is not known here. */
export function scriptOf(lua: string): Script {
  const known = compiled.get(lua);
  if (known) return known;
  const body = new Translator().chunk(luaparse.parse(lua, { luaVersion: '5.1', comments: false, encodingMode: 'pseudo-latin1' }).body);
  // The text is our own translation of our own scripts.
  // oxlint-disable-next-line typescript/no-implied-eval -- a translator makes code
  const make = new Function('$', '$lib', 'LuaTable', `return (redis, KEYS, ARGV) => {\n${body}\n};`) as (
    helpers: object,
    lib: typeof library.LIBRARY,
    table: typeof LuaTable,
  ) => Script;
  const run = make({ ...library, modulo }, library.LIBRARY, LuaTable);
  const script: Script = (host, keys, argv) => run({ call: host.call, replicate_commands: () => true } as ScriptHost, keys, argv);
  compiled.set(lua, script);
  return script;
}

class Translator {
  #scopes: Map<string, string>[] = [];
  #names = 0;

  chunk(body: readonly Statement[]): string {
    return `let $v;\n${this.#block(body)}`;
  }

  #block(body: readonly Statement[], locals: readonly [lua: string, js: string][] = []): string {
    this.#scopes.push(new Map(locals));
    const code = body.map((statement) => this.#statement(statement)).join('\n');
    this.#scopes.pop();
    return code;
  }

  #declare(name: string): string {
    const js = `${name}$${this.#names++}`;
    this.#scopes.at(-1)!.set(name, js);
    return js;
  }

  #fresh(name: string): string {
    return `${name}$${this.#names++}`;
  }

  #variable(name: string): string {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const js = this.#scopes[i]!.get(name);
      if (js) return js;
    }
    if (!GLOBALS.has(name)) throw new Error(`lua: the global ${name} is not known here`);
    return name === 'KEYS' || name === 'ARGV' || name === 'redis' ? name : `$lib.${name}`;
  }

  #statement(node: Statement): string {
    switch (node.type) {
      case 'LocalStatement': {
        const values = node.init.map((value) => this.#expression(value));
        return node.variables.map((v, i) => `let ${this.#declare(v.name)} = ${values[i] ?? 'undefined'};`).join(' ');
      }
      case 'AssignmentStatement':
        return this.#assignment(node);
      case 'CallStatement':
        return `${this.#expression(node.expression)};`;
      case 'ReturnStatement':
        if (node.arguments.length > 1) throw new Error('lua: a return of several values is not known here');
        return `return ${node.arguments[0] ? this.#expression(node.arguments[0]) : 'undefined'};`;
      case 'BreakStatement':
        return 'break;';
      case 'DoStatement':
        return `{ ${this.#block(node.body)} }`;
      case 'WhileStatement':
        return `while (${this.#condition(node.condition)}) { ${this.#block(node.body)} }`;
      case 'IfStatement':
        return node.clauses
          .map((c) =>
            c.type === 'ElseClause' ? `{ ${this.#block(c.body)} }` : `if (${this.#condition(c.condition)}) { ${this.#block(c.body)} }`,
          )
          .join(' else ');
      case 'FunctionDeclaration': {
        if (!node.isLocal || node.identifier?.type !== 'Identifier') throw new Error('lua: only local functions are known here');
        const name = this.#declare(node.identifier.name);
        return `const ${name} = ${this.#function(node.parameters, node.body)};`;
      }
      case 'ForNumericStatement': {
        const [start, end] = [this.#expression(node.start), this.#expression(node.end)];
        const step = node.step === null ? 1 : node.step.type === 'NumericLiteral' ? node.step.value : 0;
        if (step <= 0) throw new Error('lua: only a step forwards by a number is known here');
        const [name, last] = [this.#fresh(node.variable.name), this.#fresh('last')];
        const body = this.#block(node.body, [[node.variable.name, name]]);
        return `for (let ${name} = $.toNumber(${start}), ${last} = $.toNumber(${end}); ${name} <= ${last}; ${name} += ${step}) { ${body} }`;
      }
      case 'ForGenericStatement':
        return this.#forEach(node);
      default:
        throw new Error(`lua: ${(node as Node).type} is not known here`);
    }
  }

  #forEach(node: Extract<Statement, { type: 'ForGenericStatement' }>): string {
    const [iterator] = node.iterators;
    const kind = iterator?.type === 'CallExpression' && iterator.base.type === 'Identifier' ? iterator.base.name : '';
    if (iterator?.type !== 'CallExpression' || (kind !== 'pairs' && kind !== 'ipairs'))
      throw new Error('lua: only pairs and ipairs are known here');
    const of = this.#expression(iterator.arguments[0]!);
    const names = node.variables.map((v): [string, string] => [v.name, this.#fresh(v.name)]);
    const body = this.#block(node.body, names);
    const [key, value] = names.map(([, js]) => js);
    if (kind === 'pairs') return `for (let [${key}${value ? `, ${value}` : ''}] of $.entriesOf(${of})) { ${body} }`;
    const [items, at] = [this.#fresh('items'), this.#fresh('at')];
    return `{ const ${items} = $.itemsOf(${of}); for (let ${at} = 0; ${at} < ${items}.length; ${at}++) { let ${key} = ${at} + 1, ${value ?? '$w'} = ${items}[${at}]; ${body} } }`;
  }

  #assignment(node: Extract<Statement, { type: 'AssignmentStatement' }>): string {
    const values = node.init.map((value) => this.#expression(value));
    if (node.variables.length === 1) return `${this.#assign(node.variables[0]!, values[0]!)};`;
    const names = values.map(() => this.#fresh('value'));
    const first = values.map((value, i) => `const ${names[i]} = ${value};`).join(' ');
    return `{ ${first} ${node.variables.map((v, i) => `${this.#assign(v, names[i] ?? 'undefined')};`).join(' ')} }`;
  }

  #assign(target: Expression, value: string): string {
    if (target.type === 'Identifier') return `${this.#variable(target.name)} = ${value}`;
    if (target.type === 'MemberExpression') return `$.setIndex(${this.#expression(target.base)}, '${target.identifier.name}', ${value})`;
    if (target.type === 'IndexExpression')
      return `$.setIndex(${this.#expression(target.base)}, ${this.#expression(target.index)}, ${value})`;
    throw new Error(`lua: an assignment to ${target.type} is not known here`);
  }

  #condition(node: Expression): string {
    const code = this.#expression(node);
    return node.type === 'BinaryExpression' || (node.type === 'UnaryExpression' && node.operator === 'not') ? code : `$.isTrue(${code})`;
  }

  #expression(node: Expression): string {
    switch (node.type) {
      case 'StringLiteral':
        return JSON.stringify(node.value);
      case 'NumericLiteral':
        return String(node.value);
      case 'BooleanLiteral':
        return String(node.value);
      case 'NilLiteral':
        return 'undefined';
      case 'Identifier':
        return this.#variable(node.name);
      case 'MemberExpression':
        return this.#isLibrary(node.base)
          ? `${this.#expression(node.base)}.${node.identifier.name}`
          : `$.indexOf(${this.#expression(node.base)}, '${node.identifier.name}')`;
      case 'IndexExpression':
        return `$.indexOf(${this.#expression(node.base)}, ${this.#expression(node.index)})`;
      case 'CallExpression':
        return SEVERAL.has(nameOf(node.base)) ? `${this.#call(node)}[0]` : this.#call(node);
      case 'FunctionDeclaration':
        return `(${this.#function(node.parameters, node.body)})`;
      case 'BinaryExpression':
        return (BINARY[node.operator] ?? unknownOperator(node.operator))(this.#expression(node.left), this.#expression(node.right));
      case 'LogicalExpression': {
        const [left, right] = [this.#expression(node.left), this.#expression(node.right)];
        return node.operator === 'and' ? `($.isTrue($v = ${left}) ? ${right} : $v)` : `($.isTrue($v = ${left}) ? $v : ${right})`;
      }
      case 'UnaryExpression':
        if (node.operator === 'not') return `(!${this.#condition(node.argument)})`;
        if (node.operator === '#') return `$.lengthOf(${this.#expression(node.argument)})`;
        if (node.operator === '-') return `(-$.toNumber(${this.#expression(node.argument)}))`;
        return unknownOperator(node.operator)('', '');
      case 'TableConstructorExpression':
        return this.#table(node);
      default:
        throw new Error(`lua: ${(node as Node).type} is not known here`);
    }
  }

  #call(node: Extract<Expression, { type: 'CallExpression' }>): string {
    return `${this.#expression(node.base)}(${this.#list(node.arguments).join(', ')})`;
  }

  #list(nodes: readonly Expression[]): string[] {
    return nodes.map((argument, i) =>
      i === nodes.length - 1 && argument.type === 'CallExpression' && SEVERAL.has(nameOf(argument.base))
        ? `...${this.#call(argument)}`
        : this.#expression(argument),
    );
  }

  #table(node: Extract<Expression, { type: 'TableConstructorExpression' }>): string {
    const values = node.fields.flatMap((f) => (f.type === 'TableValue' ? [f.value] : []));
    const keys = node.fields.flatMap((f) => {
      if (f.type === 'TableValue') return [];
      const key = f.type === 'TableKeyString' ? JSON.stringify(f.key.name) : this.#expression(f.key);
      return [`[${key}, ${this.#expression(f.value)}]`];
    });
    const list = `$.newTable([${this.#list(values).join(', ')}]`;
    return keys.length > 0 ? `${list}, [${keys.join(', ')}])` : `${list})`;
  }

  #function(parameters: readonly { type: string; name?: string }[], body: readonly Statement[]): string {
    const names = parameters.map((p): [string, string] => [p.name!, this.#fresh(p.name!)]);
    return `(${names.map(([, js]) => js).join(', ')}) => { let $v; ${this.#block(body, names)} }`;
  }

  #isLibrary(node: Expression): boolean {
    return (
      node.type === 'Identifier' &&
      !this.#scopes.some((s) => s.has(node.name)) &&
      GLOBALS.has(node.name) &&
      node.name !== 'KEYS' &&
      node.name !== 'ARGV'
    );
  }
}

/** `a.b` of `a.b(…)`. */
function nameOf(node: Expression): string {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' && node.base.type === 'Identifier' ? `${node.base.name}.${node.identifier.name}` : '';
}

function unknownOperator(operator: string): (a: string, b: string) => string {
  throw new Error(`lua: the operator ${operator} is not known here`);
}
