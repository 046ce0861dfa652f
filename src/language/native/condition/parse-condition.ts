import type { Condition, Operator } from '../../../plan/condition.ts';
import type { Json } from '../../../plan/json.ts';
import { nearest } from '../../problems/nearest.ts';
import { ConditionError } from './condition-error.ts';
import { ask, type Comparison, type PathTarget } from './condition-question.ts';
import { type Token, tokenise } from './condition-tokens.ts';

/** One name in a condition: the caller decides where it points to. */
export interface ConditionPath {
  readonly segments: readonly string[];
  readonly index: number;
}

export interface ConditionScope {
  /** Turns a path into the question it asks, or throws ConditionError. */
  readonly resolve: (path: ConditionPath) => PathTarget;
}
/**
 * Parses the condition language:
 *
 *     condition  = all { "or" all }
 *     all        = one { "and" one }
 *     one        = "not" one | "(" condition ")" | question
 *     question   = path [ operator literal | "exists" ]
 *     operator   = "==" "!=" ">" ">=" "<" "<=" "contains" "not contains" "starts_with" "in" "not in"
 *     literal    = "text" | number | true | false | null | word | "[" literal { "," literal } "]"
 *     path       = name { "." name }
 *
 * A path alone asks whether it is true. Throws ConditionError.
 */
export function parseCondition(text: string, scope: ConditionScope): Condition {
  const parser = new Parser(tokenise(text), text.length, scope);
  return parser.whole();
}

const MAX_DEPTH = 50;

class Parser {
  #next = 0;
  #depth = 0;
  readonly #tokens: readonly Token[];
  readonly #end: number;
  readonly #scope: ConditionScope;

  constructor(tokens: readonly Token[], end: number, scope: ConditionScope) {
    this.#tokens = tokens;
    this.#end = end;
    this.#scope = scope;
  }

  whole(): Condition {
    const condition = this.#any();
    const rest = this.#peek();
    if (rest !== undefined) {
      throw new ConditionError(
        `\`${rest.text}\` does not fit here; join conditions with \`and\` or \`or\`.`,
        rest.index,
      );
    }
    return condition;
  }

  #any(): Condition {
    const of = [this.#all()];
    while (this.#takeWord('or')) of.push(this.#all());
    return of.length === 1 && of[0] !== undefined ? of[0] : { type: 'any', of };
  }

  #all(): Condition {
    const of = [this.#one()];
    while (this.#takeWord('and')) of.push(this.#one());
    return of.length === 1 && of[0] !== undefined ? of[0] : { type: 'all', of };
  }

  #one(): Condition {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new ConditionError('the condition is nested too deeply.', 0);
    const condition = this.#inner();
    this.#depth -= 1;
    return condition;
  }

  #inner(): Condition {
    if (this.#takeWord('not')) return { type: 'not', of: this.#one() };
    const open = this.#peek();
    if (open?.type !== 'symbol' || open.text !== '(') return this.#question();
    this.#next += 1;
    const inner = this.#any();
    if (!this.#takeSymbol(')'))
      throw new ConditionError('this parenthesis is never closed.', open.index);
    return inner;
  }

  #question(): Condition {
    const token = this.#peek();
    if (token === undefined)
      throw new ConditionError('something is missing at the end.', this.#end);
    if (token.type !== 'word')
      throw new ConditionError(`a name is expected instead of \`${token.text}\`.`, token.index);
    if (KEYWORDS.has(token.text))
      throw new ConditionError(`a name is expected before \`${token.text}\`.`, token.index);
    this.#next += 1;
    const path = { segments: token.text.split('.'), index: token.index };
    const target = this.#scope.resolve(path);
    return ask(target, this.#operator(), token.index);
  }

  #operator(): Comparison | null {
    const token = this.#peek();
    if (token === undefined) return null;
    const negated = token.text === 'not' && token.type === 'word';
    const operator = negated ? this.#tokens[this.#next + 1] : token;
    const name = operator === undefined ? '' : operator.text;
    const known = operator !== undefined && operator.type !== 'text' ? OPERATORS[name] : undefined;
    if (known === undefined || (negated && !NEGATABLE.has(name))) {
      if (token.type === 'word' && !KEYWORDS.has(token.text)) {
        throw new ConditionError(
          `\`${token.text}\` is not an operator.`,
          token.index,
          nearest(token.text, Object.keys(OPERATORS)),
        );
      }
      if (token.text === '=') throw new ConditionError('equality is written `==`.', token.index);
      if (token.type === 'symbol' && token.text !== ')') {
        throw new ConditionError(`\`${token.text}\` does not fit here.`, token.index);
      }
      return null;
    }
    this.#next += negated ? 2 : 1;
    const value = known === 'exists' ? null : this.#literal();
    return { op: known, value, negated: negated || name === '!=', index: token.index };
  }

  #literal(): Json {
    const token = this.#peek();
    if (token === undefined) throw new ConditionError('a value is missing at the end.', this.#end);
    this.#next += 1;
    if (token.type === 'text') return token.value;
    if (token.text === '[') return this.#list(token.index);
    if (token.type === 'symbol' || KEYWORDS.has(token.text)) {
      throw new ConditionError(`a value is expected instead of \`${token.text}\`.`, token.index);
    }
    if (Object.hasOwn(CONSTANTS, token.text)) return CONSTANTS[token.text] ?? null;
    return token.type === 'number' ? Number(token.text) : token.text;
  }

  #list(index: number): Json {
    const items: Json[] = [];
    do {
      items.push(this.#literal());
    } while (this.#takeSymbol(','));
    if (!this.#takeSymbol(']')) throw new ConditionError('this list is never closed.', index);
    return items;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #takeWord(word: string): boolean {
    return this.#take('word', word);
  }

  #takeSymbol(symbol: string): boolean {
    return this.#take('symbol', symbol);
  }

  #take(type: Token['type'], text: string): boolean {
    const token = this.#peek();
    if (token?.type !== type || token.text !== text) return false;
    this.#next += 1;
    return true;
  }
}

const KEYWORDS = new Set(['and', 'or', 'not', 'contains', 'starts_with', 'in', 'exists']);
const CONSTANTS: Readonly<Record<string, Json>> = { true: true, false: false, null: null };
const NEGATABLE = new Set(['contains', 'in']);
const OPERATORS: Readonly<Record<string, Operator>> = {
  '==': 'equals',
  '!=': 'equals',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
  contains: 'contains',
  starts_with: 'starts_with',
  in: 'in',
  exists: 'exists',
};
