import { pictureTypes } from "../view.ts";
import { fails, type Operation, place, type Resource, sends } from "./operation.ts";
import { query, trueOrFalse } from "./parameters.ts";

const etag = { etag: "Of the asset; with `If-None-Match` the reply is 304." };

function page(route: string, id: string, summary: string, types: readonly string[]): Operation {
  return {
    route,
    id,
    summary,
    lenient: true,
    replies: [sends(200, "It.", types, etag), sends(304, "It has not changed.", [], etag)],
  };
}

export const pages: Resource = {
  name: "Pages",
  description: "What is for browsers.",
  operations: [
    page("GET /", "getInboxPage", "The web inbox.", ["text/html"]),
    {
      ...page("GET /assets/{file}", "getAsset", "Script and style of the web inbox.", [
        "text/css",
        "text/javascript",
      ]),
      parameters: [place("file", "Its name.", "app.css")],
      failures: [fails("not-found", "There is no such asset.")],
    },
    {
      route: "GET /view/{id}/html",
      id: "viewMessage",
      summary: "The HTML of a message in its sandbox.",
      description: "No script runs, and nothing remote is loaded unless `remote` is given.",
      parameters: [
        place("id", "The id of a message.", "m1"),
        query("remote", "Whether pictures, styles, fonts and media may come from anywhere.", {
          ...trueOrFalse,
          default: "false",
        }),
      ],
      replies: [sends(200, "The document.", ["text/html"])],
      failures: [fails("not-found", "There is no such message, or no HTML in it.")],
    },
    {
      route: "GET /view/{id}/inline/{token}/{contentId}",
      id: "viewInlinePart",
      summary: "An inline picture of that view.",
      description: "Its address holds a secret in the place of a token, and is found in the view.",
      access: "secret",
      parameters: [
        place("id", "The id of a message.", "m1"),
        place("token", "The secret.", "00000000000000000000000000000000"),
        place("contentId", "The Content-ID.", "logo"),
      ],
      replies: [sends(200, "The picture.", pictureTypes)],
      failures: [fails("not-found", "There is no such message or picture, or the secret is wrong.")],
    },
  ],
};
