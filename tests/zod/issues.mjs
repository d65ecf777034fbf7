// Validates bodies with the real zod. Standard input: the rules on the first line, then one {"endpoint", "body"} per line.
// Standard output: the issues of each body, one list per line.
import { createInterface } from "node:readline";
import { z } from "zod";

const lines = createInterface({ input: process.stdin, crlfDelay: Infinity })[Symbol.asyncIterator]();
const rules = JSON.parse((await lines.next()).value);
const known = new Map();

const bounds = (schema, { min, max }) => {
  if (min !== undefined) schema = schema.min(min);
  if (max !== undefined) schema = schema.max(max);
  return schema;
};

const kinds = {
  any: () => z.any(),
  null: () => z.null(),
  bool: () => z.boolean(),
  text({ pattern, any_case, format, ...lengths }) {
    if (format === "uuid") return z.uuidv4();
    if (format === "date") return z.iso.date();
    const text = bounds(z.string(), lengths);
    return pattern === undefined ? text : text.regex(new RegExp(pattern, any_case ? "i" : ""));
  },
  number({ int, above, below, ...range }) {
    let number = int ? z.int() : z.number();
    if (range.min !== undefined) number = number.min(range.min);
    if (above !== undefined) number = number.gt(above);
    if (range.max !== undefined) number = number.max(range.max);
    if (below !== undefined) number = number.lt(below);
    return number;
  },
  one_of: (values) => (values.every((value) => typeof value === "string") && values.length > 1 ? z.enum(values) : z.literal(values)),
  asset({ kind, https, runway, data }) {
    const form = ([min, max], pattern) => z.string().min(min).max(max).regex(pattern);
    return z.union([form(https, /^https:\/\/.*/), form(runway, /^runway:\/\/.*/), form(data, new RegExp(`^data:${kind}\\/.*`))]);
  },
  array: ({ of, ...lengths }) => bounds(z.array(build(of)), lengths),
  object({ fields, strict }) {
    const shape = {};
    for (const [key, schema] of Object.entries(fields)) {
      const optional = key.endsWith("?");
      shape[optional ? key.slice(0, -1) : key] = optional ? build(schema).optional() : build(schema);
    }
    return strict ? z.strictObject(shape) : z.object(shape);
  },
  record: ({ keys, values }) => z.record(build(keys), build(values)),
  nullable: (inner) => build(inner).nullable(),
  union: (options) => z.union(options.map(build)),
  choice: ({ by, options }) => z.discriminatedUnion(by, options.map(build)),
  use(name) {
    if (!known.has(name)) known.set(name, build(rules.shared[name]));
    return known.get(name);
  },
};

function build(schema) {
  const [kind, details] = typeof schema === "string" ? [schema] : Object.entries(schema)[0];
  return kinds[kind](details);
}

const endpoints = new Map();
function bodyOf(endpoint) {
  if (!endpoints.has(endpoint)) endpoints.set(endpoint, build(rules.endpoints[endpoint]));
  return endpoints.get(endpoint);
}

// The live response to a body without a model has two issues: the model is checked to be a string before the choice. It
// is not an intersection, which would drop the unrecognized keys that live responses have.
const named = z.looseObject({ model: z.string() });
const isChoiceOfModel = (endpoint) => rules.endpoints[endpoint].choice?.by === "model";
const isObject = (body) => typeof body === "object" && body !== null && !Array.isArray(body);

for await (const line of lines) {
  const { endpoint, body } = JSON.parse(line);
  const results = [bodyOf(endpoint).safeParse(body)];
  if (isChoiceOfModel(endpoint) && isObject(body)) results.unshift(named.safeParse(body));
  process.stdout.write(JSON.stringify(results.flatMap((result) => result.error?.issues ?? [])) + "\n");
}
