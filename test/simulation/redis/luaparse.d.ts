/** What is used of luaparse, which brings no types. */
declare module 'luaparse' {
  export interface Node {
    type: string;
  }
  interface Identifier {
    type: 'Identifier';
    name: string;
  }
  export type Expression =
    | Identifier
    | { type: 'StringLiteral'; value: string }
    | { type: 'NumericLiteral'; value: number }
    | { type: 'BooleanLiteral'; value: boolean }
    | { type: 'NilLiteral' }
    | { type: 'MemberExpression'; base: Expression; identifier: Identifier }
    | { type: 'IndexExpression'; base: Expression; index: Expression }
    | { type: 'CallExpression'; base: Expression; arguments: Expression[] }
    | FunctionDeclaration
    | { type: 'BinaryExpression'; operator: string; left: Expression; right: Expression }
    | { type: 'LogicalExpression'; operator: 'and' | 'or'; left: Expression; right: Expression }
    | { type: 'UnaryExpression'; operator: string; argument: Expression }
    | {
        type: 'TableConstructorExpression';
        fields: (
          | { type: 'TableValue'; value: Expression }
          | { type: 'TableKeyString'; key: Identifier; value: Expression }
          | { type: 'TableKey'; key: Expression; value: Expression }
        )[];
      };
  interface FunctionDeclaration {
    type: 'FunctionDeclaration';
    identifier: Expression | null;
    isLocal: boolean;
    parameters: { type: string; name?: string }[];
    body: Statement[];
  }
  export type Statement =
    | { type: 'LocalStatement'; variables: Identifier[]; init: Expression[] }
    | { type: 'AssignmentStatement'; variables: Expression[]; init: Expression[] }
    | { type: 'CallStatement'; expression: Expression }
    | { type: 'ReturnStatement'; arguments: Expression[] }
    | { type: 'BreakStatement' }
    | { type: 'DoStatement'; body: Statement[] }
    | { type: 'WhileStatement'; condition: Expression; body: Statement[] }
    | {
        type: 'IfStatement';
        clauses: (
          | { type: 'IfClause' | 'ElseifClause'; condition: Expression; body: Statement[] }
          | { type: 'ElseClause'; body: Statement[] }
        )[];
      }
    | FunctionDeclaration
    | { type: 'ForNumericStatement'; variable: Identifier; start: Expression; end: Expression; step: Expression | null; body: Statement[] }
    | { type: 'ForGenericStatement'; variables: Identifier[]; iterators: Expression[]; body: Statement[] };
  const luaparse: {
    parse(text: string, options: { luaVersion: '5.1'; comments: boolean; encodingMode: 'pseudo-latin1' }): { body: Statement[] };
  };
  export default luaparse;
}
