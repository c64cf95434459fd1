// Writes src/api.ts: the types of requests and answers, from the contract of the HTTP API. `npm run types`; a test fails when it is stale.
import { readFileSync, writeFileSync } from 'node:fs';

const CONTRACT = new URL('../../../functions/api/src/main/resources/openapi.json', import.meta.url);
const TYPES = new URL('../src/api.ts', import.meta.url);

/** The file's text. */
export function types() {
  const { schemas } = JSON.parse(readFileSync(CONTRACT, 'utf8')).components;
  const named = Object.entries(schemas).map(([name, schema]) => declaration(NAMES[name] ?? name, schema));
  return `// Made from openapi.json by scripts/types.mjs; do not edit.\n\n${named.join('\n\n')}\n`;
}

/** Names that would hide JavaScript's own. */
const NAMES = { Error: 'JobError' };

function declaration(name, schema) {
  return schema.properties === undefined
    ? `${comment(schema.description, '')}export type ${name} = ${type(schema, '')};`
    : `${comment(schema.description, '')}export interface ${name} ${fields(schema, '')}`;
}

function fields(schema, indent) {
  const required = new Set(schema.required ?? []);
  const lines = Object.entries(schema.properties).map(([name, field]) => {
    const key = /^\w+$/.test(name) ? name : `'${name}'`;
    return `${comment(field.description, `${indent}  `)}${indent}  ${key}${required.has(name) ? '' : '?'}: ${type(field, `${indent}  `)};`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function comment(text, indent) {
  return text === undefined ? '' : `${indent}/** ${text} */\n`;
}

function type(schema, indent) {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1);
    return NAMES[name] ?? name;
  }
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ');
  if (schema.type === undefined) return 'unknown';
  return [schema.type].flat().map((one) => simple(one, schema, indent)).join(' | ');
}

function literal(value) {
  return value === null ? 'null' : `'${value}'`;
}

function simple(name, schema, indent) {
  switch (name) {
    case 'integer':
    case 'number':
      return 'number';
    case 'array': {
      const element = type(schema.items, indent);
      return element.includes(' | ') ? `(${element})[]` : `${element}[]`;
    }
    case 'object':
      return schema.properties !== undefined && schema.additionalProperties !== true
        ? fields(schema, indent)
        : `Record<string, ${typeof schema.additionalProperties === 'object' ? type(schema.additionalProperties, indent) : 'unknown'}>`;
    case 'string':
    case 'boolean':
    case 'null':
      return name;
    default:
      throw new Error(`openapi.json has a type that this script does not write: ${name}`);
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  writeFileSync(TYPES, types());
}
