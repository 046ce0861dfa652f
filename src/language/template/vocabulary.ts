/** Every filter a template may use. */
export const FILTER_NAMES = [
  'abs',
  'capitalize',
  'default',
  'dump',
  'first',
  'indent',
  'int',
  'join',
  'keys',
  'last',
  'length',
  'lines',
  'lower',
  'replace',
  'reverse',
  'round',
  'sort',
  'string',
  'title',
  'trim',
  'truncate',
  'unique',
  'upper',
  'wordcount',
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

/** Names of a filter's arguments in order, as other template languages call them; '' for none. */
export const ARGUMENT_NAMES: Readonly<Partial<Record<FilterName, readonly string[]>>> = {
  default: ['value', 'boolean'],
  indent: ['width'],
  join: ['sep'],
  replace: ['from', 'to'],
  round: ['precision'],
  truncate: ['length', '', 'end'],
};

/** Every word that may follow `is` or `is not`. */
export const TEST_NAMES = [
  'defined',
  'even',
  'iterable',
  'mapping',
  'null',
  'number',
  'odd',
  'string',
  'undefined',
] as const;
export type TestName = (typeof TEST_NAMES)[number];
