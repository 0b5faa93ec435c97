/** The document as a page: no script, nothing from elsewhere, found by the browser's own search. */
import { html, raw } from "hono/html";
import { problemKinds } from "../problem.ts";
import { curlOf } from "./curl.ts";
import { componentSchemas, description, resources } from "./document.ts";
import type { JsonSchema } from "./form.ts";
import {
  type Body,
  type Operation,
  type Parameter,
  partRoute,
  type Reply,
  type Resource,
} from "./operation.ts";
import { pageStyle } from "./page-style.ts";
import { limitsOf, type Markup, prose, typeOf } from "./page-text.ts";
import { failuresOf } from "./problems.ts";

/** `origin` is what the examples ask. */
export function renderPage(version: string, origin: string): string {
  const page = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mailproof: HTTP API</title>
<style>${raw(pageStyle)}</style>
<header>
  <h1>Mailproof <span>HTTP API ${version}</span></h1>
  <p><a href="openapi.json">openapi.json</a> <a href="../">Inbox</a></p>
</header>
<nav aria-label="Routes">${resources.map(contents)}
  <h2><a href="#schemas">Schemas</a></h2>
</nav>
<main>
  <section class="intro">${description.map((paragraph) => html`<p>${prose(paragraph)}</p>`)}</section>
  ${resources.map((resource) => section(resource, origin))}
  <section id="schemas"><h2>Schemas</h2>${Object.entries(componentSchemas()).map(schemaArticle)}</section>
</main>
</html>
`;
  return String(page);
}

function contents({ name, operations }: Resource): Markup {
  return html`
  <h2><a href="#${anchorOf(name)}">${name}</a></h2>
  <ul>${operations.map((operation) => html`<li><a href="#${operation.id}">${routeOf(operation)}</a></li>`)}</ul>`;
}

function section({ name, description, operations }: Resource, origin: string): Markup {
  return html`
  <section id="${anchorOf(name)}">
    <h2>${name}</h2>
    <p>${prose(description)}</p>
    ${operations.map((operation) => article(operation, origin))}
  </section>`;
}

function article(operation: Operation, origin: string): Markup {
  const { id, summary, description, parameters = [], body, replies } = operation;
  return html`
    <article id="${id}">
      <h3><a href="#${id}">${routeOf(operation)}</a></h3>
      <p>${prose(summary)} ${description === undefined ? "" : prose(description)}</p>
      <pre>${curlOf(operation, origin)}</pre>
      ${parametersOf(parameters)}
      ${body === undefined ? "" : bodyOf(body)}
      <h4>Replies</h4>
      <table>${replies.map(replyRow)}${failuresOf(operation).map(
        ({ name, when, schema }) => html`
        <tr class="problem"><th>${problemKinds[name][0]}<td><code>${name}</code> ${
          schema === undefined ? "" : typeOf(schema)
        }<td>${prose(when)}`,
      )}
      </table>
    </article>`;
}

/** Those that many routes share are folded, with their names in sight. */
function parametersOf(parameters: readonly Parameter[]): Markup | "" {
  if (parameters.length === 0) return "";
  const shared = parameters.filter(({ component }) => component !== undefined);
  const folded = shared.length > 3 ? shared : [];
  const own = parameters.filter((parameter) => !folded.includes(parameter));
  return html`
      <h4>Parameters</h4>
      ${own.length === 0 ? "" : parameterTable(own)}
      ${
        folded.length === 0
          ? ""
          : html`<details><summary>${folded.map(({ name }) => html`<code>${name}</code> `)}</summary>${parameterTable(folded)}</details>`
      }`;
}

function parameterTable(parameters: readonly Parameter[]): Markup {
  return html`<table>${parameters.map(({ name, in: where, schema, description }) => {
    const limits = limitsOf(schema);
    return html`
        <tr><th><code>${name}</code><td>${where === "query" ? "" : `${where}: `}${typeOf(schema)}<td>${prose(description)}${
          limits === "" ? "" : html` <small>${limits}</small>`
        }`;
  })}
      </table>`;
}

function bodyOf({ description, schema, example }: Body): Markup {
  return html`
      <h4>Body</h4>
      <p>${prose(description)} ${schema.properties === undefined ? typeOf(schema) : ""}</p>
      ${fieldsOf(schema)}
      <pre>${JSON.stringify(example, null, 2)}</pre>`;
}

function replyRow({ status, types, schema, description, example }: Reply): Markup {
  return html`
        <tr><th>${status}<td>${types.join(", ")}<td>${prose(description)} ${
          schema === undefined || schema.properties !== undefined ? "" : typeOf(schema)
        }${schema === undefined ? "" : fieldsOf(schema)}${
          example === undefined
            ? ""
            : html`<details><summary>Example</summary><pre>${JSON.stringify(example, null, 2)}</pre></details>`
        }`;
}

/** The fields of an object; what is none has none. */
function fieldsOf(schema: JsonSchema): Markup | "" {
  const { properties, required = [] } = schema;
  const fields = Object.entries((properties ?? {}) as Readonly<Record<string, JsonSchema>>);
  if (fields.length === 0) return "";
  return html`<table class="fields">${fields.map(([name, field]) => {
    const limits = limitsOf(field);
    const optional = (required as readonly string[]).includes(name) ? "" : "?";
    return html`
        <tr><th><code>${name}${optional}</code><td>${typeOf(field)}<td>${
          field.description === undefined ? "" : prose(String(field.description))
        }${limits === "" ? "" : html` <small>${limits}</small>`}`;
  })}
      </table>`;
}

/** Its fields; of a schema that is one of several objects, those of each. */
function formsOf(schema: JsonSchema): Markup | "" {
  const { properties, anyOf } = schema;
  if (properties !== undefined) return fieldsOf(schema);
  const forms: readonly JsonSchema[] = Array.isArray(anyOf) ? anyOf : [];
  const areObjects = forms.length > 0 && forms.every((form) => form.properties !== undefined);
  return areObjects ? html`${forms.map(fieldsOf)}` : html`<p>${typeOf(schema)}</p>`;
}

function schemaArticle([name, schema]: [string, JsonSchema]): Markup {
  const { description, properties, allOf } = schema;
  const [base, more = schema] = properties === undefined && Array.isArray(allOf) ? allOf : [];
  return html`
    <article id="schema-${name}">
      <h3><a href="#schema-${name}">${name}</a></h3>
      ${description === undefined ? "" : html`<p>${prose(String(description))}</p>`}
      ${base === undefined ? "" : html`<p>All of ${typeOf(base)}, and:</p>`}
      ${formsOf(more)}
    </article>`;
}

function routeOf(operation: Operation): Markup {
  const { method, path } = partRoute(operation);
  return html`<b class="${method.toLowerCase()}">${method}</b> ${path}`;
}

function anchorOf(name: string): string {
  return name.toLowerCase().replaceAll(" ", "-");
}
