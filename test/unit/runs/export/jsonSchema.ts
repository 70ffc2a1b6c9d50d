type Schema = Readonly<Record<string, unknown>>;

/**
 * Holds a value against a JSON schema, as far as the schemas in `media` use it.
 * @returns what is wrong, with where
 * @throws for a keyword it does not know, so that none is passed over in silence
 */
export function violations(root: Schema, value: unknown): string[] {
  return [...check(root, root, value, '$')];
}

const ANNOTATIONS = ['$schema', '$id', '$defs', 'title', 'description', 'contentEncoding'];

function* check(root: Schema, schema: Schema, value: unknown, at: string): Generator<string> {
  if (schema['additionalProperties'] === false && isObject(value)) {
    for (const name of Object.keys(value)) {
      if (!(name in (schema['properties'] as Schema))) yield `${at} has ${name}`;
    }
  }
  for (const [keyword, rule] of Object.entries(schema)) {
    if (ANNOTATIONS.includes(keyword)) continue;
    yield* checkKeyword(root, keyword, rule, value, at);
  }
}

function* checkKeyword(
  root: Schema,
  keyword: string,
  rule: unknown,
  value: unknown,
  at: string,
): Generator<string> {
  switch (keyword) {
    case '$ref':
      yield* check(root, resolve(root, String(rule)), value, at);
      return;
    case 'type':
      if (!hasType(value, String(rule))) yield `${at} is no ${String(rule)}`;
      return;
    case 'const':
      if (value !== rule) yield `${at} is not ${String(rule)}`;
      return;
    case 'enum':
      if (!(rule as unknown[]).includes(value)) yield `${at} is none of ${String(rule)}`;
      return;
    case 'minimum':
      if (typeof value === 'number' && value < Number(rule)) yield `${at} is below ${String(rule)}`;
      return;
    case 'minItems':
      if (Array.isArray(value) && value.length < Number(rule)) yield `${at} has too few items`;
      return;
    case 'format':
      if (rule !== 'date-time') throw new Error(`unknown format ${String(rule)}`);
      if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(String(value)))
        yield `${at} is no time`;
      return;
    case 'required':
      for (const name of rule as string[]) {
        if (isObject(value) && !(name in value)) yield `${at} lacks ${name}`;
      }
      return;
    case 'properties':
      for (const [name, inner] of Object.entries(rule as Record<string, Schema>)) {
        if (isObject(value) && name in value)
          yield* check(root, inner, value[name], `${at}.${name}`);
      }
      return;
    case 'items':
      if (!Array.isArray(value)) return;
      for (const [i, item] of value.entries())
        yield* check(root, rule as Schema, item, `${at}[${i}]`);
      return;
    case 'oneOf': {
      const fitting = (rule as Schema[]).filter((one) => check(root, one, value, at).next().done);
      if (fitting.length !== 1) yield `${at} fits ${fitting.length} of oneOf`;
      return;
    }
    case 'additionalProperties':
      // Done by `check`, which knows the other keywords.
      return;
    case 'allOf':
      for (const one of rule as Schema[]) yield* check(root, one, value, at);
      return;
    default:
      throw new Error(`unknown keyword ${keyword}`);
  }
}

function resolve(root: Schema, reference: string): Schema {
  return reference
    .split('/')
    .slice(1)
    .reduce<Schema>((schema, name) => schema[name] as Schema, root);
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'string':
    case 'boolean':
      return typeof value === type;
    default:
      throw new Error(`unknown type ${type}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
