/** JSON Schemas of the document as functions, with its components at hand. */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { document } from "./described.ts";

const id = "https://document.test/";

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
ajv.addVocabulary(["components"]);
ajv.addFormat("email", true);
ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
ajv.addSchema({ $id: id, components: document.components });

/** Strict: a keyword that is none is refused too. */
export function validatorOf(schema: unknown): ValidateFunction {
  return ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', `"${id}#/components/`)));
}
