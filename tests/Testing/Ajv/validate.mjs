// Checks documents against a JSON Schema with ajv. Reads {schema, documents: [text]} from stdin, writes one list of {path, keyword} a document to stdout.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(process.argv[2] + '/');
const Ajv = require('ajv/dist/2020').default;
const addFormats = require('ajv-formats').default;

const { schema, documents } = JSON.parse(readFileSync(0, 'utf8'));
const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
addFormats(ajv);
const validate = ajv.compile(schema);
const answers = documents.map((text) => {
  validate(JSON.parse(text));
  return (validate.errors ?? []).map((error) => ({ path: error.instancePath, keyword: error.keyword }));
});
process.stdout.write(JSON.stringify(answers));
